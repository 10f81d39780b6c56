#include "bridge/notifiers/axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "bridge/notifiers/trend.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr int kMostTicks = 6;
constexpr double kLogarithmicFrom = 100;  // ratio of the largest value to the smallest
constexpr double kLimitMayEnlarge = 4;    // the range, before the limit is left out
constexpr double kRoom = 0.08;            // above and below the curve, of the range

/// The smallest of 1, 2, 5, 10, ... times a power of ten that gives at most `kMostTicks` steps.
double nice_step(double range) {
  const double rough = range / kMostTicks;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

void add_linear_ticks(Axis& axis) {
  const double step = nice_step(axis.most - axis.least);
  const auto first = std::ceil(axis.least / step);
  for (int i = 0; i <= 2 * kMostTicks; ++i) {
    const double at = (first + i) * step;
    if (at > axis.most) return;
    // A zero that rounding has made 1e-17.
    const double clean = std::abs(at) < step / 2 ? 0 : at;
    axis.ticks.push_back({clean, value_words(clean, "")});
  }
}

void add_decades(Axis& axis) {
  const int first = static_cast<int>(std::ceil(std::log10(axis.least)));
  const int last = static_cast<int>(std::floor(std::log10(axis.most)));
  const int step = std::max(1, (last - first) / kMostTicks + 1);
  for (int power = first; power <= last; power += step) {
    const double at = std::pow(10.0, power);
    axis.ticks.push_back({at, number_words(at, 2)});
  }
}

double seconds_of(UtcTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::string time_label(LocalTime local, bool with_date) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{local - day};
  std::array<char, 32> text;
  if (with_date) {
    std::snprintf(text.data(), text.size(), "%02u-%02u", static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
  } else {
    std::snprintf(text.data(), text.size(), "%02d:%02d", static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()));
  }
  return text.data();
}

Milliseconds time_step(double range_seconds) {
  using std::chrono::days;
  using std::chrono::hours;
  using std::chrono::minutes;
  constexpr Milliseconds kSteps[] = {minutes{1},  minutes{2}, minutes{5}, minutes{10}, minutes{15},
                                     minutes{30}, hours{1},   hours{2},   hours{3},    hours{6},
                                     hours{12},   days{1},    days{2},    days{7},     days{30}};
  for (const Milliseconds step : kSteps) {
    if (std::chrono::duration<double>(step).count() * kMostTicks >= range_seconds) return step;
  }
  return days{365};
}

}  // namespace

double Axis::place(double value) const {
  if (!logarithmic) return (value - least) / (most - least);
  if (!(value > 0)) return 0;
  return std::log(value / least) / std::log(most / least);
}

Axis value_axis(std::span<const TrendPoint> points, std::optional<double> limit) {
  Axis axis;
  const auto [low, high] =
      std::ranges::minmax(points, {}, [](const TrendPoint& point) { return point.second; });
  axis.least = low.second;
  axis.most = high.second;
  axis.logarithmic = axis.least > 0 && axis.most / axis.least > kLogarithmicFrom;
  const double range = axis.most - axis.least;
  if (limit && std::isfinite(*limit) && (!axis.logarithmic || *limit > 0)) {
    const double least = std::min(axis.least, *limit);
    const double most = std::max(axis.most, *limit);
    if (axis.logarithmic || most - least <= kLimitMayEnlarge * range || range == 0) {
      axis.least = least;
      axis.most = most;
    }
  }
  if (axis.logarithmic) {
    axis.least /= 1.5;
    axis.most *= 1.5;
    add_decades(axis);
    return axis;
  }
  const double size = std::max(std::abs(axis.least), std::abs(axis.most));
  const double flat = size > 0 ? size * 0.01 : 1;
  const double room =
      std::max((axis.most - axis.least) * kRoom, axis.most == axis.least ? flat : 0);
  axis.least -= room;
  axis.most += room;
  add_linear_ticks(axis);
  return axis;
}

std::string day_label(double seconds, const TimeZone& zone) {
  return time_label(zone.to_local(UtcTime{Milliseconds{std::llround(seconds * 1000)}}), true);
}

Axis time_axis(std::span<const TrendPoint> points, const TimeZone& zone) {
  Axis axis;
  const auto [first, last] =
      std::ranges::minmax(points, {}, [](const TrendPoint& point) { return point.first; });
  axis.least = first.first;
  axis.most = std::max(last.first, axis.least + 1);
  const Milliseconds step = time_step(axis.most - axis.least);
  const UtcTime begin{Milliseconds{std::llround(axis.least * 1000)}};
  const LocalTime local = zone.to_local(begin);
  const auto steps = local.time_since_epoch() / step + 1;
  for (int i = 0; i <= kMostTicks; ++i) {
    const LocalTime at{step * (steps + i)};
    const double seconds = seconds_of(zone.to_utc(at, begin));
    if (seconds > axis.most) break;
    axis.ticks.push_back({seconds, time_label(at, step >= std::chrono::days{1})});
  }
  return axis;
}

}  // namespace coldwatch
