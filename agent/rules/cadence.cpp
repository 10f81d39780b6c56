#include "agent/rules/cadence.hpp"

#include <algorithm>

#include "common/json.hpp"

namespace coldwatch {

void Cadence::on_row(UtcTime time) {
  const bool first = newest_ == UtcTime{};
  const Milliseconds interval = time - newest_;
  newest_ = time;
  if (first || interval <= Milliseconds{0}) return;
  if (intervals_.size() < kMostIntervals) {
    intervals_.push_back(interval);
    return;
  }
  intervals_[oldest_] = interval;
  oldest_ = (oldest_ + 1) % kMostIntervals;
}

std::optional<Milliseconds> Cadence::usual() const {
  if (intervals_.size() < kLeastIntervals) return std::nullopt;
  std::vector<Milliseconds> sorted = intervals_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  return *middle;
}

nlohmann::json Cadence::state() const {
  nlohmann::json intervals = nlohmann::json::array();
  for (std::size_t i = 0; i < intervals_.size(); ++i) {
    intervals.push_back(intervals_[(oldest_ + i) % intervals_.size()].count());
  }
  return {newest_.time_since_epoch().count(), std::move(intervals)};
}

void Cadence::restore(const nlohmann::json& state) {
  newest_ = UtcTime{Milliseconds{state.at(0).get<std::int64_t>()}};
  intervals_.clear();
  oldest_ = 0;
  for (const nlohmann::json& one : state.at(1)) {
    if (intervals_.size() < kMostIntervals) {
      intervals_.push_back(Milliseconds{one.get<std::int64_t>()});
    }
  }
}

}  // namespace coldwatch
