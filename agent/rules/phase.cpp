#include "agent/rules/phase.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "common/json.hpp"

namespace coldwatch {
namespace {

// Each limit has a way in and a way out, so that a value near it does not make the phase flap.
constexpr double kWarmAbove_K = 270;
constexpr double kWarmUntil_K = 250;
constexpr double kPlateColdBelow_K = 8;
constexpr double kPlateColdUntil_K = 12;
constexpr double kMixingBaseBelow_K = 0.1;
constexpr double kMixingBaseUntil_K = 0.2;
constexpr double kPlateBaseBelow_K = 6;  // of a fridge without a mixing chamber
constexpr double kHeaterOn_W = 1e-6;
constexpr double kRising_K_per_minute = 0.02;

std::int64_t count_of(UtcTime time) { return time.time_since_epoch().count(); }

UtcTime time_of(const nlohmann::json& count) {
  return UtcTime{Milliseconds{count.get<std::int64_t>()}};
}

bool is_cold(Phase phase) {
  return phase == Phase::kCondensing || phase == Phase::kBase || phase == Phase::kRamping;
}

}  // namespace

std::string_view word(Phase phase) { return kPhaseWords[static_cast<std::size_t>(phase)]; }

std::optional<Phase> parse_phase(std::string_view text) {
  const auto found = std::ranges::find(kPhaseWords, text);
  if (found == kPhaseWords.end()) return std::nullopt;
  return static_cast<Phase>(found - kPhaseWords.begin());
}

Phase PhaseModel::seen_on_the_way() const {
  const double slope = slope_.per_minute();
  if (slope > kRising_K_per_minute) return Phase::kWarming;
  if (slope < 0) return Phase::kCooling;
  return found_ == Phase::kWarming ? Phase::kWarming : Phase::kCooling;  // flat, or not known yet
}

Phase PhaseModel::seen(const StageFacts& facts) const {
  const double plate = std::isnan(facts.plate4k) ? facts.coldest : facts.plate4k;
  if (plate > (found_ == Phase::kWarm ? kWarmUntil_K : kWarmAbove_K)) return Phase::kWarm;
  const double plate_limit = is_cold(found_) ? kPlateColdUntil_K : kPlateColdBelow_K;
  if (!facts.dilution) {
    const bool cold = plate < (found_ == Phase::kBase ? plate_limit : kPlateBaseBelow_K);
    return cold ? Phase::kBase : seen_on_the_way();
  }
  if (plate > plate_limit) return seen_on_the_way();
  // Below its calibration, at its very coldest, a mixing chamber has no temperature to show.
  if (std::isnan(facts.mixing)) return is_cold(found_) ? found_ : Phase::kCondensing;
  const double base_limit = found_ == Phase::kBase ? kMixingBaseUntil_K : kMixingBaseBelow_K;
  if (facts.mixing < base_limit) return Phase::kBase;
  return facts.heater > kHeaterOn_W ? Phase::kRamping : Phase::kCondensing;
}

void PhaseModel::on_row(UtcTime time, const StageFacts& facts) {
  if (declared_ && time >= declared_->until) declared_.reset();
  if (std::isnan(facts.coldest) && std::isnan(facts.plate4k)) return;
  if (time - newest_ > kLongestGap) found_ = Phase::kUnknown;
  newest_ = time;
  slope_.add(time, std::isnan(facts.plate4k) ? facts.coldest : facts.plate4k);
  const Phase now = seen(facts);
  if (now != candidate_ || time < candidate_since_) {
    candidate_ = now;
    candidate_since_ = time;
  }
  if (found_ == Phase::kUnknown || (now != found_ && time - candidate_since_ >= kSettle)) {
    found_ = now;
    since_ = candidate_since_;
  }
  steady_ =
      !declared_ && now == found_ && time - since_ >= kSteady && time - candidate_since_ >= kSteady;
}

nlohmann::json PhaseModel::state() const {
  nlohmann::json state{{"slope", slope_.state()},
                       {"found", word(found_)},
                       {"since", count_of(since_)},
                       {"candidate", word(candidate_)},
                       {"candidate_since", count_of(candidate_since_)},
                       {"newest", count_of(newest_)},
                       {"steady", steady_}};
  if (declared_) state["declared"] = {word(declared_->phase), count_of(declared_->until)};
  return state;
}

void PhaseModel::restore(const nlohmann::json& state) {
  const auto phase_at = [](const nlohmann::json& text) {
    return parse_phase(text.get<std::string>()).value_or(Phase::kUnknown);
  };
  slope_.restore(state.at("slope"));
  found_ = phase_at(state.at("found"));
  since_ = time_of(state.at("since"));
  candidate_ = phase_at(state.at("candidate"));
  candidate_since_ = time_of(state.at("candidate_since"));
  newest_ = time_of(state.at("newest"));
  steady_ = state.at("steady").get<bool>();
  declared_.reset();
  if (state.contains("declared")) {
    declared_ = Declared{phase_at(state.at("declared").at(0)), time_of(state.at("declared").at(1))};
  }
}

}  // namespace coldwatch
