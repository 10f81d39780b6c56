// The one question of the bridge: is there a reason to tell this notifier something of this incident
// now? It compares what was told with what is true; nothing here waits for an edge.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "bridge/alarms/alarm.hpp"
#include "bridge/alarms/gates.hpp"
#include "bridge/alarms/incident.hpp"

namespace coldwatch {

struct ReconcileSettings {
  Milliseconds group_wait = std::chrono::seconds{10};
  Milliseconds critical_wait = std::chrono::seconds{2};
  Milliseconds update_interval = std::chrono::seconds{60};
  std::array<Milliseconds, 3> repeat{Milliseconds{0}, std::chrono::hours{4},
                                     std::chrono::hours{1}};  // by severity; 0 is never
  bool send_end = true;
};

/// One alarm of the incident, as this notifier has to see it.
struct Member {
  const Alarm* alarm = nullptr;
  bool active = false;  // within this incident, as the next two
  bool flapping = false;
  bool latched = false;  // over, and not acknowledged
  Gate gate;
  int step = 0;                        // of the escalation that brought it to this notifier
  bool routed = false;                 // this notifier is to hear of it, now ...
  std::optional<UtcTime> routed_from;  // ... or from then on, where nobody acknowledges
  bool covered = false;                // not worth a message of its own: another one says the same
};

/// One difference between told and true.
struct Planned {
  AlarmKey key;
  Intent intent = Intent::kOpen;
  std::optional<Told> after;  // what is told once it has arrived; none for an end
};

struct Plan {
  std::optional<UtcTime> due;       // when to send; none where there is nothing to say
  std::optional<UtcTime> check_at;  // when to ask again without any change before
  std::vector<Planned> items;       // the whole difference, in order of key
  std::vector<std::pair<AlarmKey, std::optional<Told>>>
      silent;  // changes of told without a message
};

Plan reconcile(const Conversation& conversation, std::span<const Member> members,
               const ReconcileSettings& settings, UtcTime now);

/// The reason to say something of one alarm, repeats apart: none where told is true.
std::optional<Intent> difference(const Member& member, const Told* told);

/// Was told as it flaps now, so that another turn is no news: where hundreds flap, such turns are thought
/// about together, after a pause.
bool is_told_to_flap(const Alarm& alarm, const Conversation& conversation);
inline constexpr Milliseconds kFlappingPause = std::chrono::seconds{1};

}  // namespace coldwatch
