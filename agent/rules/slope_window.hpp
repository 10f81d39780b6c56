// How fast a value changes: the median of the slopes between all pairs of recent points (Theil-Sen),
// which two bad samples cannot move. Measured on real logs in docs/rules.md.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "common/time.hpp"

namespace coldwatch {

class SlopeWindow {
 public:
  /// More points than this in a window are thinned out, which bounds memory and time.
  static constexpr int kMostPoints = 60;
  /// With fewer points, or points that cover less of the window than this, there is no slope.
  static constexpr int kLeastPoints = 5;
  static constexpr double kLeastCover = 0.8;

  explicit SlopeWindow(Milliseconds window) : window_(window) {}

  /// A time before the newest point empties the window: the clock was set back.
  void add(UtcTime time, double value);

  /// Change per minute; NaN while there is none. Worked out when it is asked for, which is not for
  /// every row.
  double per_minute() const {
    if (!per_minute_) per_minute_ = median_slope();
    return *per_minute_;
  }

  nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);

 private:
  struct Point {
    UtcTime time;
    double value;
  };
  double median_slope() const;

  Milliseconds window_;
  std::vector<Point> points_;                 // in order of time, at most kMostPoints + 1
  mutable std::optional<double> per_minute_;  // none: not worked out yet
};

}  // namespace coldwatch
