#include "bridge/notifiers/trend.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr double kWindowSeconds = 600;
constexpr std::size_t kLeastPoints = 5;
// A change below this share of the value is what any sensor does on its own.
constexpr double kLeastRelativeChange = 0.002;
constexpr double kLeastChangeInNoise = 3;

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<TrendPoint> recent(std::span<const TrendPoint> trend) {
  std::vector<TrendPoint> points;
  for (const TrendPoint& point : trend.last(std::min(trend.size(), kLongestTrend))) {
    const bool finite = std::isfinite(point.first) && std::isfinite(point.second);
    if (finite && point.first >= trend.back().first - kWindowSeconds) points.push_back(point);
  }
  return points;
}

}  // namespace

std::optional<double> trend_slope(std::span<const TrendPoint> trend) {
  if (trend.empty()) return std::nullopt;
  const auto points = recent(trend);
  if (points.size() < kLeastPoints) return std::nullopt;
  std::vector<double> slopes;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double seconds = points[j].first - points[i].first;
      if (seconds > 0) slopes.push_back((points[j].second - points[i].second) / seconds);
    }
  }
  if (slopes.empty()) return std::nullopt;
  const double slope = median(slopes);

  std::vector<double> offsets;
  for (const auto& [seconds, value] : points) offsets.push_back(value - slope * seconds);
  const double offset = median(offsets);
  for (double& one : offsets) one = std::abs(one - offset);
  const double change = std::abs(slope) * (points.back().first - points.front().first);
  const double noise = kLeastChangeInNoise * median(offsets);
  const double least = kLeastRelativeChange * std::abs(points.back().second);
  return change > std::max(noise, least) ? slope : 0.0;
}

std::string value_words(double value, const std::string& unit) {
  constexpr double kPlainFrom = 1e4;
  constexpr double kPlainBelow = 1e6;
  const double size = std::abs(value);
  const int digits = size >= kPlainFrom && size < kPlainBelow ? 6 : 4;
  std::string words = number_words(value, digits);
  return unit.empty() ? words : words + " " + unit_sign(unit);
}

std::string unit_sign(std::string_view unit) {
  constexpr std::pair<std::string_view, std::string_view> kSigns[] = {
      {"C", "°C"},      {"degC", "°C"},       {"deg C", "°C"}, {"Celsius", "°C"},
      {"degF", "°F"},   {"Fahrenheit", "°F"}, {"Ohm", "Ω"},    {"ohm", "Ω"},
      {"Ohms", "Ω"},    {"ohms", "Ω"},        {"kOhm", "kΩ"},  {"kohm", "kΩ"},
      {"uK", "µK"},     {"uW", "µW"},         {"uA", "µA"},    {"uV", "µV"},
      {"ubar", "µbar"}, {"umol/s", "µmol/s"}};
  for (const auto& [name, sign] : kSigns) {
    if (unit == name) return std::string{sign};
  }
  return std::string{unit};
}

std::string trend_words(std::span<const TrendPoint> trend, const std::string& unit,
                        const Texts& texts) {
  constexpr double kSlowPerMinute = 0.001;  // of the value: better told per hour
  constexpr int kRateDigits = 2;
  const auto slope = trend_slope(trend);
  if (!slope) return {};
  if (*slope == 0) return texts("trend.steady");
  const double per_minute = std::abs(*slope) * 60;
  const bool slow = per_minute < kSlowPerMinute * std::abs(trend.back().second);
  std::string rate = number_words(slow ? per_minute * 60 : per_minute, kRateDigits);
  if (!unit.empty()) rate += " " + unit_sign(unit);
  return texts(*slope > 0 ? "trend.rising" : "trend.falling",
               {{"rate", texts(slow ? "rate.hour" : "rate.minute", {{"value", rate}})}});
}

}  // namespace coldwatch
