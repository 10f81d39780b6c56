// The resistance bridge behind the triples `t(s)`, `T(K)`, `R(Ohm)` of a VeriCold log: it measures
// one channel after the other, so that every row holds readings of different age.
#pragma once

#include <array>
#include <string_view>

#include "tests/simulator/fridge.hpp"
#include "tests/simulator/noise.hpp"
#include "tests/simulator/sensors.hpp"

namespace coldwatch::simulator {

/// The channels in the order of the log. Those named "chan[n]" have no sensor and stay zero.
inline constexpr std::array<std::string_view, 13> kScannerChannels{
    "PT2 Head", "PT2 Plate", "Still Plate",   "100mK Plate", "MC Plate Cernox",
    "PT1 Head", "PT1 Plate", "MC Plate RuO2", "chan[8]",     "chan[9]",
    "chan[10]", "chan[11]",  "chan[12]"};

/// What the log has of one channel; all zero while it was not measured since the log began.
struct Triple {
  double time_s = 0;  // unix time of the measurement, whole seconds
  SensorReading reading;
};

class Scanner {
 public:
  /// Measures the channels that are due in the next `seconds` of the fridge's life; `now_s` is the
  /// unix time that the log has at the end of them, and `log_seconds` how far its clock moved.
  void advance(const FridgeState& fridge, double seconds, double now_s, double log_seconds,
               Noise& noise);

  /// A parked scanner measures nothing, and the log repeats the readings that it has.
  void park(bool parked) { parked_ = parked; }

  /// As after the start of a new log: no channel has been measured.
  void forget();

  const std::array<Triple, kScannerChannels.size()>& triples() const { return triples_; }

 private:
  void measure(std::size_t channel, const FridgeState& fridge, double at_s, Noise& noise);

  std::array<Triple, kScannerChannels.size()> triples_{};
  std::size_t next_ = 0;
  double waited_s_ = 0;
  bool parked_ = false;
  bool cernox_on_ = true;
};

}  // namespace coldwatch::simulator
