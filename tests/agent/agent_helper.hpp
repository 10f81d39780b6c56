// A small world for the agent's core: a config in memory, rows made of numbers, publications by topic.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/agent.hpp"
#include "common/json.hpp"

namespace coldwatch {

inline constexpr UtcTime kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} +
                               std::chrono::hours{12}};

inline SharedChannels channels_of(const std::vector<std::string>& names) {
  return std::make_shared<const Channels>(make_channels(names));
}

/// Rows of one stream; NaN is an invalid value.
inline RowBatch batch_of(const SharedChannels& channels,
                         const std::vector<std::pair<UtcTime, std::vector<double>>>& rows,
                         std::uint64_t first = 1) {
  RowBatch batch;
  batch.reset(channels);
  for (const auto& [time, values] : rows) {
    const auto slot = batch.add(first, time, {.offset = first * 100, .record = first});
    for (std::size_t i = 0; i < values.size(); ++i) {
      slot.values[i] = values[i];
      if (values[i] != values[i]) slot.quality[i] = Quality::kInvalid;
    }
    ++first;
  }
  return batch;
}

inline AgentConfig plain_config() {
  std::string error;
  AgentConfig config{.log = {.folder = "", .zone = *TimeZone::find("UTC", error)}};
  config.fridge = "triton1";
  return config;
}

inline constexpr const char* kWarmRule = R"json({"rules": [{"id": "warm", "channel": "MC T(K)",
    "high": {"at": 0.2, "severity": "critical", "text": "MC is warm"},
    "low": {"at": 0.1, "severity": "info", "text": "MC is cold again"}}]})json";

inline RuleEngine engine_of(const std::string& text) {
  Mistakes mistakes;
  const auto value = parse_settings(text, mistakes);
  RuleEngine engine = [&] {
    SettingsReader reader{value, "", mistakes};
    return RuleEngine::read(reader, "triton1", "", mistakes);
  }();
  EXPECT_TRUE(mistakes.empty()) << describe(mistakes, "rules");
  return engine;
}

/// An agent with one rule on "MC T(K)", fed row by row.
class World {
 public:
  explicit World(AgentState state = {.fridge = "triton1", .epoch = "e1"},
                 const std::string& rules = kWarmRule, AgentConfig config = plain_config())
      : agent(config, engine_of(rules), state) {}

  void row(UtcTime time, double value, UtcTime now) {
    const RowBatch batch = batch_of(channels, {{time, {value}}}, ++rows_);
    const std::string stream = "main";
    const std::string file = "log one.vcl";
    agent.on_row({stream, file, agent.view(stream, channels)}, batch[0], now, out);
  }
  void row(UtcTime time, double value) { row(time, value, time); }
  void message(const std::string& topic, const std::string& payload, UtcTime now = kNoon,
               bool retained = false) {
    agent.on_message({.topic = topic, .payload = payload, .retained = retained}, now, out);
  }

  /// Payloads of the state lane under `kind`, and forgets everything that was put out.
  std::vector<nlohmann::json> take(const std::string& kind) {
    std::vector<nlohmann::json> found;
    for (const auto* lane : {&out.state, &out.live}) {
      for (const Publication& one : *lane) {
        if (!one.topic.starts_with("coldwatch/lab/triton1/" + kind)) continue;
        found.push_back(parse_json_or_discard(one.payload));
      }
    }
    out = {};
    return found;
  }
  AgentState state() const {
    AgentState state;
    agent.save_into(state);
    return state;
  }

  const SharedChannels channels = channels_of({"MC T(K)"});
  Agent agent;
  Outgoing out;

 private:
  std::uint64_t rows_ = 0;
};

}  // namespace coldwatch
