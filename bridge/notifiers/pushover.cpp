// Pushover: pushes to telephones. A critical alarm (priority 2) rings again and again until somebody
// acknowledges it there, which acknowledges it here as well, or the incident is over.
//   answers  "status": 1; else "errors"; 4xx is never tried again
//   receipt  in the answer to a message of priority 2; whether it was acknowledged is asked at
//            /1/receipts/<receipt>.json, at most each 5 s
//   limits   message 1024 characters, title 250; a quota each month
#include <algorithm>

#include "bridge/notifiers/form.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/signature.hpp"
#include "common/json.hpp"

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
    if (wrong_login) {
      judgement.outcome = Outcome::kBroken;
      say_what_to_do(judgement, "check the application's token and the user's key");
    }
    return judgement;
  }

  std::string receipt(const Reply& reply) const override {
    const json body = parse_json_or_discard(reply.body);
    const std::string number = text_in(body, "receipt");
    return is_receipt(number) ? number : std::string{};
  }

  Milliseconds receipt_life() const override { return settings_.ringing; }

  HttpRequest ask_about(const std::string& receipt) const override {
    return {.method = "GET",
            .url = settings_.api_url + "/1/receipts/" + url_encode(receipt) +
                   ".json?token=" + url_encode(settings_.token)};
  }

  ReceiptAnswer read_answer(const Reply& reply) const override {
    using State = ReceiptAnswer::State;
    json body;
    const auto trouble = judge_json(reply, body);
    const bool unknown = reply.failure.empty() && (reply.status == 400 || reply.status == 404);
    if (trouble) return {unknown ? State::kOver : State::kOpen, {}};
    if (number_in(body, "status") != 1) return {};
    if (number_in(body, "acknowledged") == 1) {
      return {State::kAcknowledged, text_in(body, "acknowledged_by_device", name())};
    }
    return {number_in(body, "expired") == 1 ? State::kOver : State::kOpen, {}};
  }

  HttpRequest call_off(const std::string& receipt) const override {
    return form_post(settings_.api_url + "/1/receipts/" + url_encode(receipt) + "/cancel.json",
                     {{"token", settings_.token}});
  }

  std::vector<std::string> secrets() const override { return {settings_.token, settings_.user}; }

 private:
  /// What goes into the path of a question has to be what the service calls a receipt.
  static bool is_receipt(std::string_view number) {
    constexpr std::size_t kLongest = 64;
    return !number.empty() && number.size() <= kLongest && std::ranges::all_of(number, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
  }

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
