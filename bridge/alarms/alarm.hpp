// One alarm as the bridge sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bridge/alarms/transition.hpp"
#include "bridge/notification.hpp"

namespace coldwatch {

/// All instants are of the bridge's clock, but `message` carries the agent's own.
struct Alarm {
  AlarmKey key;
  Standing standing = Standing::kNormal;
  AlarmMessage message;                       // the last one taken; its severity is the alarm's
  Severity first_severity = Severity::kInfo;  // at the beginning of the episode
  UtcTime raised_at{};                        // beginning of the episode
  UtcTime severity_at{};                      // since when it has the present severity
  UtcTime unacknowledged_at{};                // since when nobody has it in hand
  std::optional<UtcTime> ended_at;
  std::optional<UtcTime> end_by_agent;  // when it ended, by the agent's clock
  std::uint64_t episode = 0;            // counts up at each beginning
  std::uint64_t episode_seq = 0;        // of the message that it began with
  std::vector<std::uint64_t>
      shown;                   // seqs of the epoch at which it was seen active, the newest ones
  std::uint64_t realarms = 0;  // acknowledgements that ran out, or ended with their episode
  Name incident;               // that the present or last episode belongs to
  bool stale = false;          // its source is silent
  bool unread = false;         // has changed since those who follow the book have looked
  bool flapping = false;
  std::vector<UtcTime> activations;  // the newest ones, for flap detection
  std::uint64_t handled = 0;         // how often people said that they have it in hand, or not
  Name acknowledged_by;
  Name note;
  std::optional<UtcTime> acknowledged_until;

  bool active() const { return is_active(standing); }
  Severity severity() const { return message.severity; }
};

/// Nothing of it has to be known any more.
inline bool is_over(const Alarm& alarm) {
  return alarm.standing == Standing::kNormal && !alarm.flapping;
}

/// Rose to critical within its episode: what breaks through an inhibition.
inline bool rose_to_critical(const Alarm& alarm) {
  return alarm.severity() == Severity::kCritical && alarm.first_severity < Severity::kCritical;
}

}  // namespace coldwatch
