// An address of the user's own, signed as Standard Webhooks 1.0 has it (standardwebhooks.com):
//   webhook-id         the same for every attempt: the receiver's protection against doubles
//   webhook-timestamp  unix seconds of this attempt
//   webhook-signature  v1,<base64 HMAC-SHA256 of "id.timestamp.body" with the key after "whsec_">
// An answer 2xx is taken for success, but not a web page (a login page in between).
#include <array>

#include "bridge/notifiers/alertmanager.hpp"
#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/payload.hpp"
#include "bridge/notifiers/signature.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestTextBytes = 4096;
constexpr std::size_t kLongestIdBytes = 200;
constexpr std::string_view kSecretPrefix = "whsec_";

struct Settings {
  std::string url;
  std::string key;            // of the signature, decoded; "" for none
  std::string authorization;  // value of the header; "" for none
  std::string ca_file;
  bool alertmanager = false;  // its JSON in place of ours
  std::string body;           // mustache template with the words below; "" for JSON
  std::string content_type;
};

/// A text as the inside of a JSON string, so that a template with quotes around it stays JSON.
std::string in_json(std::string_view text) {
  std::string quoted;
  append_json_string(quoted, repair_utf8(text));
  return quoted.substr(1, quoted.size() - 2);
}

class Webhook final : public Notifier {
 public:
  Webhook(NotifierBasics basics, Settings settings)
      : Notifier(std::move(basics)), settings_(std::move(settings)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    HttpRequest request{.url = settings_.url, .body = body(notification, context)};
    const std::string id = one_line(notification.id, kLongestIdBytes);
    request.ca_file = settings_.ca_file;
    request.headers = {{"Content-Type", settings_.content_type}, {"webhook-id", id}};
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(context.now.time_since_epoch());
    const std::string timestamp = std::to_string(seconds.count());
    request.headers.emplace_back("webhook-timestamp", timestamp);
    if (!settings_.key.empty()) {
      const std::string signed_text = id + "." + timestamp + "." + request.body;
      request.headers.emplace_back("webhook-signature",
                                   "v1," + base64(hmac_sha256(settings_.key, signed_text)));
    }
    if (!settings_.authorization.empty()) {
      request.headers.emplace_back("Authorization", settings_.authorization);
    }
    return {{.name = "post", .request = std::move(request)}};
  }

  Judgement judge(const Reply& reply) const override {
    if (auto judgement = judge_http(reply)) return *judgement;
    if (trim(reply.body).starts_with("<")) return not_recognised(reply);
    return {Outcome::kSent, http_words(reply), {}, {}};
  }

  std::vector<std::string> secrets() const override {
    return {settings_.url, settings_.authorization};
  }

 private:
  std::string body(const Notification& notification, const RenderContext& context) const {
    const MessageText message = message_text(notification, texts(), link(), context);
    const std::string text =
        lay_out(message, kPlainMarkup, {kLongestTextBytes}, texts(), {.headline = true});
    if (settings_.alertmanager) return dump(alertmanager_body(notification, link()));
    if (settings_.body.empty()) return dump(payload(notification, text, context));
    return fill_template(settings_.body, {{"type", std::string{payload_type(notification)}},
                                          {"id", in_json(notification.id)},
                                          {"incident", in_json(notification.incident)},
                                          {"title", in_json(notification.title)},
                                          {"headline", in_json(message.headline)},
                                          {"text", in_json(text)},
                                          {"severity", std::string{word(notification.severity)}},
                                          {"timestamp", to_rfc3339(context.now)},
                                          {"link", in_json(link())}});
  }

  Settings settings_;
};

/// The key of a secret "whsec_<base64>".
std::string signing_key(NotifierEntry& entry) {
  const std::string secret = entry.secret("secret");
  if (secret.empty()) return {};
  std::optional<std::string> key;
  if (secret.starts_with(kSecretPrefix)) {
    key = base64_decode(std::string_view{secret}.substr(kSecretPrefix.size()));
  }
  constexpr std::size_t kShortestKey = 24;
  constexpr std::size_t kLongestKey = 64;
  if (key && key->size() >= kShortestKey && key->size() <= kLongestKey) return *key;
  entry.settings.mistake("secret_file",
                         "expected \"whsec_\" and the base64 of 24 to 64 random bytes in it");
  return {};
}

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  Settings settings;
  settings.url = entry.open_url();
  settings.key = signing_key(entry);
  settings.authorization = one_line(entry.secret("authorization"), kLongestTextBytes);
  settings.ca_file = entry.settings.text("ca_file");
  settings.content_type =
      one_line(entry.settings.text("content_type", "application/json"), kLongestTextBytes);
  constexpr std::array<std::string_view, 2> kFormats{"coldwatch", "alertmanager"};
  settings.alertmanager = entry.settings.choice("format", kFormats, 0) == 1;
  settings.body = entry.settings.text("body");
  if (settings.alertmanager && !settings.body.empty()) {
    entry.settings.mistake("body", "stands beside \"format\", expected only one of them");
  }
  const std::string error = template_error(settings.body);
  if (!error.empty()) entry.settings.mistake("body", error);
  return std::make_unique<Webhook>(std::move(entry.basics), std::move(settings));
}

}  // namespace

extern constinit const NotifierType kWebhook{
    .name = "webhook",
    .limits = {.messages = 60, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
