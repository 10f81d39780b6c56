// Resistance thermometers as a resistance bridge reports them, with the faults that logs show:
// clamped at the end of the calibration, overloaded below it.
#pragma once

#include <span>
#include <utility>

namespace coldwatch::simulator {

/// A calibration: pairs of temperature (K) and resistance (Ohm), ascending in temperature.
struct Sensor {
  std::span<const std::pair<double, double>> points;
  double lowest_K;
  double highest_K;
};

extern const Sensor kCernox;
extern const Sensor kRutheniumOxide;
extern const Sensor kPlatinum;

/// What the bridge logs for a sensor at `true_K`: the temperature is clamped to the calibration,
/// the resistance goes on beyond it.
struct SensorReading {
  double temperature_K = 0;
  double resistance_Ohm = 0;
};
SensorReading read_sensor(const Sensor& sensor, double true_K);

}  // namespace coldwatch::simulator
