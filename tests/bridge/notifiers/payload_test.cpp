// A message for machines stays within bounds whatever the alarms in it say, and says what it leaves out.
#include "bridge/notifiers/payload.hpp"

#include <gtest/gtest.h>

#include "bridge/notifiers/alertmanager.hpp"
#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

Notification many(std::size_t count, std::size_t text_bytes) {
  std::vector<NotificationItem> items(count, item_with_trend());
  for (std::size_t i = 0; i < count; ++i) {
    items[i].key.rule = "r" + std::to_string(i);
    items[i].text = items[i].playbook = std::string(text_bytes, '"');
  }
  Notification notification = test_alarm(items);
  notification.active = items;
  return notification;
}

TEST(Payload, LongTextsLeaveRoomForFewerAlarms) {
  const json message = payload(many(1000, 1000), "text", test_context());
  const json& data = message.at("data");
  EXPECT_LT(dump(message).size(), 600'000U);
  EXPECT_GT(data["items"].size(), 50U);
  EXPECT_EQ(data["items"].size() + data["more"].get<std::size_t>(), 1000U);
  EXPECT_EQ(data["active"], data["items"]);
  EXPECT_FALSE(data["items"][0].contains("trend"));
}

TEST(Payload, AStormOfUsualAlarmsIsCutByItsCountOnly) {
  const json data = payload(many(1000, 30), "text", test_context()).at("data");
  EXPECT_EQ(data["items"].size(), 500U);
  EXPECT_EQ(data["more"], 500);
}

TEST(Payload, AFewAlarmsHaveTheirTrends) {
  const json data = payload(many(3, 20), "text", test_context()).at("data");
  EXPECT_FALSE(data.contains("more"));
  EXPECT_EQ(data["items"][0]["trend"].size(), 20U);
}

TEST(Payload, SoIsTheBodyOfAlertmanager) {
  const json body = alertmanager_body(many(1000, 1000), "");
  EXPECT_LT(dump(body).size(), 400'000U);
  EXPECT_EQ(body["alerts"].size() + body["truncatedAlerts"].get<std::size_t>(), 1000U);
  EXPECT_EQ(alertmanager_body(many(1000, 30), "")["alerts"].size(), 500U);
}

}  // namespace
}  // namespace coldwatch
