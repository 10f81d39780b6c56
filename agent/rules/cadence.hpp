// How often each stream of the log usually gets a row: learned, because one file is written every ten
// seconds and its neighbour every quarter of an hour.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/time.hpp"

namespace coldwatch {

class Cadence {
 public:
  static constexpr std::size_t kMostIntervals = 15;
  static constexpr std::size_t kLeastIntervals = 3;

  /// Rows at one instant, and times that go back, are no interval.
  void on_row(UtcTime time);
  /// The median of the newest intervals, which one hang of the logging program does not move; nullopt
  /// before kLeastIntervals.
  std::optional<Milliseconds> usual() const;
  UtcTime newest() const { return newest_; }

  nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);

 private:
  UtcTime newest_{};
  std::vector<Milliseconds> intervals_;  // a ring
  std::size_t oldest_ = 0;
};

/// By stream.
using Cadences = std::map<std::string, Cadence>;

}  // namespace coldwatch
