#include "bridge/ask.hpp"

#include "common/json.hpp"
#include "common/topics.hpp"

namespace coldwatch {
namespace {

constexpr int kTurns = 100;
constexpr Milliseconds kTurn = std::chrono::milliseconds{100};

}  // namespace

std::string ask_bridge(const LoadedBridge& loaded, const std::string& verb, nlohmann::json payload,
                       const std::string& requester) {
  const BridgeConfig& config = loaded.config;
  const Topics topics{config.root, config.site};
  MqttSettings settings = loaded.broker;
  settings.client_id += "-" + requester;
  payload["requester"] = requester;
  const Publication command{.topic = topics.bridge(config.bridge, "cmd/" + verb),
                            .payload = dump(payload)};
  MqttSession session{settings, std::nullopt, {topics.bridge(config.bridge, "reply/" + requester)}};
  std::string trouble = "the broker does not answer";
  // The session wants a clock that only goes on; how late it is does not matter here.
  std::chrono::steady_clock::time_point time{};
  for (int turn = 0; turn < kTurns; ++turn, time += kTurn) {
    for (const MqttEvent& event : session.step(time)) {
      if (const auto* message = std::get_if<MqttMessage>(&event)) {
        std::string error;
        const auto answer = parse_payload(message->payload, error);
        session.close(std::nullopt);
        return answer ? answer->value("text", "") : "the answer " + error;
      }
      if (const auto* lost = std::get_if<MqttLost>(&event)) trouble = lost->why;
      if (std::holds_alternative<MqttConnected>(event)) {
        session.publish(command);
        trouble = "no answer from the bridge \"" + config.bridge + "\" within " +
                  duration_words(kTurn * kTurns) + ": does it run?";
      }
    }
    session.wait(kTurn);
  }
  throw SettingsError{trouble + "\n"};
}

}  // namespace coldwatch
