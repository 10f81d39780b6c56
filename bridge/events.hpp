// What an event adds to what the alarms' states have shown already: notices, and alarms that came and
// went while nobody here could see them.
#pragma once

#include <optional>

#include "bridge/alarms/alarm.hpp"
#include "bridge/watch/fridge.hpp"

namespace coldwatch {

/// The event tells that an alarm began, changed or ended, so that it has a retained state as well.
bool is_transition(std::string_view type);

struct EventVerdict {
  bool fresh = false;                       // not taken before
  std::optional<NotificationItem> mention;  // to be told once
};

/// Takes `event` of `fridge`; `alarm` is the book's entry of its rule, null where there is none. An
/// episode that passed live between two states is mentioned if it lasted at least `shortest`.
EventVerdict take_event(Fridge& fridge, const EventMessage& event, const Alarm* alarm,
                        Milliseconds shortest);

/// An event that was taken before under another epoch, by an agent that has lost its state file: false
/// where this one has been passed in its epoch as well.
bool pass_event(Fridge& fridge, const EventMessage& event);

/// A state has shown `rule` active at `seq`: a beginning noted at the same seq is no news any more. True where one
/// was.
bool forget_beginning(Fridge& fridge, const std::string& rule, const AlarmMessage& state);

/// The mention of an event or of a live notice, as `intent`.
NotificationItem item_of(const AlarmKey& key, const EventMessage& event, Intent intent);

}  // namespace coldwatch
