#include "agent/rules/baseline.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/json.hpp"

namespace coldwatch {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void Baseline::learn(UtcTime time, double value) {
  if (!samples_.empty() && time >= newest_ && time - newest_ < spacing_) return;
  newest_ = time;
  samples_.push_back(value);
  if (samples_.size() > kMostSamples) {
    if (spacing_ < kLastSpacing) {
      std::size_t kept = 0;
      for (std::size_t i = 0; i < samples_.size(); i += 2) samples_[kept++] = samples_[i];
      samples_.resize(kept);
      spacing_ *= 2;
    } else {
      samples_.erase(samples_.begin());
    }
  }
  update();
}

void Baseline::update() {
  median_ = kNaN;
  if (samples_.size() < kLeastSamples) return;
  std::vector<double> sorted = samples_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  median_ = *middle;
}

nlohmann::json Baseline::state() const {
  return {{"spacing", spacing_.count()},
          {"newest", newest_.time_since_epoch().count()},
          {"samples", samples_}};
}

void Baseline::restore(const nlohmann::json& state) {
  spacing_ = std::clamp(Milliseconds{state.at("spacing").get<std::int64_t>()}, kFirstSpacing,
                        kLastSpacing);
  newest_ = UtcTime{Milliseconds{state.at("newest").get<std::int64_t>()}};
  samples_ = state.at("samples").get<std::vector<double>>();
  samples_.resize(std::min(samples_.size(), kMostSamples));
  update();
}

void Baselines::learn(const std::string& channel, Phase phase, UtcTime time, double value) {
  const auto key = std::pair{channel, phase};
  auto found = baselines_.find(key);
  if (found == baselines_.end()) {
    if (baselines_.size() >= kMostBaselines) return;
    found = baselines_.emplace(key, Baseline{}).first;
  }
  found->second.learn(time, value);
}

double Baselines::median(const std::string& channel, Phase phase) const {
  const auto found = baselines_.find({channel, phase});
  return found == baselines_.end() ? kNaN : found->second.median();
}

std::size_t Baselines::reset(const std::string& channel) {
  return std::erase_if(baselines_, [&channel](const auto& one) {
    return channel.empty() || one.first.first == channel;
  });
}

nlohmann::json Baselines::medians(Phase phase, std::size_t most) const {
  nlohmann::json medians = nlohmann::json::object();
  for (const auto& [key, baseline] : baselines_) {
    if (key.second != phase || std::isnan(baseline.median()) || medians.size() >= most) continue;
    medians[key.first] = baseline.median();
  }
  return medians;
}

nlohmann::json Baselines::describe() const {
  nlohmann::json all = nlohmann::json::object();
  for (const auto& [key, baseline] : baselines_) {
    if (std::isnan(baseline.median())) continue;
    all[std::string{word(key.second)}][key.first] = {{"median", baseline.median()},
                                                     {"samples", baseline.samples()}};
  }
  return all;
}

nlohmann::json Baselines::state() const {
  nlohmann::json state = nlohmann::json::array();
  for (const auto& [key, baseline] : baselines_) {
    state.push_back({key.first, word(key.second), baseline.state()});
  }
  return state;
}

void Baselines::restore(const nlohmann::json& state) {
  baselines_.clear();
  for (const nlohmann::json& one : state) {
    const auto phase = parse_phase(one.at(1).get<std::string>());
    if (!phase || baselines_.size() >= kMostBaselines) continue;
    baselines_[{one.at(0).get<std::string>(), *phase}].restore(one.at(2));
  }
}

}  // namespace coldwatch
