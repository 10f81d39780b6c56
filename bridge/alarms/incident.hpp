// An incident is what becomes one message: the alarms of one rule or cause, across fridges. A
// conversation is what one notifier was told of one incident.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridge/notification.hpp"

namespace coldwatch {

struct Incident {
  std::string id;     // ULID
  std::string group;  // what its members have in common, from grouping.by
  UtcTime began{};
  std::optional<UtcTime> ended_at;  // when its last member ended; none while one is active
  std::set<AlarmKey> members;       // everyone that ever was
  std::set<AlarmKey> active;
};

enum class Shown {
  kNothing,  // an attempt was made that did not arrive
  kActive,
  kFlapping,
  kReturned,  // told to be back to normal and not acknowledged
  kInDoubt,   // two bridges that could not hear each other have told different things
};

/// What a notifier was last told of one alarm. Erased once it is over and its end was told.
struct Told {
  Shown shown = Shown::kNothing;
  Severity severity = Severity::kInfo;
  std::uint64_t realarms = 0;
  std::uint64_t episode = 0;  // 0 where an older version has stored it
  bool stale = false;
  bool muted = false;  // a gate has held something back since
  bool operator==(const Told&) const = default;
};

/// Something to mention once: a notice, or an alarm that came and went unseen.
struct Line {
  NotificationItem item;
  UtcTime at{};
  int count = 1;  // how often, where the same happened again before it was told
};

struct Conversation {
  std::string incident;
  std::string notifier;
  std::map<AlarmKey, Told> told;
  std::vector<Line> lines;
  int number = 0;      // messages that have arrived
  std::string title;   // of the first one
  std::string thread;  // what the service calls the first one
  std::optional<UtcTime> last_sent;
  std::optional<UtcTime> last_loud;  // the last one that was not quiet

  /// At least one member is told to be active or flapping.
  bool open() const;
};

}  // namespace coldwatch
