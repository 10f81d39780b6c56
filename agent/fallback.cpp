#include "agent/fallback.hpp"

#include <algorithm>
#include <array>

#include "agent/event_id.hpp"
#include "agent/fallback_sender.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, 3> kSecurityWords{"starttls", "tls", "none"};
constexpr std::size_t kLongestLineBytes = 900;  // of a mail, which allows 998

bool is_address(const std::string& text) {
  const auto at = text.find('@');
  return at != text.npos && at > 0 && at + 1 < text.size() &&
         text.find_first_of(" <>\r\n\t") == text.npos;
}

void read_mail(SettingsReader reader, FallbackMail& mail, bool secrets_must_exist) {
  mail.host = reader.text("host");
  mail.security = kSecurityWords[reader.choice("security", kSecurityWords, 0)];
  mail.port =
      static_cast<int>(reader.integer("port", mail.security == "tls" ? 465 : 587, 1, 65535));
  mail.user = reader.text("user");
  mail.password = read_secret(reader, "password", secrets_must_exist);
  mail.from = reader.text("from");
  mail.to = reader.texts("to");
  if (mail.host.empty() && mail.from.empty() && mail.to.empty()) return;
  if (mail.host.empty()) reader.mistake("host", "is missing, expected the mail server's name");
  if (mail.from.empty()) reader.mistake("from", "is missing, expected an address a@b");
  if (!mail.from.empty() && !is_address(mail.from)) {
    reader.mistake("from", "found \"" + mail.from + "\", expected a bare address a@b");
  }
  if (mail.to.empty()) reader.mistake("to", "is missing, expected a list of addresses");
  for (const std::string& one : mail.to) {
    if (!is_address(one)) reader.mistake("to", "found \"" + one + "\", expected an address a@b");
  }
}

std::string value_words(const AlarmMessage& alarm) {
  if (!alarm.value) return "";
  return ", " + alarm.channel + " " + number_words(*alarm.value) +
         (alarm.unit.empty() ? "" : " " + alarm.unit);
}

json item_of(const std::string& site, const std::string& fridge, const FallbackAlarm& alarm) {
  const AlarmMessage& message = alarm.message;
  json item{{"intent", "open"},
            {"site", site},
            {"fridge", fridge},
            {"rule", alarm.rule},
            {"severity", word(message.severity)},
            {"text", message.text},
            {"since", to_rfc3339(message.since)},
            {"stale", false}};
  if (!message.channel.empty()) item["channel"] = message.channel;
  if (message.value) item["value"] = *message.value;
  if (!message.unit.empty()) item["unit"] = message.unit;
  if (message.limit) item["limit"] = *message.limit;
  return item;
}

}  // namespace

FallbackSettings read_fallback(SettingsReader reader, bool secrets_must_exist) {
  FallbackSettings settings;
  settings.after = reader.duration("after", settings.after, 1s, 24h);
  const bool hook = !reader.text("url_file").empty() || !reader.text("url_env").empty();
  settings.url = read_secret(reader, "url", secrets_must_exist);
  settings.ca_file = reader.text("ca_file");
  read_mail(reader.section("email"), settings.mail, secrets_must_exist);
  const bool mail = !settings.mail.host.empty();
  if (hook && mail) {
    reader.mistake("email", "stands beside a webhook, expected only one way of the fallback");
  }
  if (!settings.url.empty() && !settings.url.starts_with("http://") &&
      !settings.url.starts_with("https://")) {
    reader.mistake("url_file", "expected an address that begins with https:// or http://");
  }
  if ((hook || mail) && !FallbackSender::available()) {
    reader.mistake(hook ? "url_file" : "email",
                   "libcurl is not installed: nothing can be sent past the broker");
  }
  return settings;
}

std::vector<FallbackAlarm> Fallback::due(const std::vector<FallbackAlarm>& active,
                                         const FallbackHearing& heard, SteadyTime now) {
  if (heard.connected || !broker_heard_) broker_heard_ = now;
  if (!heard.waiting) {
    waiting_since_.reset();
  } else if (!waiting_since_ || heard.confirmations != confirmations_) {
    waiting_since_ = now;
  }
  confirmations_ = heard.confirmations;
  const bool broker_silent = now - *broker_heard_ >= after_;
  const bool bridge_silent = waiting_since_ && now - *waiting_since_ >= after_;
  std::vector<FallbackAlarm> due;
  for (const FallbackAlarm& alarm : active) {
    if (!broker_silent && (!bridge_silent || alarm.confirmed)) continue;
    const auto told = told_.find(alarm.rule);
    const bool known = told != told_.end() && told->second.since == alarm.message.since &&
                       told->second.severity >= alarm.message.severity;
    if (!known) due.push_back(alarm);
  }
  return due;
}

void Fallback::told(const std::vector<FallbackAlarm>& alarms) {
  for (const FallbackAlarm& alarm : alarms) {
    told_[alarm.rule] = {alarm.message.since, alarm.message.severity};
  }
}

FallbackMessage fallback_message(const std::string& site, const std::string& fridge,
                                 const std::vector<FallbackAlarm>& alarms, Milliseconds after,
                                 UtcTime now) {
  FallbackMessage message;
  Severity severity = Severity::kInfo;
  std::string identity;
  json items = json::array();
  for (const FallbackAlarm& alarm : alarms) {
    severity = std::max(severity, alarm.message.severity);
    identity += alarm.rule + to_rfc3339(alarm.message.since) +
                std::string{word(alarm.message.severity)} + "\n";
    items.push_back(item_of(site, fridge, alarm));
    message.text += one_line(std::string{word(alarm.message.severity)} + " " + fridge + ": " +
                                 alarm.message.text + value_words(alarm.message) + ", since " +
                                 to_rfc3339(alarm.message.since),
                             kLongestLineBytes) +
                    "\n";
  }
  const std::string why =
      "This is the fallback: the agent of " + fridge +
      " sends it by itself, because neither broker nor bridge has answered for " +
      duration_words(after) + ". Nobody else may have told you, and nobody will tell the end.";
  message.text += "\n" + why + "\n";
  message.id = "fallback-" + event_id({site, fridge, identity});
  message.subject = "Fallback: " + fridge + " has " + std::to_string(alarms.size()) +
                    (alarms.size() == 1 ? " alarm" : " alarms") + ", broker and bridge are silent";
  const std::string time = to_rfc3339(now);
  json data{{"id", message.id},
            {"incident", message.id},
            {"number", 0},
            {"title", message.subject},
            {"severity", word(severity)},
            {"quiet", false},
            {"all_clear", false},
            {"escalation_step", 0},
            {"items", items},
            {"active", items},
            {"t", time},
            {"text", message.text}};
  message.json = dump({{"type", "alarm.opened"}, {"timestamp", time}, {"data", std::move(data)}});
  return message;
}

}  // namespace coldwatch
