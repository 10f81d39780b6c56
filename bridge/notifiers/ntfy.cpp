// ntfy: a topic on ntfy.sh or on a server of one's own. Without access control the topic is the
// password.
//   answers  200 and the message with its "id"; errors as JSON with "code" and "error"
//   limits   4096 bytes (a longer text silently becomes an attachment); 60 at once, then one each 5 s

#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/plot.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr Budget kTitle{200, Measure::kBytes};
constexpr Budget kText{4000, Measure::kBytes};

class Ntfy final : public Notifier {
 public:
  struct Settings {
    std::string url;
    std::string topic;
    std::string token;
    bool pictures = true;
  };
  Ntfy(NotifierBasics basics, Settings settings)
      : Notifier(std::move(basics)), settings_(std::move(settings)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    json body{{"topic", settings_.topic},
              {"title", shortened(message.headline, kTitle)},
              {"message", message.headline},
              {"priority", priority(notification)},
              {"tags", json::array({tag(notification)})}};
    if (!context.minimal) {
      body["message"] = lay_out(message, kPlainMarkup, kText, texts(), {.link = false});
    }
    if (!link().empty()) body["click"] = link();
    std::vector<Part> parts{
        {.name = "post", .request = authorised(json_post(settings_.url, body))}};
    const bool wanted = settings_.pictures && !notification.quiet && !context.minimal;
    const std::string png = wanted ? picture(notification, context) : "";
    if (!png.empty()) parts.push_back(attachment(png));
    return parts;
  }

  Judgement judge(const Reply& reply) const override {
    json body;
    if (auto judgement = judge_json(reply, body)) return *judgement;
    const std::string id = text_in(body, "id");
    return id.empty() ? not_recognised(reply) : Judgement{Outcome::kSent, "message " + id, {}, {}};
  }

  std::vector<std::string> secrets() const override { return {settings_.topic, settings_.token}; }

 private:
  static int priority(const Notification& notification) {
    constexpr int kSilent = 2;
    constexpr int kUsual = 3;
    if (notification.quiet) return kSilent;
    return kUsual + static_cast<int>(notification.severity);
  }

  static std::string_view tag(const Notification& notification) {
    if (notification.all_clear) return "white_check_mark";
    if (notification.severity == Severity::kCritical) return "rotating_light";
    return notification.severity == Severity::kWarning ? "warning" : "information_source";
  }

  HttpRequest authorised(HttpRequest request) const {
    if (settings_.token.empty()) return request;
    request.headers.emplace_back("Authorization", "Bearer " + settings_.token);
    return request;
  }

  Part attachment(const std::string& png) const {
    HttpRequest put{.method = "PUT", .url = settings_.url + "/" + settings_.topic};
    put.headers = {{"Content-Type", "image/png"}, {"Filename", "trend.png"}, {"Priority", "1"}};
    put.body = png;
    return {.name = "picture", .request = authorised(std::move(put)), .essential = false};
  }

  Settings settings_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  Ntfy::Settings settings;
  settings.url = entry.api_url("https://ntfy.sh");
  settings.topic =
      entry.settings.has("topic") ? entry.settings.text("topic") : entry.required_secret("topic");
  const bool plain = settings.topic.find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
                         "pqrstuvwxyz0123456789-_") == std::string::npos;
  if (!plain) entry.settings.mistake("topic", "expected letters, digits, \"-\" and \"_\"");
  settings.token = entry.secret("token");
  settings.pictures = entry.settings.flag("pictures", true);
  return std::make_unique<Ntfy>(std::move(entry.basics), std::move(settings));
}

}  // namespace

extern constinit const NotifierType kNtfy{
    .name = "ntfy",
    .limits = {.messages = 10, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
