// Pushover: pushes to telephones. A critical alarm (priority 2) rings again and again until somebody
// acknowledges it there, or the incident is over.
//   answers  "status": 1; else "errors"; 4xx is never tried again
//   limits   message 1024 characters, title 250; a quota each month
#include <nlohmann/json.hpp>

#include "bridge/notifiers/form.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/signature.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr Budget kTitle{250, Measure::kUtf16};
constexpr Budget kText{1024, Measure::kUtf16};
constexpr Milliseconds kShortestRepeat = std::chrono::seconds{30};
constexpr Milliseconds kLongestRinging = std::chrono::seconds{10800};

std::string seconds_text(Milliseconds duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

class Pushover final : public Notifier {
 public:
  struct Settings {
    std::string api_url;
    std::string token;
    std::string user;
    std::string device;
    Milliseconds repeat{};   // how often a critical alarm rings
    Milliseconds ringing{};  // and how long
  };
  Pushover(NotifierBasics basics, Settings settings)
      : Notifier(std::move(basics)), settings_(std::move(settings)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    FormFields fields{{"token", settings_.token},
                      {"user", settings_.user},
                      {"title", shortened(message.headline, kTitle)},
                      {"message", context.minimal ? shortened(message.headline, kText)
                                                  : lay_out(message, kPlainMarkup, kText, texts(),
                                                            {.link = false})}};
    const bool ring = notification.severity == Severity::kCritical && !notification.quiet;
    const int priority = notification.quiet ? -1 : static_cast<int>(notification.severity);
    fields.emplace_back("priority", std::to_string(priority));
    if (ring) {
      fields.emplace_back("retry", seconds_text(settings_.repeat));
      fields.emplace_back("expire", seconds_text(settings_.ringing));
      fields.emplace_back("tags", notification.incident);
    }
    if (!settings_.device.empty()) fields.emplace_back("device", settings_.device);
    if (!link().empty()) fields.emplace_back("url", link());
    const std::string address = settings_.api_url + "/1/messages.json";
    std::vector<Part> parts{{.name = "post", .request = form_post(address, fields)}};
    if (notification.all_clear) parts.push_back(end_of_ringing(notification));
    return parts;
  }

  Judgement judge(const Reply& reply) const override {
    json body;
    const auto general = judge_json(reply, body);
    if (!general && number_in(body, "status") == 1) {
      return {Outcome::kSent, "request " + text_in(body, "request"), {}, {}};
    }
    Judgement judgement = general ? *general : not_recognised(reply);
    if (!body.is_object() || !body.contains("errors")) return judgement;
    judgement.detail = dump(body["errors"]);
    const bool wrong_login = body.contains("token") || body.contains("user");
    if (wrong_login) judgement.outcome = Outcome::kBroken;
    return judgement;
  }

  std::vector<std::string> secrets() const override { return {settings_.token, settings_.user}; }

 private:
  Part end_of_ringing(const Notification& notification) const {
    const std::string address = settings_.api_url + "/1/receipts/cancel_by_tag/" +
                                url_encode(notification.incident) + ".json";
    return {.name = "end of ringing",
            .request = form_post(address, {{"token", settings_.token}}),
            .essential = false};
  }

  Settings settings_;
};

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  Pushover::Settings settings;
  settings.api_url = entry.api_url("https://api.pushover.net");
  settings.token = entry.required_secret("token");
  settings.user = entry.required_secret("user");
  settings.device = entry.settings.text("device");
  settings.repeat = entry.settings.duration("ring_every", std::chrono::minutes{1}, kShortestRepeat,
                                            kLongestRinging);
  settings.ringing =
      entry.settings.duration("ring_for", std::chrono::hours{1}, kShortestRepeat, kLongestRinging);
  return std::make_unique<Pushover>(std::move(entry.basics), std::move(settings));
}

}  // namespace

extern constinit const NotifierType kPushover{
    .name = "pushover",
    .limits = {.messages = 30, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
