// WeCom (WeChat Work): a robot of a group; its address is the secret.
//   answers  HTTP 200 always; "errcode" 0 for success
//   limits   20 messages a minute; markdown 4096 bytes, text 2048 bytes, picture 2 MB
// Only a message of type text can ping people, so a critical alarm is followed by one line of text.

#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/plot.hpp"
#include "bridge/notifiers/signature.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr int kRequestsPerMinute = 20;
constexpr Budget kMarkdown{4096, Measure::kBytes};
constexpr Budget kPing{500, Measure::kBytes};
constexpr Markup kMarkup{
    .escape = escape_lookalike, .bold_open = "**", .bold_close = "**", .bullet = "• "};
constexpr CodeMeaning kCodes[] = {
    {45009, Outcome::kRetry, std::chrono::seconds{60}},  // too many
    {45033, Outcome::kRetry, std::chrono::seconds{5}},   // too many at once
    {40058, Outcome::kRefused},                          // too long
    {40008, Outcome::kRefused},                          // kind of message
    {40033, Outcome::kRefused},                          // characters
    {93000,
     Outcome::kBroken,
     {},
     "there is no such robot; put the address of one into \"url_file\""},
};

class Wecom final : public Notifier {
 public:
  struct Settings {
    std::string url;
    std::vector<std::string> mention;          // user ids, or "@all"
    std::vector<std::string> mention_mobiles;  // telephone numbers
    bool pictures = true;
  };
  Wecom(NotifierBasics basics, Settings settings)
      : Notifier(std::move(basics)), settings_(std::move(settings)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    const std::string sign = std::string{colour_sign(notification)} + " ";
    const std::string headline = shortened(sign + escape_lookalike(message.headline), kPing);
    if (context.minimal) return {text("markdown", headline, false)};
    const Budget rest{kMarkdown.most - sign.size(), kMarkdown.measure};
    const std::string markdown =
        sign + lay_out(message, kMarkup, rest, texts(), {.headline = true});
    std::vector<Part> parts{
        part("markdown", {{"msgtype", "markdown"}, {"markdown", {{"content", markdown}}}})};
    if (pings(notification)) parts.push_back(text("ping", headline, true));
    if (settings_.pictures && !notification.quiet) {
      const std::string png = picture(notification, context);
      if (!png.empty()) parts.push_back(image(png));
    }
    return parts;
  }

  Judgement judge(const Reply& reply) const override {
    return judge_code(reply, "errcode", "errmsg", kCodes);
  }

  std::vector<std::string> secrets() const override { return {settings_.url}; }

 private:
  bool pings(const Notification& notification) const {
    return notification.severity == Severity::kCritical && !notification.quiet &&
           !(settings_.mention.empty() && settings_.mention_mobiles.empty());
  }

  Part part(std::string name, const json& body, bool essential = true) const {
    return {
        .name = std::move(name), .request = json_post(settings_.url, body), .essential = essential};
  }

  Part text(std::string name, const std::string& content, bool ping) const {
    json body{{"msgtype", "text"}, {"text", {{"content", content}}}};
    if (ping) {
      body["text"]["mentioned_list"] = settings_.mention;
      body["text"]["mentioned_mobile_list"] = settings_.mention_mobiles;
    }
    return part(std::move(name), body);
  }

  Part image(const std::string& png) const {
    const json content{{"base64", base64(png)}, {"md5", md5_hex(png)}};
    return part("picture", {{"msgtype", "image"}, {"image", content}}, false);
  }

  Settings settings_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  Wecom::Settings settings;
  settings.url = entry.secret_url();
  settings.mention = entry.mentions("mention");
  settings.mention_mobiles = entry.mentions("mention_mobiles");
  settings.pictures = entry.settings.flag("pictures", true);
  const bool pings = !settings.mention.empty() || !settings.mention_mobiles.empty();
  entry.basics.limits.messages = kRequestsPerMinute / (1 + pings + settings.pictures);
  return std::make_unique<Wecom>(std::move(entry.basics), std::move(settings));
}

}  // namespace

extern constinit const NotifierType kWecom{
    .name = "wecom",
    .limits = {.messages = kRequestsPerMinute, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
