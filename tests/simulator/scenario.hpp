// What happens to the simulated fridge, and when.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/time.hpp"

namespace coldwatch::simulator {

enum class Happening {
  kWaterFailure,    // the chiller stops; the compressor trips minutes later by itself
  kCompressorTrip,  // the compressor stops although the water is cold
  kRecovery,        // water and compressor are back
  kScannerPark,     // the thermometers are no longer measured, the log repeats their readings
  kScannerResume,
  kLogPause,   // the control software stops logging; the fridge lives on
  kLogResume,  // ... and goes on in the same file
  kNewLog,     // logging is restarted: a new file
};

/// The words of the command line, in the order of the enumeration: "water_failure", ...
std::vector<std::string> happening_words();

struct ScenarioStep {
  Milliseconds at{};  // since the first row, by the log's clock
  Happening happening{};
  bool operator==(const ScenarioStep&) const = default;
};

/// Takes texts in pairs, a duration and a word: "60s" "water_failure" "200s" "recovery". In order
/// of time; nullopt, with a sentence in `error`, for anything else.
std::optional<std::vector<ScenarioStep>> parse_scenario(const std::vector<std::string>& texts,
                                                        std::string& error);

}  // namespace coldwatch::simulator
