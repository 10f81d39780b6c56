// DingTalk: a custom robot of a group.
//   answers  HTTP 200 always; "errcode" 0 for success
//   limits   20 messages a minute, then nothing for 10 minutes; about 20000 bytes
//   sign     in the address: base64(HMAC-SHA256(key secret, message "<milliseconds>\n<secret>"))

#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/signature.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr Budget kTitle{200, Measure::kCharacters};
constexpr Budget kText{15 * 1000, Measure::kBytes};
constexpr Milliseconds kBlocked = std::chrono::minutes{10};
// One line of its markdown ends with two blanks.
constexpr Markup kMarkup{.escape = escape_lookalike,
                         .bold_open = "**",
                         .bold_close = "**",
                         .bullet = "• ",
                         .new_line = "  \n"};
constexpr std::string_view kSecurity =
    "check \"secret_file\" and this machine's clock, \"keyword\", or the robot's list of addresses";
constexpr std::string_view kToken =
    "there is no such robot; put the address of one into \"url_file\"";
constexpr CodeMeaning kCodes[] = {
    {310000, Outcome::kBroken, {}, kSecurity},
    {130101, Outcome::kRetry, kBlocked},  // too many
    {410100, Outcome::kRetry, kBlocked},  // too many
    {300001, Outcome::kBroken, {}, kToken},
    {300005, Outcome::kBroken, {}, kToken},
    {400101, Outcome::kBroken, {}, kToken},
    {400013, Outcome::kBroken, {}, "the group is no more; make a robot in another one"},
    {400102, Outcome::kBroken, {}, "the robot was stopped; start it in the group's settings"},
    {40035, Outcome::kRefused},  // a parameter is missing
    {43004, Outcome::kRefused},  // type of content
};

class Dingtalk final : public Notifier {
 public:
  struct Settings {
    std::string url;
    std::string secret;
    std::string keyword;
    std::vector<std::string> mobiles;
    bool mention_all = false;
  };
  Dingtalk(NotifierBasics basics, Settings settings)
      : Notifier(std::move(basics)), settings_(std::move(settings)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    std::string title = shortened(escape_lookalike(message.headline), kTitle);
    if (!settings_.keyword.empty()) title = settings_.keyword + " " + title;
    std::string text = title;
    if (!context.minimal) {
      text = "### " + std::string{colour_sign(notification)} + " " + title + "\n\n" +
             lay_out(message, kMarkup, kText, texts());
    }
    json at{{"isAtAll", false}};
    if (notification.severity == Severity::kCritical && !notification.quiet) {
      at = {{"atMobiles", settings_.mobiles}, {"isAtAll", settings_.mention_all}};
      // Somebody is only called whose number stands in the text as well.
      if (!settings_.mobiles.empty()) text += "\n\n";
      for (const std::string& mobile : settings_.mobiles) text += "@" + mobile + " ";
    }
    const json body{
        {"msgtype", "markdown"}, {"markdown", {{"title", title}, {"text", text}}}, {"at", at}};
    return {{.name = "post", .request = json_post(signed_url(context.now), body)}};
  }

  Judgement judge(const Reply& reply) const override {
    Judgement judgement = judge_code(reply, "errcode", "errmsg", kCodes);
    const bool fast = lower_ascii(judgement.detail).find("too fast") != std::string::npos;
    if (judgement.outcome != Outcome::kSent && fast) {
      return {Outcome::kRetry, judgement.detail, kBlocked, {}};
    }
    return judgement;
  }

  std::vector<std::string> secrets() const override { return {settings_.url, settings_.secret}; }

 private:
  std::string signed_url(UtcTime now) const {
    if (settings_.secret.empty()) return settings_.url;
    const std::string timestamp = std::to_string(now.time_since_epoch().count());
    const std::string sign =
        base64(hmac_sha256(settings_.secret, timestamp + "\n" + settings_.secret));
    return settings_.url + "&timestamp=" + timestamp + "&sign=" + url_encode(sign);
  }

  Settings settings_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  Dingtalk::Settings settings;
  settings.url = entry.secret_url();
  settings.secret = entry.secret("secret");
  settings.keyword = entry.settings.text("keyword");
  settings.mobiles = entry.mentions("mention_mobiles");
  settings.mention_all = entry.settings.flag("mention_all", false);
  if (!settings.url.empty() && settings.url.find('?') == std::string::npos) {
    entry.settings.mistake("url_file", "expected an address with \"?access_token=...\" in it");
  }
  return std::make_unique<Dingtalk>(std::move(entry.basics), std::move(settings));
}

}  // namespace

extern constinit const NotifierType kDingtalk{
    .name = "dingtalk",
    .limits = {.messages = 18, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
