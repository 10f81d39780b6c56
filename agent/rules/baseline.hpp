// What is usual for a channel of this very fridge in one phase: a running median, learned only while
// the phase is steady and no rule is active. Two healthy fridges differ by a factor of two in their
// condense pressure, so that fixed limits cannot serve both.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "agent/rules/phase.hpp"

namespace coldwatch {

/// The median of samples that first stand 10 minutes apart and, as they become many, further and
/// further, until they cover the last eight days: long enough that a trap which blocks over days does
/// not become the usual.
class Baseline {
 public:
  static constexpr std::size_t kMostSamples = 144;
  static constexpr std::size_t kLeastSamples = 12;
  static constexpr Milliseconds kFirstSpacing = std::chrono::minutes{10};
  static constexpr Milliseconds kLastSpacing = std::chrono::minutes{80};

  void learn(UtcTime time, double value);
  /// NaN before kLeastSamples.
  double median() const { return median_; }
  std::size_t samples() const { return samples_.size(); }

  nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);

 private:
  void update();

  Milliseconds spacing_ = kFirstSpacing;
  UtcTime newest_{};
  std::vector<double> samples_;  // oldest first
  double median_ = std::numeric_limits<double>::quiet_NaN();
};

/// The baselines of one fridge, by channel key and phase.
class Baselines {
 public:
  static constexpr std::size_t kMostBaselines = 1000;

  void learn(const std::string& channel, Phase phase, UtcTime time, double value);
  /// NaN where too little was learned.
  double median(const std::string& channel, Phase phase) const;
  /// Forgets one channel, or all with an empty name; how many there were.
  std::size_t reset(const std::string& channel);

  /// {"Flow": 0.41}: the medians of one phase that are known, at most `most`, for health.
  nlohmann::json medians(Phase phase, std::size_t most) const;

  /// {"base": {"Flow": {"median": 0.41, "samples": 144}}}, for people.
  nlohmann::json describe() const;
  nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);

 private:
  std::map<std::pair<std::string, Phase>, Baseline> baselines_;
};

}  // namespace coldwatch
