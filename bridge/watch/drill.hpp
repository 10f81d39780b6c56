// The regular drill: an event as an agent sends it, that goes through the broker and from there through
// every notifier. Pure: says when to begin one, and whether one is missing.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "bridge/config.hpp"

namespace coldwatch {

/// The rule that its event names; it is how its arrival is recognised.
inline const std::string kDrillRule = "drill";

class Drill {
 public:
  void configure(DrillSettings settings) { settings_ = settings; }

  /// Begins a drill where one is due; true once for each. The first one is due `every` after the
  /// first call that this bridge has ever made. What is no longer among `notifiers` is not missed.
  bool begin_if_due(UtcTime now, const std::set<std::string>& notifiers);
  /// A test message has arrived through `notifier`; the duration of the whole drill, in words, once
  /// it was the last one.
  std::optional<std::string> arrived(const std::string& notifier, UtcTime now);

  /// A sentence about what is missing, where a drill is late; "" where none is.
  std::string missing(UtcTime now) const;

  /// What a restart must not lose, as JSON text, and back; a text that is none is ignored.
  std::string state() const;
  void restore(std::string_view state);

 private:
  DrillSettings settings_;
  std::optional<UtcTime> last_;             // when one was begun
  std::map<std::string, UtcTime> waiting_;  // by notifier: the first drill that has not arrived
};

}  // namespace coldwatch
