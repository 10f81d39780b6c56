// A dilution refrigerator as a few numbers and the rates at which they change. The rates follow
// what public logs of a Triton show: a day from room temperature to 4 K, minutes from a lost pulse
// tube to a warm mixing chamber, two days until everything is warm again. Nothing here is random.
#pragma once

namespace coldwatch::simulator {

/// What the house and the operator do to the fridge.
struct Conditions {
  bool water = true;       // the chiller cools the compressor's water
  bool compressor = true;  // nobody has stopped the compressor
};

/// Names end in their unit.
struct FridgeState {
  double pt1_plate_K = 296;  // first stage of the pulse tube, 45 K when cold
  double pt2_plate_K = 296;  // second stage, 3 K when cold
  double still_K = 296;
  double cold_plate_K = 296;
  double mixing_chamber_K = 296;
  double condensed = 0;  // share of the mixture that is liquid and circulates, 0 to 1
  double water_in_C = 14.5;
  double water_out_C = 14.5;
  double helium_C = 24;  // gas of the compressor
  double oil_C = 24;
  bool compressor_on = false;
  double off_s = 1e6;  // since the compressor stopped
  double turbo_Hz = 0;
  double turbo_motor_C = 26;
};

/// Warm, the mixture in its tank, the compressor about to start.
FridgeState warm_fridge();

/// At base temperature, everything settled.
FridgeState cold_fridge();

/// The fridge `seconds` later; any length is cut into steps that the rates can follow.
FridgeState advance(FridgeState fridge, const Conditions& conditions, double seconds);

}  // namespace coldwatch::simulator
