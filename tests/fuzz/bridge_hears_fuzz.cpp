// Everything that a bridge subscribes to, with any payload, while the alarm of another fridge is active;
// then a restart with what it has stored.
// Input: pieces, each a byte that chooses the topic and whether it is retained, and a payload.
#include <array>
#include <string>

#include "common/json.hpp"
#include "tests/bridge/bridge_helper.hpp"
#include "tests/fuzz/pieces.hpp"
#include "tests/fuzz/require.hpp"

namespace coldwatch {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestRemark = 2000;
constexpr std::size_t kLongestTopic = 500;
constexpr std::string_view kDropped = "$SYS/broker/publish/messages/dropped";
constexpr std::array<std::string_view, 25> kTopics{"f1/alarm/hot",
                                                   "f1/alarm/cold",
                                                   "f1/event",
                                                   "f1/status",
                                                   "f1/health",
                                                   "f1/info",
                                                   "_bridge/main/event",
                                                   "_bridge/main/book/f1/hot",
                                                   "_bridge/main/cmd/ack",
                                                   "_bridge/main/cmd/unack",
                                                   "_bridge/main/cmd/shelve",
                                                   "_bridge/main/cmd/unshelve",
                                                   "_bridge/main/cmd/test",
                                                   "_bridge/main/cmd/reload",
                                                   "_bridge/main/cmd/none",
                                                   "_bridge/notified/f1/hot",
                                                   "_bridge/notified/honest/hot",
                                                   "_bridge/other/status",
                                                   "_bridge/other/info",
                                                   "_bridge/other/health",
                                                   "_bridge/other/book/honest/hot",
                                                   "_bridge/other/cmd/ack",
                                                   "_bridge/other/cmd/shelve",
                                                   "_bridge/other/shelves",
                                                   kDropped};

void check(Core& core) {
  for (const Publication& one : core.take_published()) {
    require(one.topic.find_first_of("+#") == std::string::npos, "topics have no wildcards");
    require(one.topic.size() <= kLongestTopic, "topics are short");
  }
  for (const std::string& remark : core.remarks) {
    require(remark.size() <= kLongestRemark, "remarks are short");
  }
  for (const Publication& one : core.confirmations) {
    require(nlohmann::json::accept(one.payload), "a confirmation is JSON");
  }
  for (const Notification& message : core.arrived) {
    require(nlohmann::json::accept(dump(to_json(message))), "a message is JSON");
  }
}

void require_honest_alarm(Core& core) {
  const Alarm* honest = core.bridge().book().find({"lab", "honest", "hot"});
  require(honest != nullptr && honest->active(), "nobody else ends an alarm");
}

void run(std::string_view input) {
  BridgeConfig config = config_with({"c"});
  config.home_assistant = "homeassistant";
  Core core{config};
  core.alarm("honest", "hot", alarm_message(Severity::kCritical, 1));
  for_each_piece(input, [&core](std::uint8_t choice, std::string_view payload) {
    const std::string_view topic = kTopics[choice % kTopics.size()];
    if (topic == kDropped) {
      core.bridge().on_message(topic, payload, false, core.now());
    } else {
      core.publish(std::string{topic}, std::string{payload}, choice / kTopics.size() % 2 == 1);
    }
    core.wait(1s);
  });
  core.wait(1h);
  check(core);
  require_honest_alarm(core);
  Core again{config, core.now(), core};
  require(again.remarks.empty(), "what was stored can be read");
  again.wait(1h);
  check(again);
  require_honest_alarm(again);
}

}  // namespace
}  // namespace coldwatch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coldwatch::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
