// Where a fridge is in its life. Derived from the stage temperatures and the heater, with hysteresis,
// or declared by a person for a while. Rules use it in `when`: phase == "base".
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "agent/rules/slope_window.hpp"
#include "common/time.hpp"

namespace coldwatch {

enum class Phase : std::uint8_t {
  kUnknown,      // no thermometer has said anything yet
  kWarm,         // every stage near room temperature
  kCooling,      // on the way down, before the mixture condenses
  kCondensing,   // 4 K stage cold, the coldest stage still on its way to base
  kBase,         // the coldest stage is where it works
  kRamping,      // cold, with the sample heater on
  kWarming,      // on the way up, found or declared
  kMaintenance,  // declared only: people are at the fridge
};

inline constexpr std::array<std::string_view, 8> kPhaseWords{
    "unknown", "warm", "cooling", "condensing", "base", "ramping", "warming", "maintenance"};

std::string_view word(Phase phase);
std::optional<Phase> parse_phase(std::string_view text);

/// What one row says about the stages; NaN where it says nothing. Temperatures in kelvin.
struct StageFacts {
  double coldest;  // of all good thermometers
  bool dilution;   // is there a mixing chamber?
  double mixing;   // its temperature
  double plate4k;  // the pulse tube's second stage
  double heater;   // the sample heater in watts
};

class PhaseModel {
 public:
  /// A new phase must have been seen for this long before it replaces the old one.
  static constexpr Milliseconds kSettle = std::chrono::minutes{10};
  /// A phase that has lasted this long is steady: baselines are learned.
  static constexpr Milliseconds kSteady = std::chrono::minutes{60};
  /// After a gap longer than this in what is known, the phase is found anew.
  static constexpr Milliseconds kLongestGap = std::chrono::hours{2};
  static constexpr Milliseconds kLongestDeclaration = std::chrono::hours{24 * 60};

  /// One row's facts. The phase found first counts at once.
  void on_row(UtcTime time, const StageFacts& facts);

  /// A person says what is going on, until `until` in row time at the latest.
  void declare(Phase phase, UtcTime until) { declared_ = Declared{phase, until}; }
  void end_declaration() { declared_.reset(); }

  Phase phase() const { return declared_ ? declared_->phase : found_; }
  bool declared() const { return declared_.has_value(); }
  std::optional<UtcTime> declared_until() const {
    return declared_ ? std::optional{declared_->until} : std::nullopt;
  }
  UtcTime since() const { return since_; }
  bool steady() const { return steady_; }

  nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);

 private:
  struct Declared {
    Phase phase;
    UtcTime until;
  };
  Phase seen(const StageFacts& facts) const;
  Phase seen_on_the_way() const;

  SlopeWindow slope_{kSettle};  // of the stage that shows the direction
  Phase found_ = Phase::kUnknown;
  UtcTime since_{};
  Phase candidate_ = Phase::kUnknown;
  UtcTime candidate_since_{};
  UtcTime newest_{};  // row that said something
  bool steady_ = false;
  std::optional<Declared> declared_;
};

}  // namespace coldwatch
