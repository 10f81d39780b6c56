// Slack: an incoming webhook (a secret address); with a bot's token, slack_web.cpp.
//   answers  200 and the body "ok"; else a word of error as plain text, or 429 with Retry-After
//   limits   a message a second; header 150 characters, section 3000
// Texts from outside stand in plain_text objects, which know no markup, with "&", "<" and ">" as
// entities, which is what Slack reads <!channel> and <@user> by.

#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/slack_web.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr Budget kHeader{150, Measure::kUtf16};
constexpr Budget kSection{3000, Measure::kUtf16};
constexpr Markup kMarkup{
    .escape = escape_entities, .bold_open = "", .bold_close = "", .bullet = "• "};

json plain_text(const std::string& text) {
  return {{"type", "plain_text"}, {"text", text}, {"emoji", false}};
}

class Slack final : public Notifier {
 public:
  Slack(NotifierBasics basics, std::string url)
      : Notifier(std::move(basics)), url_(std::move(url)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const json body = slack_message(notification, texts(), link(), context);
    return {{.name = "post", .request = json_post(url_, body)}};
  }

  Judgement judge(const Reply& reply) const override {
    if (auto judgement = judge_http(reply)) return *judgement;
    if (reply.body == "ok") return {Outcome::kSent, "ok", {}, {}};
    return not_recognised(reply);
  }

  std::vector<std::string> secrets() const override { return {url_}; }

 private:
  std::string url_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  if (entry.settings.has("token_file") || entry.settings.has("token_env")) {
    return make_slack_web(std::move(entry));
  }
  std::string url = entry.secret_url();
  return std::make_unique<Slack>(std::move(entry.basics), std::move(url));
}

}  // namespace

json slack_message(const Notification& notification, const Texts& texts, const std::string& link,
                   const RenderContext& context) {
  const MessageText message = message_text(notification, texts, link, context);
  const std::string sign{colour_sign(notification)};
  json body{{"text", escape_entities(shortened(sign + " " + message.headline, kHeader))},
            {"mrkdwn", false},
            {"unfurl_links", false},
            {"unfurl_media", false}};
  if (context.minimal) return body;
  const std::string text = lay_out(message, kMarkup, kSection, texts);
  body["blocks"] = {
      {{"type", "header"}, {"text", plain_text(body["text"])}},
      {{"type", "section"}, {"text", plain_text(text)}},
  };
  return body;
}

extern constinit const NotifierType kSlack{
    .name = "slack",
    .limits = {.messages = 60, .window = std::chrono::minutes{1}, .apart = std::chrono::seconds{1}},
    .make = make,
};

}  // namespace coldwatch
