// Discord: a webhook of a channel; its address is the secret.
//   answers  with ?wait=true 200 and the message with its "id"; 429 with "retry_after" in seconds
//   limits   title 256, description 4096, 6000 characters in all; 10000 bad requests ban the address

#include "bridge/notifiers/escaping.hpp"
#include "bridge/notifiers/form.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/plot.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr Budget kContent{1900, Measure::kUtf16};
constexpr Budget kTitle{256, Measure::kUtf16};
constexpr Budget kDescription{4096, Measure::kUtf16};
constexpr Markup kMarkup{
    .escape = escape_markdown, .bold_open = "**", .bold_close = "**", .bullet = "• "};

int colour(const Notification& notification) {
  constexpr int kRed = 0xE74C3C;
  constexpr int kOrange = 0xE67E22;
  constexpr int kBlue = 0x3498DB;
  constexpr int kGreen = 0x2ECC71;
  if (notification.all_clear) return kGreen;
  if (notification.severity == Severity::kCritical) return kRed;
  return notification.severity == Severity::kWarning ? kOrange : kBlue;
}

class Discord final : public Notifier {
 public:
  Discord(NotifierBasics basics, std::string url, std::vector<std::string> roles, bool pictures)
      : Notifier(std::move(basics)),
        url_(std::move(url)),
        roles_(std::move(roles)),
        pictures_(pictures) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    const std::string headline =
        std::string{colour_sign(notification)} + " " + escape_markdown(message.headline);
    json body{{"content", shortened(headline, kContent)},
              {"allowed_mentions", {{"parse", json::array()}}}};
    if (notification.severity == Severity::kCritical && !notification.quiet) mention(body);
    if (context.minimal) return {{.name = "post", .request = json_post(url_, body)}};

    json embed{{"description", lay_out(message, kMarkup, kDescription, texts(), {.link = false})},
               {"color", colour(notification)}};
    if (!link().empty()) {
      embed["title"] = shortened(message.link_label, kTitle);
      embed["url"] = link();
    }
    const std::string png = pictures_ ? picture(notification, context) : "";
    if (!png.empty()) embed["image"] = {{"url", "attachment://trend.png"}};
    body["embeds"] = json::array({embed});
    return {{.name = "post", .request = request(body, png)}};
  }

  Judgement judge(const Reply& reply) const override {
    constexpr int kNoContent = 204;  // its answer where it does not wait
    if (reply.failure.empty() && reply.status == kNoContent) return {Outcome::kSent, "204", {}, {}};
    json body;
    if (auto judgement = judge_json(reply, body)) {
      const auto seconds = number_in(body, "retry_after");
      if (judgement->outcome == Outcome::kRetry && seconds && !judgement->retry_after) {
        honour_wait(*judgement, *seconds);
      }
      return *judgement;
    }
    const std::string id = text_in(body, "id");
    return id.empty() ? not_recognised(reply) : Judgement{Outcome::kSent, "message " + id, {}, {}};
  }

  std::vector<std::string> secrets() const override { return {url_}; }

 private:
  void mention(json& body) const {
    if (roles_.empty()) return;
    std::string mentions;
    for (const std::string& role : roles_) mentions += "<@&" + role + "> ";
    body["content"] = mentions + body["content"].get<std::string>();
    body["allowed_mentions"]["roles"] = roles_;
  }

  HttpRequest request(const json& body, const std::string& png) const {
    if (png.empty()) return json_post(url_, body);
    return multipart_post(url_, {{"payload_json", dump(body)}},
                          {"files[0]", "trend.png", "image/png", png});
  }

  std::string url_;
  std::vector<std::string> roles_;
  bool pictures_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  std::string url = entry.secret_url();
  if (!url.empty()) url += url.find('?') == url.npos ? "?wait=true" : "&wait=true";
  auto roles = entry.mentions("mention_roles");
  const bool pictures = entry.settings.flag("pictures", true);
  return std::make_unique<Discord>(std::move(entry.basics), std::move(url), std::move(roles),
                                   pictures);
}

}  // namespace

extern constinit const NotifierType kDiscord{
    .name = "discord",
    .limits = {.messages = 25, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
