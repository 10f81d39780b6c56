#include "tests/simulator/fridge.hpp"

#include <algorithm>
#include <cmath>

namespace coldwatch::simulator {
namespace {

constexpr double kLongestStep_s = 5;
constexpr double kMinute_s = 60;
constexpr double kRoom_K = 296;
constexpr double kRoom_C = 23;

constexpr double kPt1Base_K = 44.7;
constexpr double kPt2Base_K = 3.12;
constexpr double kStillBase_K = 0.817;
constexpr double kColdPlateBase_K = 0.101;
constexpr double kMixingChamberBase_K = 0.0098;

constexpr double kChilledWater_C = 14.5;
constexpr double kWaterRise_K = 7.2;                // through a running compressor
constexpr double kUncooledRise_K_per_s = 2.2 / 60;  // of the loop, without its chiller
constexpr double kTripWater_C = 38;
constexpr double kRestartWater_C = 18;
constexpr double kShortestPause_s = 180;
constexpr double kTurboFull_Hz = 1000;

void relax(double& value, double target, double time_constant_s, double step_s) {
  value += (target - value) * -std::expm1(-step_s / time_constant_s);
}

void relax_log(double& value, double target, double time_constant_s, double step_s) {
  value *= std::exp(std::log(target / value) * -std::expm1(-step_s / time_constant_s));
}

// Heat capacity of copper, 1 at room temperature.
double copper(double t_K) {
  const double cube = t_K * t_K * t_K;
  return cube / (cube + 75.0 * 75.0 * 75.0);
}

void step_compressor(FridgeState& fridge, const Conditions& conditions, double step_s) {
  if (conditions.water) {
    relax(fridge.water_in_C, kChilledWater_C, 4 * kMinute_s, step_s);
  } else if (fridge.compressor_on) {
    fridge.water_in_C += kUncooledRise_K_per_s * step_s;
  } else {
    relax(fridge.water_in_C, kRoom_C, 90 * kMinute_s, step_s);
  }
  const double rise_K = fridge.compressor_on ? kWaterRise_K : 0;
  relax(fridge.water_out_C, fridge.water_in_C + rise_K, 20, step_s);
  const double hot_K = std::max(0.0, fridge.water_in_C - kChilledWater_C);
  relax(fridge.helium_C, fridge.compressor_on ? 65.2 + hot_K : kRoom_C, 10 * kMinute_s, step_s);
  relax(fridge.oil_C, fridge.compressor_on ? 35.5 + hot_K : kRoom_C, 15 * kMinute_s, step_s);

  if (fridge.compressor_on) {
    if (!conditions.compressor || fridge.water_out_C > kTripWater_C) {
      fridge.compressor_on = false;
      fridge.off_s = 0;
    }
  } else {
    fridge.off_s += step_s;
    const bool may_start = conditions.water && conditions.compressor;
    fridge.compressor_on =
        may_start && fridge.water_out_C < kRestartWater_C && fridge.off_s > kShortestPause_s;
  }
}

void step_pulse_tube(FridgeState& fridge, double step_s) {
  const double minutes = step_s / kMinute_s;
  double& first_K = fridge.pt1_plate_K;
  double& second_K = fridge.pt2_plate_K;
  if (fridge.compressor_on) {
    const double above_K = first_K - kPt1Base_K;
    first_K -= above_K * (0.0009 + 1.38e-5 * std::abs(above_K)) / copper(first_K) * minutes;
    const double fall_K = (0.12 + 8e-4 * second_K + 4.5e-6 * second_K * second_K) * minutes;
    second_K -= fall_K * std::clamp((second_K - kPt2Base_K) / 2.5, -1.0, 1.0);
  } else {
    first_K += 0.24 * (kRoom_K - first_K) / 250 / copper(first_K) * minutes;
    second_K += 0.75 * std::pow(4 / second_K, 0.75) * (kRoom_K - second_K) / kRoom_K * minutes;
  }
}

void step_mixture(FridgeState& fridge, double step_s) {
  const bool cold = fridge.compressor_on && fridge.pt2_plate_K < 4.6;
  if (!cold) {
    relax(fridge.condensed, 0, 8 * kMinute_s, step_s);
  } else if (fridge.condensed > 0 || fridge.mixing_chamber_K < 6) {
    fridge.condensed = std::min(1.0, fridge.condensed + step_s / (150 * kMinute_s));
  }
  const bool pumping = fridge.condensed > 0.02;
  relax(fridge.turbo_Hz, pumping && fridge.compressor_on ? kTurboFull_Hz : 0,
        (pumping ? 4 : 10) * kMinute_s, step_s);
  relax(fridge.turbo_motor_C, 26 + 22 * fridge.turbo_Hz / kTurboFull_Hz, 20 * kMinute_s, step_s);
}

// A stage with a share `needed` of the mixture is cooled by it; without, it follows the second
// stage of the pulse tube, the warmer the slower.
void step_stage(double& stage_K, double base_K, double needed, double lag,
                const FridgeState& fridge, double step_s) {
  if (fridge.condensed > needed) {
    relax_log(stage_K, base_K, 45 * kMinute_s * lag, step_s);
  } else if (stage_K < fridge.pt2_plate_K) {
    relax_log(stage_K, fridge.pt2_plate_K, 4 * kMinute_s * lag, step_s);
  } else {
    const double slowness = 20 + 240 * stage_K / (stage_K + 60);
    relax(stage_K, fridge.pt2_plate_K, slowness * kMinute_s * lag, step_s);
  }
}

}  // namespace

FridgeState warm_fridge() { return {}; }

FridgeState cold_fridge() {
  return {.pt1_plate_K = kPt1Base_K,
          .pt2_plate_K = kPt2Base_K,
          .still_K = kStillBase_K,
          .cold_plate_K = kColdPlateBase_K,
          .mixing_chamber_K = kMixingChamberBase_K,
          .condensed = 1,
          .water_in_C = kChilledWater_C,
          .water_out_C = kChilledWater_C + kWaterRise_K,
          .helium_C = 65.2,
          .oil_C = 35.5,
          .compressor_on = true,
          .off_s = 0,
          .turbo_Hz = kTurboFull_Hz,
          .turbo_motor_C = 48};
}

FridgeState advance(FridgeState fridge, const Conditions& conditions, double seconds) {
  while (seconds > 0) {
    const double step_s = std::min(seconds, kLongestStep_s);
    step_compressor(fridge, conditions, step_s);
    step_pulse_tube(fridge, step_s);
    step_mixture(fridge, step_s);
    step_stage(fridge.still_K, kStillBase_K, 0.12, 0.8, fridge, step_s);
    step_stage(fridge.cold_plate_K, kColdPlateBase_K, 0.2, 0.9, fridge, step_s);
    step_stage(fridge.mixing_chamber_K, kMixingChamberBase_K, 0.14, 1, fridge, step_s);
    seconds -= step_s;
  }
  return fridge;
}

}  // namespace coldwatch::simulator
