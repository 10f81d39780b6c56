// A small world for rules: an engine made of JSON, and rows made of numbers.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/rules/engine.hpp"
#include "common/json.hpp"

namespace coldwatch {

inline UtcTime at_second(double seconds) {
  return UtcTime{Milliseconds{static_cast<std::int64_t>(seconds * 1000)}};
}

/// The engine of a config text, with what is wrong in it.
struct ReadEngine {
  Mistakes mistakes;
  RuleEngine engine;

  explicit ReadEngine(const std::string& text, const std::string& library_folder = {})
      : engine(read(text, library_folder)) {}

 private:
  RuleEngine read(const std::string& text, const std::string& library_folder) {
    const auto value = parse_settings(text, mistakes);
    SettingsReader config{value, "", mistakes};
    return RuleEngine::read(config, "triton1", library_folder, mistakes);
  }
};

/// Feeds rows of one stream with fixed channels.
class Feed {
 public:
  Feed(RuleEngine& engine, std::vector<std::string> names, std::string stream = "main")
      : engine_(&engine), stream_(std::move(stream)) {
    Channels channels;
    for (const auto& name : names) channels.push_back({name, name, "K", "temperature"});
    channels_ = std::make_shared<const Channels>(std::move(channels));
  }
  Feed(RuleEngine& engine, Channels channels, std::string stream = "main")
      : engine_(&engine),
        stream_(std::move(stream)),
        channels_(std::make_shared<const Channels>(std::move(channels))) {}

  /// A row at `second`; NaN in `values` is an invalid value.
  std::vector<Transition> row(double second, const std::vector<double>& values) {
    std::vector<Quality> quality;
    for (const double value : values) {
      quality.push_back(value == value ? Quality::kGood : Quality::kInvalid);
    }
    return engine_->on_row(stream_, channels_, {0, at_second(second), {}, values, quality});
  }
  void use(RuleEngine& engine) { engine_ = &engine; }
  const SharedChannels& channels() const { return channels_; }

 private:
  RuleEngine* engine_;
  std::string stream_;
  SharedChannels channels_;
};

/// "raise pt_off: Pulse tube is off" for each transition, in order.
inline std::vector<std::string> told(const std::vector<Transition>& transitions) {
  std::vector<std::string> lines;
  for (const auto& one : transitions)
    lines.push_back(one.type + " " + one.rule + ": " + one.alarm.text);
  return lines;
}

}  // namespace coldwatch
