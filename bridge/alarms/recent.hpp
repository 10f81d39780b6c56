// How widely alarms have begun within the last minutes, for the question of a common cause: counted as
// they come and go, so that asking costs nothing in a storm.
#pragma once

#include <map>
#include <string>

#include "bridge/alarms/alarm.hpp"
#include "bridge/deadlines.hpp"

namespace coldwatch {

class RecentAlarms {
 public:
  /// Takes the present state of `alarm`: counted while it is active and began within kWindow.
  void note(const Alarm& alarm, UtcTime now);
  /// Forgets what began longer ago; before asking.
  void advance(UtcTime now);

  std::size_t fridges() const { return fridges_.size(); }
  std::size_t rules() const { return rules_.size(); }

  static constexpr Milliseconds kWindow = std::chrono::minutes{2};

 private:
  void forget(const AlarmKey& key);

  Deadlines<AlarmKey> ends_;            // of being counted, kWindow after the beginning
  std::map<std::string, int> fridges_;  // to the number of their alarms
  std::map<std::string, int> rules_;
};

}  // namespace coldwatch
