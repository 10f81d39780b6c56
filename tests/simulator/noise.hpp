// Noise that is the same on every machine for the same seed, which the standard distributions are
// not.
#pragma once

#include <cstdint>
#include <random>

namespace coldwatch::simulator {

class Noise {
 public:
  explicit Noise(std::uint64_t seed) : engine_(seed) {}

  /// Evenly in [-1, 1).
  double even() { return static_cast<double>(engine_() >> 11U) * 0x1p-52 - 1; }

  /// Nearly normal, with a standard deviation of 1 and never beyond 6.
  double normal() {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += even();
    return sum / 2;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace coldwatch::simulator
