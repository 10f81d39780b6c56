// The recent course of one value, thin enough to travel in every alarm message.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "common/messages.hpp"

namespace coldwatch {

class Trend {
 public:
  /// Points nearer in time than this to the one before are left out, so that the longest trend of a
  /// log with a row a second covers two hours as well.
  static constexpr Milliseconds kSpacing = std::chrono::seconds{59};

  /// A time before the newest point starts the trend anew: the clock was set back.
  void add(UtcTime time, double value);

  /// At most kLongestTrend points, oldest first; the newest value is always the last one.
  std::vector<TrendPoint> points() const;

  nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);

 private:
  struct Point {
    UtcTime time;
    double value;
  };
  std::vector<Point> ring_;  // of the spaced points, at most kLongestTrend - 1
  std::size_t oldest_ = 0;
  Point newest_{};
};

}  // namespace coldwatch
