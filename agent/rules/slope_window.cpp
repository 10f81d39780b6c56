#include "agent/rules/slope_window.hpp"

#include <algorithm>
#include <limits>

#include "common/json.hpp"

namespace coldwatch {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double minutes_between(UtcTime from, UtcTime to) {
  return std::chrono::duration<double, std::ratio<60>>(to - from).count();
}

}  // namespace

void SlopeWindow::add(UtcTime time, double value) {
  if (!points_.empty() && time < points_.back().time) points_.clear();
  if (!points_.empty() && time - points_.back().time < window_ / kMostPoints) return;
  const auto first_kept = std::ranges::find_if(
      points_, [this, time](const Point& point) { return time - point.time <= window_; });
  points_.erase(points_.begin(), first_kept);
  points_.push_back({time, value});
  per_minute_.reset();
}

double SlopeWindow::median_slope() const {
  if (points_.size() < kLeastPoints) return kNaN;
  const double cover = minutes_between(points_.front().time, points_.back().time);
  if (cover < kLeastCover * std::chrono::duration<double, std::ratio<60>>(window_).count()) {
    return kNaN;
  }
  std::vector<double> slopes;
  slopes.reserve(points_.size() * (points_.size() - 1) / 2);
  for (std::size_t i = 0; i < points_.size(); ++i) {
    for (std::size_t j = i + 1; j < points_.size(); ++j) {
      const double minutes = minutes_between(points_[i].time, points_[j].time);
      if (minutes > 0) slopes.push_back((points_[j].value - points_[i].value) / minutes);
    }
  }
  const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 2);
  std::ranges::nth_element(slopes, middle);
  return *middle;
}

nlohmann::json SlopeWindow::state() const {
  nlohmann::json state = nlohmann::json::array();
  for (const Point& point : points_) {
    state.push_back(point.time.time_since_epoch().count());
    state.push_back(point.value);
  }
  return state;
}

void SlopeWindow::restore(const nlohmann::json& state) {
  points_.clear();
  for (std::size_t i = 0; i + 1 < state.size() && points_.size() <= kMostPoints; i += 2) {
    points_.push_back(
        {UtcTime{Milliseconds{state.at(i).get<std::int64_t>()}}, state.at(i + 1).get<double>()});
  }
  per_minute_.reset();
}

}  // namespace coldwatch
