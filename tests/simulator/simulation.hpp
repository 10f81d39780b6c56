// A fridge, its scanner and its scenario together: one row after the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulator/scanner.hpp"
#include "tests/simulator/scenario.hpp"

namespace coldwatch::simulator {

struct SimulationSettings {
  UtcTime start{};                                   // time of the first row
  Milliseconds interval = std::chrono::seconds{60};  // between two rows
  double speed = 1;   // how many seconds the fridge lives in one second of its log
  bool warm = false;  // begin with the cool-down from room temperature
  std::uint64_t seed = 1;
  std::vector<ScenarioStep> scenario;  // in order of time
};

/// What the log program does at one tick of its interval.
struct LogStep {
  UtcTime time{};
  bool new_file = false;  // before the row
  std::string row;        // bytes; empty while the log is paused
  std::vector<Happening> happened;
};

class Simulation {
 public:
  explicit Simulation(SimulationSettings settings);

  LogStep next();

  const FridgeState& fridge() const { return fridge_; }

 private:
  void happen(Happening happening, LogStep& step);

  SimulationSettings settings_;
  FridgeState fridge_;
  Conditions conditions_;
  Scanner scanner_;
  Noise noise_;
  std::int64_t tick_ = 0;
  std::uint64_t line_ = 0;
  std::size_t next_step_ = 0;
  bool paused_ = false;
};

}  // namespace coldwatch::simulator
