// A topic of the user's choice on the bridge's own broker: JSON as of `webhook`.

#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/payload.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

constexpr Budget kText{4096, Measure::kBytes};
constexpr std::size_t kLongestTopic = 1000;

class Mqtt final : public Notifier {
 public:
  Mqtt(NotifierBasics basics, std::string topic, bool retain)
      : Notifier(std::move(basics)), topic_(std::move(topic)), retain_(retain) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    const std::string text = lay_out(message, kPlainMarkup, kText, texts(), {.headline = true});
    Publication publication{
        .topic = topic_, .payload = dump(payload(notification, text, context)), .retain = retain_};
    return {{.name = "publish", .request = MqttPublication{std::move(publication)}}};
  }

  Judgement judge(const Reply& reply) const override {
    if (reply.failure.empty()) return {Outcome::kSent, "acknowledged by the broker", {}, {}};
    return {reply.failure_outcome, reply.failure, {}, {}};
  }

 private:
  std::string topic_;
  bool retain_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  std::string topic = entry.settings.required_text("topic");
  if (topic.find_first_of("+#\n\r") != topic.npos || topic.starts_with('$') ||
      topic.size() > kLongestTopic) {
    entry.settings.mistake("topic", "found \"" + topic + "\", expected a topic without wildcards");
  }
  const bool retain = entry.settings.flag("retain", false);
  return std::make_unique<Mqtt>(std::move(entry.basics), std::move(topic), retain);
}

}  // namespace

extern constinit const NotifierType kMqtt{
    .name = "mqtt",
    .limits = {.messages = 600, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
