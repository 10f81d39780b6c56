// Feishu and Lark: a custom bot of a group (open.feishu.cn and open.larksuite.com).
//   answers  HTTP 200 always; "code" 0 for success
//   limits   100 messages a minute, 5 a second, 20 KB; overrun at each full and half hour
//   sign     base64(HMAC-SHA256(key "<seconds>\n<secret>", message "")): the text is the key

#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/signature.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr Budget kTitle{200, Measure::kCharacters};
constexpr Budget kText{12 * 1024, Measure::kBytes};
constexpr Markup kMarkup{
    .escape = escape_lark, .bold_open = "**", .bold_close = "**", .bullet = "• "};
constexpr CodeMeaning kCodes[] = {
    {9499, Outcome::kRefused},  // bad request, or larger than 20 KB
    {19001, Outcome::kBroken, {}, "there is no such bot; put the address of one into \"url_file\""},
    {19021, Outcome::kBroken, {}, "check \"secret_file\" and the clock of this machine"},
    {19022, Outcome::kBroken, {}, "add the address of this network to the bot's list"},
    {19024, Outcome::kBroken, {}, "put the keyword that the bot demands into \"keyword\""},
    {11232, Outcome::kRetry, std::chrono::seconds{15}},  // too many
};

std::string_view colour(const Notification& notification) {
  if (notification.all_clear) return "green";
  if (notification.severity == Severity::kCritical) return "red";
  return notification.severity == Severity::kWarning ? "orange" : "blue";
}

class Feishu final : public Notifier {
 public:
  struct Settings {
    std::string url;
    std::string secret;
    std::string keyword;
    std::vector<std::string> mention;
  };
  Feishu(NotifierBasics basics, Settings settings)
      : Notifier(std::move(basics)), settings_(std::move(settings)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    json body = context.minimal ? plain(message) : card(notification, message);
    if (!settings_.secret.empty()) {
      const auto seconds = std::chrono::floor<std::chrono::seconds>(context.now.time_since_epoch());
      const std::string timestamp = std::to_string(seconds.count());
      body["timestamp"] = timestamp;
      body["sign"] = base64(hmac_sha256(timestamp + "\n" + settings_.secret, ""));
    }
    return {{.name = "post", .request = json_post(settings_.url, body)}};
  }

  Judgement judge(const Reply& reply) const override {
    return judge_code(reply, "code", "msg", kCodes);
  }

  std::vector<std::string> secrets() const override { return {settings_.url, settings_.secret}; }

 private:
  /// The robot takes only messages with its keyword, ends and tests as well.
  std::string title(const MessageText& message) const {
    const std::string title = shortened(escape_lookalike(message.headline), kTitle);
    return settings_.keyword.empty() ? title : settings_.keyword + " " + title;
  }

  json plain(const MessageText& message) const {
    return {{"msg_type", "text"}, {"content", {{"text", title(message)}}}};
  }

  json card(const Notification& notification, const MessageText& message) const {
    std::string text = lay_out(message, kMarkup, kText, texts(), {.link = false});
    if (notification.severity == Severity::kCritical && !notification.quiet) {
      for (const std::string& id : settings_.mention) text += "\n<at id=" + id + "></at>";
    }
    json elements =
        json::array({{{"tag", "div"}, {"text", {{"tag", "lark_md"}, {"content", text}}}}});
    if (!link().empty()) {
      const json label{{"tag", "plain_text"}, {"content", message.link_label}};
      const json button{{"tag", "button"}, {"text", label}, {"url", link()}, {"type", "default"}};
      elements.push_back({{"tag", "action"}, {"actions", json::array({button})}});
    }
    const json heading{{"tag", "plain_text"}, {"content", title(message)}};
    return {{"msg_type", "interactive"},
            {"card",
             {{"config", {{"wide_screen_mode", true}}},
              {"header", {{"template", colour(notification)}, {"title", heading}}},
              {"elements", elements}}}};
  }

  Settings settings_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  Feishu::Settings settings;
  settings.url = entry.secret_url();
  settings.secret = entry.secret("secret");
  settings.keyword = entry.settings.text("keyword");
  settings.mention = entry.mentions("mention");
  return std::make_unique<Feishu>(std::move(entry.basics), std::move(settings));
}

constexpr NotifierLimits kLimits{.messages = 90,
                                 .window = std::chrono::minutes{1},
                                 .apart = std::chrono::milliseconds{250},
                                 .half_hour_pause = std::chrono::seconds{12}};

}  // namespace

extern constinit const NotifierType kFeishu{.name = "feishu", .limits = kLimits, .make = make};
extern constinit const NotifierType kLark{.name = "lark", .limits = kLimits, .make = make};

}  // namespace coldwatch
