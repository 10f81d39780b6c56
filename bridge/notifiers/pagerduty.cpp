// PagerDuty: Events API v2. Our incident is its alert: the same key from the first message to the end.
//   answers  202 and "status": "success"; 400 for what it will never take, 429 for too many
//   limits   about 120 events a minute and key; summary 1024 characters
#include <set>

#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr Budget kSummary{1024, Measure::kUtf16};
constexpr Budget kSource{255, Measure::kUtf16};
constexpr Budget kText{64 * 1024, Measure::kBytes};

std::string fridges_of(const Notification& notification) {
  std::set<std::string> names;
  for (const NotificationItem& item : notification.items) names.insert(visible(item.key.fridge));
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return shortened(list.empty() ? "coldwatch" : list, kSource);
}

class Pagerduty final : public Notifier {
 public:
  Pagerduty(NotifierBasics basics, std::string api_url, std::string routing_key)
      : Notifier(std::move(basics)),
        api_url_(std::move(api_url)),
        routing_key_(std::move(routing_key)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const bool over = notification.active.empty();
    std::vector<Part> parts;
    // What was over before it could be told (and a notice) is opened and closed.
    if (!over || notification.number == 0) {
      parts.push_back(part("trigger", triggered(notification, context)));
    }
    if (over) parts.push_back(part("resolve", event(notification, "resolve")));
    return parts;
  }

  Judgement judge(const Reply& reply) const override {
    json body;
    if (auto judgement = judge_json(reply, body)) return *judgement;
    if (text_in(body, "status") != "success") return not_recognised(reply);
    return {Outcome::kSent, text_in(body, "message", "success"), {}, {}};
  }

  std::vector<std::string> secrets() const override { return {routing_key_}; }

 private:
  Part part(std::string name, const json& body) const {
    return {.name = std::move(name), .request = json_post(api_url_ + "/v2/enqueue", body)};
  }

  json event(const Notification& notification, std::string_view action) const {
    return {{"routing_key", routing_key_},
            {"event_action", action},
            {"dedup_key", "coldwatch-" + notification.incident}};
  }

  json triggered(const Notification& notification, const RenderContext& context) const {
    const MessageText message = message_text(notification, texts(), link(), context);
    json body = event(notification, "trigger");
    json& about = body["payload"];
    about = {{"summary", shortened(message.headline, kSummary)},
             {"source", fridges_of(notification)},
             {"severity", word(notification.severity)},
             {"timestamp", to_rfc3339(notification.time)}};
    if (!notification.items.empty()) {
      const NotificationItem& first = notification.items.front();
      const auto name = [](const std::string& text) { return shortened(visible(text), kSource); };
      about["component"] = name(first.channel.empty() ? first.key.rule : first.channel);
      about["group"] = name(first.key.site);
      about["class"] = name(first.cause.empty() ? first.key.rule : first.cause);
    }
    if (!context.minimal) {
      about["custom_details"] = {
          {"text", lay_out(message, kPlainMarkup, kText, texts(), {.link = false})}};
    }
    if (!link().empty()) {
      body["links"] = json::array({{{"href", link()}, {"text", message.link_label}}});
    }
    return body;
  }

  std::string api_url_;
  std::string routing_key_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  std::string api_url = entry.api_url("https://events.pagerduty.com");
  std::string key = entry.required_secret("routing_key");
  return std::make_unique<Pagerduty>(std::move(entry.basics), std::move(api_url), std::move(key));
}

}  // namespace

extern constinit const NotifierType kPagerduty{
    .name = "pagerduty",
    .limits = {.messages = 50, .window = std::chrono::minutes{1}, .digests = false},
    .make = make,
};

}  // namespace coldwatch
