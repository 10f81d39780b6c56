// Mail by SMTP, one transaction with each recipient.
//   taken    250 after the message
//   again    any 4xx; the connection lost after the message: with the same Message-ID
//   never    5xx for a recipient or for the message; 5xx for the login or the sender stops all
// The first mail of an incident opens a thread: those after it carry its Message-ID in In-Reply-To
// and References, and its subject, because Gmail threads by both.
#include <algorithm>

#include "bridge/notifiers/judging.hpp"
#include "bridge/notifiers/layout.hpp"
#include "bridge/notifiers/mail_html.hpp"
#include "bridge/notifiers/mime.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/plot.hpp"
#include "bridge/notifiers/signature.hpp"
#include "common/files.hpp"
#include "common/mail_date.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr Budget kText{64 * 1024, Measure::kBytes};
constexpr std::size_t kMostRecipients = 50;
constexpr std::string_view kSecurityWords[] = {"starttls", "tls", "none"};
constexpr int kUsualPorts[] = {587, 465, 25};

struct Settings {
  MailServer server;
  MailAddress from;
  std::vector<MailAddress> to;
  bool html = true;
  bool pictures = true;
};

/// `text` as the left side of a Message-ID, or as a MIME boundary.
std::string as_token(std::string_view text) {
  std::string token{text.substr(0, 200)};
  std::ranges::replace_if(
      token,
      [](char c) {
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        return !letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.';
      },
      '-');
  return token;
}

class Email final : public Notifier {
 public:
  Email(NotifierBasics basics, Settings settings)
      : Notifier(std::move(basics)), settings_(std::move(settings)) {}

  std::vector<Part> requests(const Notification& notification,
                             const RenderContext& context) const override {
    const MessageText message = message_text(notification, texts(), link(), context);
    MailContent content{.headers = headers(notification, context)};
    content.text = lay_out(message, kPlainMarkup, kText, texts(), {.headline = true});
    if (settings_.html) add_html(content, message, notification, context);
    const std::string text = mail_text(content, "=_" + as_token(notification.id));
    std::vector<Part> parts;
    for (const MailAddress& to : settings_.to) {
      parts.push_back({.name = to.address,
                       .request = Mail{.server = settings_.server,
                                       .from = settings_.from.address,
                                       .to = to.address,
                                       .message = text},
                       .thread = message_id(notification)});
    }
    return parts;
  }

  Judgement judge(const Reply& reply) const override {
    if (!reply.failure.empty()) return {reply.failure_outcome, reply.failure, {}, {}};
    if (reply.status < 300) return {Outcome::kSent, reply.body, {}, {}};
    const std::string detail = reply.stage + ": " + reply.body;
    if (reply.status < 500) return {Outcome::kRetry, detail, {}, {}};
    const bool this_mail = reply.stage == "RCPT" || reply.stage == "DATA";
    Judgement judgement{this_mail ? Outcome::kRefused : Outcome::kBroken, detail, {}, {}};
    if (reply.stage == "AUTH") {
      say_what_to_do(judgement,
                     "check \"user\" and the password; many providers want an app password");
    } else if (reply.stage == "MAIL") {
      say_what_to_do(judgement, "use a \"from\" that this server lets this user send as");
    }
    return judgement;
  }

  /// The password as it stands, and as the commands of a login carry it.
  std::vector<std::string> secrets() const override {
    const MailServer& server = settings_.server;
    if (server.password.empty()) return {};
    const std::string nul(1, '\0');
    return {server.password, base64(server.password),
            base64(nul + server.user + nul + server.password)};
  }

 private:
  void add_html(MailContent& content, const MessageText& message, const Notification& notification,
                const RenderContext& context) const {
    const std::string png = settings_.pictures ? picture(notification, context) : "";
    if (!png.empty()) {
      const std::string id = "trend." + message_id(notification).substr(1);
      content.images.push_back({id.substr(0, id.size() - 1), "trend.png", png});
    }
    const std::string image = content.images.empty() ? "" : content.images.front().id;
    content.html = mail_html(message, notification, image, texts());
  }

  std::string message_id(const Notification& notification) const {
    const std::string domain = settings_.from.address.substr(settings_.from.address.find('@'));
    return "<" + as_token(notification.id) + domain + ">";
  }

  std::vector<std::pair<std::string, std::string>> headers(const Notification& notification,
                                                           const RenderContext& context) const {
    const bool first = notification.number == 0;
    std::string to;
    for (const MailAddress& one : settings_.to) {
      to += (to.empty() ? "" : ",\r\n ") + header_address(one);
    }
    std::vector<std::pair<std::string, std::string>> headers{
        {"Date", mail_date(notification.time, context.zone->to_local(notification.time))},
        {"From", header_address(settings_.from)},
        {"To", to},
        {"Subject", header_text((first ? "" : "Re: ") + notification.title, 9)},
        {"Message-ID", message_id(notification)},
        {"Auto-Submitted", "auto-generated"},
        {"X-Auto-Response-Suppress", "All"},
    };
    if (!first && !notification.thread.empty()) {
      const std::string root = one_line(notification.thread, 300);
      headers.emplace_back("In-Reply-To", root);
      headers.emplace_back("References", root);
    }
    if (notification.severity == Severity::kCritical && !notification.quiet) {
      headers.emplace_back("X-Priority", "1");
      headers.emplace_back("Importance", "high");
    }
    return headers;
  }

  Settings settings_;
};

MailAddress read_address(NotifierEntry& entry, std::string_view key, const std::string& text) {
  if (const auto address = parse_address(text)) return *address;
  entry.settings.mistake(
      key, "found \"" + text + "\", expected an address \"user@host\" or \"Name <user@host>\"");
  return {.name = "", .address = "@"};
}

MailServer read_server(NotifierEntry& entry) {
  SettingsReader& settings = entry.settings;
  MailServer server;
  server.host = settings.required_text("host");
  if (server.host.find_first_of(" /@?#\\\t") != std::string::npos) {
    settings.mistake("host", "found \"" + server.host + "\", expected the name of a mail server");
  }
  const std::size_t security = settings.choice("security", kSecurityWords, 0);
  server.security = static_cast<MailSecurity>(security);
  server.port = static_cast<int>(settings.integer("port", kUsualPorts[security], 1, 65535));
  server.user = settings.text("user");
  server.token_file = settings.text("oauth2_token_file");
  if (entry.secrets_must_exist && !server.token_file.empty()) {
    const std::string fault = fault_as_secret(server.token_file);
    if (!fault.empty()) settings.mistake("oauth2_token_file", fault);
  }
  server.password = entry.secret("password");
  server.ca_file = settings.text("ca_file");
  const int ways = settings.has("password_file") + settings.has("password_env") +
                   settings.has("oauth2_token_file");
  if (ways != (server.user.empty() ? 0 : 1)) {
    settings.mistake("user",
                     "goes together with exactly one of \"password_file\", "
                     "\"password_env\" and \"oauth2_token_file\"");
  }
  if (!server.user.empty() && server.security == MailSecurity::kNone) {
    settings.mistake("security", "found \"none\": a password is not sent unencrypted");
  }
  return server;
}

std::unique_ptr<Notifier> make(NotifierEntry entry) {
  Settings settings{.server = read_server(entry)};
  settings.from = read_address(entry, "from", entry.settings.required_text("from"));
  for (const std::string& text : entry.settings.texts("to")) {
    settings.to.push_back(read_address(entry, "to", text));
  }
  if (settings.to.empty() || settings.to.size() > kMostRecipients) {
    entry.settings.mistake(
        "to", "expected a list of 1 to " + std::to_string(kMostRecipients) + " addresses");
  }
  settings.html = entry.settings.flag("html", true);
  settings.pictures = entry.settings.flag("pictures", true);
  const std::string domain = settings.from.address.substr(settings.from.address.find('@') + 1);
  settings.server.ehlo = entry.settings.text("ehlo", domain);
  if (as_token(settings.server.ehlo) != settings.server.ehlo) {
    entry.settings.mistake("ehlo", "expected the name of this machine");
  }
  return std::make_unique<Email>(std::move(entry.basics), std::move(settings));
}

}  // namespace

extern constinit const NotifierType kEmail{
    .name = "email",
    .limits = {.messages = 30, .window = std::chrono::minutes{1}},
    .make = make,
};

}  // namespace coldwatch
