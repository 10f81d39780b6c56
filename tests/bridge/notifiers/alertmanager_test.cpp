// The body that receivers of Alertmanager's webhook expect: every documented key with its type, and the
// promises that such receivers build on.
#include "bridge/notifiers/alertmanager.hpp"

#include <gtest/gtest.h>

#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

bool is_text_map(const json& object) {
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) return false;
  }
  return object.is_object();
}

/// As the documentation of webhook_config lists them.
void expect_documented_shape(const json& body) {
  EXPECT_EQ(body.size(), 10U) << body;
  EXPECT_EQ(body.at("version"), "4");
  EXPECT_TRUE(body.at("groupKey").is_string());
  EXPECT_TRUE(body.at("truncatedAlerts").is_number_unsigned());
  EXPECT_TRUE(body.at("status") == "firing" || body.at("status") == "resolved");
  EXPECT_TRUE(body.at("receiver").is_string());
  EXPECT_TRUE(body.at("externalURL").is_string());
  for (const char* key : {"groupLabels", "commonLabels", "commonAnnotations"}) {
    EXPECT_TRUE(is_text_map(body.at(key))) << key;
  }
  for (const json& alert : body.at("alerts")) {
    EXPECT_EQ(alert.size(), 7U) << alert;
    EXPECT_TRUE(alert.at("status") == "firing" || alert.at("status") == "resolved");
    EXPECT_TRUE(is_text_map(alert.at("labels")));
    EXPECT_TRUE(is_text_map(alert.at("annotations")));
    EXPECT_TRUE(parse_rfc3339(alert.at("startsAt").get<std::string>()));
    const std::string end = alert.at("endsAt");
    EXPECT_EQ(end == "0001-01-01T00:00:00Z", alert.at("status") == "firing");
    EXPECT_TRUE(alert.at("generatorURL").is_string());
    EXPECT_EQ(alert.at("fingerprint").get<std::string>().find_first_not_of("0123456789abcdef"),
              std::string::npos);
    EXPECT_EQ(alert.at("fingerprint").get<std::string>().size(), 16U);
  }
}

TEST(Alertmanager, AnAlarmIsFiringAndItsEndResolvesTheSameAlert) {
  const json alarm = alertmanager_body(test_alarm({test_item("a"), test_item("b")}), "https://l/");
  const json end = alertmanager_body(test_end(), "");
  expect_documented_shape(alarm);
  expect_documented_shape(end);
  EXPECT_EQ(alarm["status"], "firing");
  EXPECT_EQ(alarm["receiver"], "team");
  EXPECT_EQ(alarm["groupLabels"], json({{"alertname", "pt_off"}}));
  EXPECT_EQ(alarm["commonLabels"], json({{"alertname", "pt_off"},
                                         {"channel", "Motor_Current_A"},
                                         {"severity", "critical"},
                                         {"site", "lab"}}));
  EXPECT_EQ(alarm["alerts"].size(), 2U);
  EXPECT_EQ(alarm["alerts"][0]["labels"]["fridge"], "a");
  EXPECT_EQ(alarm["alerts"][0]["annotations"],
            json({{"summary", "Pulse tube is off"},
                  {"value", "0.3 A"},
                  {"limit", "10 A"},
                  {"playbook", "Look at the compressor's display."}}));
  EXPECT_EQ(alarm["alerts"][0]["generatorURL"], "https://l/");
  EXPECT_EQ(end["status"], "resolved");
  EXPECT_EQ(end["alerts"][0]["endsAt"], "2026-11-22T03:05:30.000Z");
  EXPECT_EQ(end["groupKey"], alarm["groupKey"]);
  const json one = alertmanager_body(test_alarm(), "");
  EXPECT_EQ(end["alerts"][0]["fingerprint"], one["alerts"][0]["fingerprint"]);
  EXPECT_NE(alarm["alerts"][0]["fingerprint"], alarm["alerts"][1]["fingerprint"]);
}

TEST(Alertmanager, SeverityAndValueMakeNoOtherAlert) {
  NotificationItem worse = test_item();
  worse.severity = Severity::kInfo;
  worse.value = 7;
  worse.intent = Intent::kLower;
  EXPECT_EQ(alertmanager_body(test_alarm({worse}), "")["alerts"][0]["fingerprint"],
            alertmanager_body(test_alarm(), "")["alerts"][0]["fingerprint"]);
}

TEST(Alertmanager, WhatIsStillActiveStandsBesideWhatEnded) {
  Notification partial = test_end();
  partial.all_clear = false;
  partial.active = {test_item("b")};
  const json body = alertmanager_body(partial, "");
  expect_documented_shape(body);
  EXPECT_EQ(body["status"], "firing");
  EXPECT_EQ(body["alerts"][0]["status"], "firing");
  EXPECT_EQ(body["alerts"][1]["status"], "resolved");
  EXPECT_FALSE(body["commonLabels"].contains("fridge"));
}

TEST(Alertmanager, ANoticeStaysOpenNowhere) {
  NotificationItem note = test_item();
  note.intent = Intent::kNotice;
  Notification notice = test_alarm({note});
  notice.active.clear();
  const json body = alertmanager_body(notice, "");
  expect_documented_shape(body);
  EXPECT_EQ(body["alerts"][0]["status"], "resolved");
}

TEST(Alertmanager, TooManyAreCounted) {
  const json body = alertmanager_body(test_alarm(std::vector(700, test_item())), "");
  expect_documented_shape(body);
  EXPECT_EQ(body["alerts"].size(), 500U);
  EXPECT_EQ(body["truncatedAlerts"], 200);
}

}  // namespace
}  // namespace coldwatch
