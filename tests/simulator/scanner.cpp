#include "tests/simulator/scanner.hpp"

#include <cmath>

namespace coldwatch::simulator {
namespace {

constexpr double kDwell_s = 14;
constexpr std::size_t kFitted = 8;  // the first channels have sensors
constexpr std::size_t kCernoxChannel = 4;

// Below this the operator switches the overloaded Cernox off; the ruthenium oxide takes over.
constexpr double kCernoxOff_K = 0.6;
constexpr double kCernoxOn_K = 2;

struct Fitting {
  const Sensor* sensor;
  double true_K;
  double noise;  // relative
};

Fitting fitting(std::size_t channel, const FridgeState& fridge) {
  switch (channel) {
    case 0:
      return {&kCernox, fridge.pt2_plate_K * 0.93, 0.004};
    case 1:
      return {&kCernox, fridge.pt2_plate_K, 0.003};
    case 2:
      return {&kRutheniumOxide, fridge.still_K, 0.001};
    case 3:
      return {&kRutheniumOxide, fridge.cold_plate_K, 0.002};
    case kCernoxChannel:
      return {&kCernox, fridge.mixing_chamber_K, 0.002};
    case 5:
      return {&kPlatinum, fridge.pt1_plate_K * 0.93, 0.0005};
    case 6:
      return {&kPlatinum, fridge.pt1_plate_K, 0.0005};
    default:
      return {&kRutheniumOxide, fridge.mixing_chamber_K, 0.003};
  }
}

}  // namespace

void Scanner::measure(std::size_t channel, const FridgeState& fridge, double at_s, Noise& noise) {
  if (channel == kCernoxChannel) {
    const bool was_on = cernox_on_;
    cernox_on_ = fridge.mixing_chamber_K > (was_on ? kCernoxOff_K : kCernoxOn_K);
    if (was_on && !cernox_on_ && triples_[channel].time_s > 0) {
      triples_[channel].reading = {.temperature_K = 321.1145, .resistance_Ohm = 0};
    }
    if (!cernox_on_) return;
  }
  const Fitting at = fitting(channel, fridge);
  triples_[channel] = {
      .time_s = std::floor(at_s),
      .reading = read_sensor(*at.sensor, at.true_K * (1 + at.noise * noise.normal()))};
}

void Scanner::advance(const FridgeState& fridge, double seconds, double now_s, double log_seconds,
                      Noise& noise) {
  waited_s_ += seconds;
  const double log_seconds_each = seconds > 0 ? log_seconds / seconds : 0;
  while (waited_s_ >= kDwell_s) {
    waited_s_ -= kDwell_s;
    if (!parked_) measure(next_, fridge, now_s - waited_s_ * log_seconds_each, noise);
    next_ = (next_ + 1) % kFitted;
  }
}

void Scanner::forget() { triples_ = {}; }

}  // namespace coldwatch::simulator
