// How messages read: at three in the morning, on a telephone.
#include "bridge/notifiers/message_text.hpp"

#include <gtest/gtest.h>

#include "bridge/notifiers/layout.hpp"
#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

std::string read(const Notification& notification, const std::string& link = "") {
  const Texts texts;
  const MessageText message = message_text(notification, texts, link, test_context());
  return lay_out(message, kPlainMarkup, {64 * 1024}, texts, {.headline = true});
}

TEST(MessageText, OneFridge) {
  EXPECT_EQ(read(test_alarm({item_with_trend()}), "https://grafana.lab"),
            "CRITICAL triton1: Pulse tube is off\n\n"
            "triton1: Motor_Current_A 0.3 A (limit 10 A), rising 0.1 A/min, since 03:02 (4 min)\n"
            "Do: Look at the compressor's display.\n\n"
            "Open: https://grafana.lab");
}

TEST(MessageText, SixFridges) {
  std::vector<NotificationItem> items;
  for (int i = 1; i <= 6; ++i) {
    items.push_back(test_item("triton" + std::to_string(i)));
    items.back().text = "Cooling water is too warm";
    items.back().channel = "Water_In_C";
    items.back().value = 30 + i;
    items.back().limit = 30;
    items.back().unit = "C";
    items.back().playbook = {};
  }
  EXPECT_EQ(read(test_alarm(items)),
            "CRITICAL Cooling water is too warm (6 fridges)\n\n"
            "- triton1: Water_In_C 31 °C (limit 30 °C), since 03:02 (4 min)\n"
            "- triton2: Water_In_C 32 °C (limit 30 °C), since 03:02 (4 min)\n"
            "- triton3: Water_In_C 33 °C (limit 30 °C), since 03:02 (4 min)\n"
            "- triton4: Water_In_C 34 °C (limit 30 °C), since 03:02 (4 min)\n"
            "- triton5: Water_In_C 35 °C (limit 30 °C), since 03:02 (4 min)\n"
            "- triton6: Water_In_C 36 °C (limit 30 °C), since 03:02 (4 min)");
}

TEST(MessageText, TheEndSaysHowLongAndWhatNow) {
  EXPECT_EQ(read(test_end()),
            "OVER triton1: Pulse tube is on\n\n"
            "triton1: lasted 3 min 30 s, until 03:05, now Motor_Current_A 22.5 A\n\n"
            "Nothing of this is in alarm any more.");
}

TEST(MessageText, AnEndBeforeItsBeginHasNoLength) {
  Notification notification = test_end();
  notification.items.front().until = notification.items.front().since - std::chrono::hours{1};
  EXPECT_NE(read(notification).find("triton1: until 02:02, now"), std::string::npos);
}

TEST(MessageText, AnEndOfOneWhileAnotherGoesOn) {
  Notification notification = test_end();
  notification.all_clear = false;
  notification.active = {test_item("triton2")};
  EXPECT_EQ(read(notification),
            "OVER triton1: Pulse tube is on\n\n"
            "triton1: lasted 3 min 30 s, until 03:05, now Motor_Current_A 22.5 A\n\n"
            "Still in alarm:\n"
            "triton2: Pulse tube is off (CRITICAL, since 03:02 (4 min))");
}

TEST(MessageText, TheGravestComesFirstAndTheRestIsCounted) {
  NotificationItem warning = test_item("triton1");
  warning.severity = Severity::kWarning;
  warning.text = "Water is warm";
  const std::string text = read(test_alarm({warning, test_item("triton2")}));
  EXPECT_TRUE(text.starts_with("CRITICAL triton2: Pulse tube is off (+1 more)\n")) << text;
  EXPECT_LT(text.find("CRITICAL: Pulse tube is off"), text.find("WARNING: Water is warm"));
}

TEST(MessageText, AGuessAtACommonCauseIsShown) {
  Notification notification = test_alarm();
  notification.question = "Common cause? 6 of 8 fridges: Pulse tube is off";
  EXPECT_NE(read(notification).find("\n\nCommon cause? 6 of 8 fridges"), std::string::npos);
  notification.question.clear();
  EXPECT_EQ(read(notification).find("Common cause?"), std::string::npos);
}

TEST(MessageText, EveryIntentSaysSomethingOfItsOwn) {
  std::set<std::string> headlines;
  for (int i = 0; i <= static_cast<int>(Intent::kNotice); ++i) {
    Notification notification = test_alarm();
    notification.items.front().intent = static_cast<Intent>(i);
    const std::string text = read(notification);
    EXPECT_NE(text.find("triton1"), std::string::npos);
    headlines.insert(text.substr(0, text.find('\n')));
  }
  EXPECT_EQ(headlines.size(), static_cast<std::size_t>(Intent::kNotice) + 1);
}

TEST(MessageText, WhatIsMissingIsLeftOut) {
  NotificationItem item{.key = {"lab", "f1", "agent_offline"}};
  item.since = test_now();
  EXPECT_EQ(read(test_alarm({item})), "WARNING f1: agent_offline\n\nf1: since 03:06");
  item.stale = true;
  item.acknowledged_by = "ann";
  EXPECT_EQ(read(test_alarm({item})),
            "WARNING f1: agent_offline\n\nf1: since 03:06, no data any more, acknowledged by ann");
  EXPECT_EQ(read(test_alarm({})).substr(0, 17), "Pulse tube is off");
}

TEST(MessageText, HowOftenItCameAndWentIsCounted) {
  NotificationItem item = test_item();
  item.intent = Intent::kOccurredAndCleared;
  item.count = 3;
  EXPECT_TRUE(
      read(test_alarm({item})).starts_with("CAME AND WENT triton1: Pulse tube is off (3 times)"));
}

/// The bridge's own alarms: by fridge and rule, the sentence, and what a Chinese reader gets.
TEST(MessageText, TheBridgesOwnAlarmsAreInTheReadersLanguage) {
  const struct {
    AlarmKey key;
    const char* text;
    const char* chinese;
  } rows[] = {
      {{"lab", "f1", "agent_offline"}, "the agent is silent: no heartbeat", "f1：采集程序没有响应"},
      {{"lab", "f1", "log_stopped"}, "the fridge's log: stale", "f1：制冷机的日志已停止更新"},
      {{"lab", "f1", "log_unreadable"},
       "the fridge's log: denied",
       "f1：制冷机的日志无法读取：denied"},
      {{"lab", "_bridge", "broker_lost"},
       "the connection to the broker is lost: timeout",
       "Coldwatch：与 MQTT 服务器的连接已断开：timeout"},
      {{"lab", "_bridge", "notifier_failing_team"},
       "messages through team do not arrive: HTTP 404",
       "Coldwatch：消息无法经 team 送达：HTTP 404"},
      {{"lab", "_bridge", "test"},
       "this is a test, asked for by ann",
       "Coldwatch：这是一条测试消息"},
      {{"lab", "f1", "test"}, "a rule's own text", "f1：a rule's own text"},
      {{"lab", "f1", "broker_lost"}, "a rule's own text", "f1：a rule's own text"},
  };
  const Texts chinese{"zh"};
  for (const auto& row : rows) {
    NotificationItem item{.key = row.key, .text = row.text};
    const auto message = message_text(test_alarm({item}), chinese, "", test_context());
    EXPECT_EQ(message.headline, std::string{"【警告】"} + row.chinese);
    EXPECT_EQ(alarm_words(row.key, row.text, Texts{}), row.text);
  }
}

TEST(MessageText, SeveralSitesAreNamed) {
  NotificationItem other = test_item("triton1");
  other.key.site = "cellar";
  const std::string text = read(test_alarm({test_item("triton1"), other}));
  EXPECT_NE(text.find("- lab/triton1: "), std::string::npos);
  EXPECT_NE(text.find("- cellar/triton1: "), std::string::npos);
}

TEST(MessageText, AnotherDayIsNamed) {
  NotificationItem item = test_item();
  item.since = test_now() - std::chrono::hours{27};
  EXPECT_NE(read(test_alarm({item})).find("since 2026-11-21 00:06 (1 d 3 h)"), std::string::npos);
}

}  // namespace
}  // namespace coldwatch
