#include "agent/rules/trend.hpp"

#include "common/json.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kMostSpaced = kLongestTrend - 1;

double unix_seconds(UtcTime time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

}  // namespace

void Trend::add(UtcTime time, double value) {
  if (!ring_.empty() && time < newest_.time) {
    ring_.clear();
    oldest_ = 0;
  }
  newest_ = {time, value};
  if (ring_.size() < kMostSpaced) {
    if (ring_.empty() || time - ring_.back().time >= kSpacing) ring_.push_back(newest_);
    return;
  }
  const Point& last = ring_[(oldest_ + kMostSpaced - 1) % kMostSpaced];
  if (time - last.time < kSpacing) return;
  ring_[oldest_] = newest_;
  oldest_ = (oldest_ + 1) % kMostSpaced;
}

std::vector<TrendPoint> Trend::points() const {
  std::vector<TrendPoint> points;
  points.reserve(ring_.size() + 1);
  for (std::size_t i = 0; i < ring_.size(); ++i) {
    const Point& point = ring_[(oldest_ + i) % ring_.size()];
    points.emplace_back(unix_seconds(point.time), point.value);
  }
  if (!points.empty() && points.back().first != unix_seconds(newest_.time)) {
    points.emplace_back(unix_seconds(newest_.time), newest_.value);
  }
  return points;
}

nlohmann::json Trend::state() const {
  nlohmann::json state = nlohmann::json::array();
  if (ring_.empty()) return state;
  const auto put = [&state](const Point& point) {
    state.push_back(point.time.time_since_epoch().count());
    state.push_back(point.value);
  };
  put(newest_);
  for (std::size_t i = 0; i < ring_.size(); ++i) put(ring_[(oldest_ + i) % ring_.size()]);
  return state;
}

void Trend::restore(const nlohmann::json& state) {
  ring_.clear();
  oldest_ = 0;
  for (std::size_t i = 0; i + 1 < state.size() && ring_.size() < kMostSpaced; i += 2) {
    const Point point{UtcTime{Milliseconds{state.at(i).get<std::int64_t>()}},
                      state.at(i + 1).get<double>()};
    if (i == 0) {
      newest_ = point;
    } else {
      ring_.push_back(point);
    }
  }
}

}  // namespace coldwatch
