// The regular drill: a test message that goes through the broker and through every notifier, as an
// alarm would. Pure: says when to begin one, and whether one is missing.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "bridge/config.hpp"

namespace coldwatch {

/// Who asks for the test message; it is how its arrival is recognised.
inline const std::string kDrillName = "the regular drill";

class Drill {
 public:
  void configure(DrillSettings settings) { settings_ = settings; }

  /// Begins a drill where one is due; true once for each. The first one is due `every` after the
  /// first call that this bridge has ever made.
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
  std::optional<UtcTime> last_;    // when one was begun
  std::set<std::string> waiting_;  // notifiers that have not delivered it yet
};

}  // namespace coldwatch
