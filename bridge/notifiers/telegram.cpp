// Telegram: a bot in a chat. The token stands in the address.
//   answers  "ok": true; else "error_code", "description" and "parameters" (retry_after in seconds;
//            migrate_to_chat_id where a group has become a supergroup)
//   limits   4096 characters, a caption 1024; 20 messages a minute in a group
// Sent as HTML, because a slip in the escaping of its markdown is an alarm lost.

#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/form.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/plot.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr int kMessagesPerMinute = 20;
constexpr Budget kText{4000, Measure::kUtf16};
constexpr Markup kMarkup{
    .escape = escape_entities, .bold_open = "<b>", .bold_close = "</b>", .bullet = "• "};

class Telegram final : public Notifier {
 public:
  struct Settings {
    std::string api_url;
    std::string token;
    std::string chat_id;
    bool pictures = true;
  };
  Telegram(NotifierBasics basics, Settings settings)
      : Notifier(std::move(basics)), settings_(std::move(settings)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    json body = addressed(notification);
    body["link_preview_options"] = {{"is_disabled", true}};
    if (context.minimal) {
      body["text"] = message.headline;
    } else {
      body["parse_mode"] = "HTML";
      body["text"] = std::string{colour_sign(notification)} + " " +
                     lay_out(message, kMarkup, kText, texts(), {.headline = true});
    }
    std::vector<Part> parts{{.name = "post", .request = json_post(method("sendMessage"), body)}};
    const bool wanted = settings_.pictures && !notification.quiet && !context.minimal;
    const std::string png = wanted ? picture(notification, context) : "";
    if (!png.empty()) parts.push_back(photo(png));
    return parts;
  }

  Judgement judge(const Reply& reply) const override {
    json body;
    const auto general = judge_json(reply, body);
    if (!body.is_object()) return general ? *general : not_recognised(reply);
    if (!general && is_true(body, "ok")) {
      const std::string id = text_in(body.value("result", json{}), "message_id");
      return {Outcome::kSent, "message " + id, {}, id};
    }
    Judgement judgement = general ? *general : not_recognised(reply);
    const std::string words = text_in(body, "description");
    judgement.detail = "error " + text_in(body, "error_code", "(none)") +
                       (words.empty() ? std::string{} : ": " + words);
    const json parameters = body.value("parameters", json{});
    if (const auto seconds = number_in(parameters, "retry_after")) {
      judgement.outcome = Outcome::kRetry;
      honour_wait(judgement, *seconds);
    }
    const std::string moved = text_in(parameters, "migrate_to_chat_id");
    if (!moved.empty() || judgement.detail.find("chat not found") != std::string::npos) {
      judgement.outcome = Outcome::kBroken;
    }
    if (!moved.empty()) {
      say_what_to_do(judgement, "put \"" + moved + "\" into \"chat_id\"");
    } else if (judgement.outcome == Outcome::kBroken) {
      say_what_to_do(judgement,
                     "check the token and \"chat_id\", and that the bot is in the group");
    }
    return judgement;
  }

  std::vector<std::string> secrets() const override { return {settings_.token}; }

 private:
  std::string method(std::string_view name) const {
    return settings_.api_url + "/bot" + settings_.token + "/" + std::string{name};
  }

  json addressed(const Notification& notification) const {
    json body{{"chat_id", settings_.chat_id}, {"disable_notification", notification.quiet}};
    if (const auto first = parse_integer(notification.thread)) {
      body["reply_parameters"] = {{"message_id", *first}, {"allow_sending_without_reply", true}};
    }
    return body;
  }

  Part photo(const std::string& png) const {
    return {.name = "picture",
            .request =
                multipart_post(method("sendPhoto"),
                               {{"chat_id", settings_.chat_id}, {"disable_notification", "true"}},
                               {"photo", "trend.png", "image/png", png}),
            .essential = false};
  }

  Settings settings_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  Telegram::Settings settings;
  settings.api_url = entry.api_url("https://api.telegram.org");
  settings.token = entry.required_secret("token");
  settings.chat_id = entry.settings.required_text("chat_id");
  settings.pictures = entry.settings.flag("pictures", true);
  entry.basics.limits.messages = kMessagesPerMinute / (1 + settings.pictures);
  return std::make_unique<Telegram>(std::move(entry.basics), std::move(settings));
}

}  // namespace

extern constinit const NotifierType kTelegram{
    .name = "telegram",
    .limits = {.messages = kMessagesPerMinute,
               .window = std::chrono::minutes{1},
               .apart = std::chrono::seconds{1}},
    .make = make,
};

}  // namespace coldwatch
