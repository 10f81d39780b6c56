#include "tests/simulator/scenario.hpp"

#include <algorithm>

namespace coldwatch::simulator {

std::vector<std::string> happening_words() {
  return {"water_failure",  "compressor_trip", "recovery",   "scanner_park",
          "scanner_resume", "log_pause",       "log_resume", "new_log"};
}

std::optional<std::vector<ScenarioStep>> parse_scenario(const std::vector<std::string>& texts,
                                                        std::string& error) {
  const std::vector<std::string> words = happening_words();
  std::vector<ScenarioStep> steps;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
    const auto at = parse_duration(texts[i]);
    if (!at) {
      error = "'" + texts[i] + "' is no duration such as 90s, 5m or 2h";
      return std::nullopt;
    }
    const auto word = std::find(words.begin(), words.end(), texts[i + 1]);
    if (word == words.end()) {
      error = "'" + texts[i + 1] + "' is none of the happenings:";
      for (const std::string& known : words) error += " " + known;
      return std::nullopt;
    }
    steps.push_back({*at, static_cast<Happening>(word - words.begin())});
  }
  if (texts.size() % 2 != 0) {
    error = "'" + texts.back() + "' stands alone, expected a duration and a happening";
    return std::nullopt;
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const ScenarioStep& a, const ScenarioStep& b) { return a.at < b.at; });
  return steps;
}

}  // namespace coldwatch::simulator
