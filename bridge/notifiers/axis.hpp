// Where the ticks of a plot stand, and what is written at them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/messages.hpp"
#include "common/time_zone.hpp"

namespace coldwatch {

struct Tick {
  double at = 0;
  std::string label;
  bool operator==(const Tick&) const = default;
};

struct Axis {
  double least = 0;
  double most = 1;
  bool logarithmic = false;
  std::vector<Tick> ticks;

  /// Where `value` lies between the ends: 0 to 1, beyond them where it is outside.
  double place(double value) const;
};

/// Values: with room above and below, from 1-2-5 steps; logarithmic where positive values span more
/// than two decades. `limit` is within the axis unless it would flatten the curve.
Axis value_axis(std::span<const TrendPoint> points, std::optional<double> limit);

/// "11-22": month and day on the wall of `zone` at this unix time.
std::string day_label(double seconds, const TimeZone& zone);

/// Times of the wall clock of `zone`, on round minutes, hours or days.
Axis time_axis(std::span<const TrendPoint> points, const TimeZone& zone);

}  // namespace coldwatch
