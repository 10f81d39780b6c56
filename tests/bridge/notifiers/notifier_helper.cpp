#include "tests/bridge/notifiers/notifier_helper.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

/// The leak sanitizer asks for this: fontconfig never gives back what it has read, cairo cannot.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }

namespace coldwatch {
namespace {

using nlohmann::json;

const TimeZone& utc() {
  std::string error;
  static const TimeZone zone = TimeZone::find("UTC", error).value();
  return zone;
}

}  // namespace

UtcTime test_now() { return parse_rfc3339("2026-11-22T03:06:00Z").value(); }

RenderContext test_context() { return {.now = test_now(), .zone = &utc()}; }

std::unique_ptr<Notifier> make_test_notifier(const std::string& type, json config,
                                             Mistakes* mistakes, const std::string& language) {
  const json secrets = config.value("secrets", json::object());
  config.erase("secrets");
  for (const auto& [key, value] : secrets.items()) {
    const std::string variable = "COLDWATCH_TEST_" + type + "_" + key;
    ::setenv(variable.c_str(), value.get<std::string>().c_str(), 1);
    config[key + "_env"] = variable;
  }
  Mistakes found;
  std::unique_ptr<Notifier> notifier;
  {
    SettingsReader reader{config, "notifiers[0]", found};
    notifier = make_notifier(reader, "team", type, language, true);
  }
  if (mistakes == nullptr) {
    EXPECT_TRUE(found.empty()) << describe(found, type);
  } else {
    *mistakes = found;
  }
  return notifier;
}

json good_config(const std::string& type) {
  const json address{{"secrets", {{"url", "https://chat.example/hook/T0KEN"}}}};
  if (type == "console") return json::object();
  if (type == "dingtalk") {
    return {{"secrets",
             {{"url", "https://oapi.dingtalk.com/robot/send?access_token=T0KEN"},
              {"secret", "this is secret"}}}};
  }
  if (type == "email") {
    return {{"host", "mail.lab.org"},
            {"from", "Coldwatch <alarms@lab.org>"},
            {"to", {"ann@lab.org", "Bob Ö <bob@lab.org>"}},
            {"user", "alarms"},
            {"secrets", {{"password", "s3cret"}}}};
  }
  if (type == "exec") return {{"program", {"/bin/cat"}}};
  if (type == "mqtt") return {{"topic", "lab/alarms"}};
  if (type == "ntfy") return {{"secrets", {{"topic", "T0PIC"}}}};
  if (type == "pagerduty") return {{"secrets", {{"routing_key", "R0UTING"}}}};
  if (type == "pushover") return {{"secrets", {{"token", "T0KEN"}, {"user", "U5ER"}}}};
  if (type == "telegram") return {{"chat_id", "-100123"}, {"secrets", {{"token", "1:T0KEN"}}}};
  return address;
}

NotificationItem test_item(const std::string& fridge) {
  NotificationItem item{.key = {"lab", fridge, "pt_off"}, .severity = Severity::kCritical};
  item.text = "Pulse tube is off";
  item.channel = "Motor_Current_A";
  item.value = 0.3;
  item.unit = "A";
  item.limit = 10;
  item.since = parse_rfc3339("2026-11-22T03:02:00Z").value();
  item.playbook = "Look at the compressor's display.";
  return item;
}

NotificationItem item_with_trend(const std::string& fridge) {
  constexpr int kPoints = 20;
  NotificationItem item = test_item(fridge);
  const double now = std::chrono::duration<double>(test_now().time_since_epoch()).count();
  for (int i = 0; i < kPoints; ++i) {
    item.trend.emplace_back(now - 30.0 * (kPoints - 1 - i), 0.3 + 0.05 * (i - kPoints + 1));
  }
  return item;
}

Notification test_alarm(std::vector<NotificationItem> items) {
  Notification notification{.id = "01J8-0", .notifier = "team", .incident = "01J8"};
  notification.title = "Pulse tube is off";
  notification.severity = Severity::kCritical;
  notification.active = items;
  notification.items = std::move(items);
  notification.time = parse_rfc3339("2026-11-22T03:02:10Z").value();
  return notification;
}

Notification test_end() {
  Notification notification = test_alarm();
  notification.id = "01J8-1";
  notification.number = 1;
  notification.quiet = true;
  notification.all_clear = true;
  notification.active.clear();
  NotificationItem& item = notification.items.front();
  item.intent = Intent::kClear;
  item.text = "Pulse tube is on";
  item.value = 22.5;
  item.until = parse_rfc3339("2026-11-22T03:05:30Z").value();
  return notification;
}

HttpRequest only_http(const Notifier& notifier, const Notification& notification) {
  const auto parts = notifier.requests(notification, test_context());
  EXPECT_EQ(parts.size(), 1U);
  return std::get<HttpRequest>(parts.front().request);
}

std::string body_of(const Request& request) {
  if (const auto* http = std::get_if<HttpRequest>(&request)) return http->body;
  if (const auto* mail = std::get_if<Mail>(&request)) return mail->message;
  if (const auto* console = std::get_if<ConsoleText>(&request)) return console->text;
  if (const auto* mqtt = std::get_if<MqttPublication>(&request)) return mqtt->publication.payload;
  return std::get<ProgramCall>(request).input;
}

}  // namespace coldwatch
