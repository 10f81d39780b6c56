// Everything that an agent subscribes to, with any payload, while one of its alarms is active.
// Input: pieces, each a byte that chooses the topic and whether it is retained, and a payload.
#include <array>
#include <string>
#include <vector>

#include "agent/agent.hpp"
#include "common/json.hpp"
#include "tests/fuzz/pieces.hpp"
#include "tests/fuzz/require.hpp"

namespace coldwatch {
namespace {

constexpr UtcTime kNow{std::chrono::hours{500'000}};
constexpr Milliseconds kBetween = std::chrono::seconds{7};  // longer than commands rest
constexpr std::size_t kLongestPayload = 64 * 1024;
constexpr std::array<const char*, 9> kTopics{
    "f1/cmd/announce",  "f1/cmd/replay", "f1/cmd/snapshot",
    "f1/cmd/test",      "f1/cmd/reload", "f1/cmd/declare",
    "f1/cmd/baselines", "f1/cmd/none",   "_bridge/confirmed/f1"};
constexpr const char* kRules = R"json({"rules": [{"id": "warm", "channel": "T",
    "high": {"at": 2, "severity": "critical", "text": "warm"}, "low": {"at": 1, "severity": "info",
    "text": "cold"}}]})json";

RuleEngine rules() {
  Mistakes mistakes;
  const auto parsed = parse_settings(kRules, mistakes);
  SettingsReader reader{parsed, "", mistakes};
  return RuleEngine::read(reader, "f1", "", mistakes);
}

AgentConfig config() {
  std::string error;
  AgentConfig config{.log = {.folder = "", .zone = *TimeZone::find("UTC", error)}};
  config.fridge = "f1";
  return config;
}

void live_through_a_row(Agent& agent, Outgoing& out) {
  const std::vector<std::string> names{"T"};
  const auto channels = std::make_shared<const Channels>(make_channels(names));
  RowBatch batch;
  batch.reset(channels);
  batch.add(1, kNow, {.offset = 100, .record = 1}).values[0] = 5;
  const std::string stream = "main", file = "log";
  agent.on_row({stream, file, agent.view(stream, channels)}, batch[0], kNow, out);
  agent.settle(out);
}

void check(const std::vector<Publication>& publications) {
  for (const Publication& one : publications) {
    require(one.topic.find_first_of("+#") == std::string::npos, "topics have no wildcards");
    require(one.payload.size() <= kLongestPayload, "payloads are bounded");
    require(one.topic.ends_with("/status") || nlohmann::json::accept(one.payload), "it is JSON");
  }
}

void run(std::string_view input) {
  Agent agent{config(), rules(), {.fridge = "f1", .epoch = "e1"}};
  Outgoing out;
  live_through_a_row(agent, out);
  require(agent.active_alarms().size() == 1, "the alarm is there");
  UtcTime now = kNow;
  for_each_piece(input, [&](std::uint8_t choice, std::string_view payload) {
    const std::string topic = std::string{"coldwatch/lab/"} + kTopics[choice % kTopics.size()];
    const bool retained = choice / kTopics.size() % 8 == 7;
    now += kBetween;
    agent.on_message({.topic = topic, .payload = std::string{payload}, .retained = retained}, now,
                     out);
    agent.on_tick(now, {}, out);
  });
  check(out.state);
  check(out.live);
  check(agent.announcement());
  require(agent.active_alarms().size() == 1, "no message ends an alarm");
  AgentState state;
  agent.save_into(state);
}

}  // namespace
}  // namespace coldwatch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coldwatch::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
