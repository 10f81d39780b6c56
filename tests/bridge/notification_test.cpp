#include "bridge/notification.hpp"

#include <gtest/gtest.h>

#include "common/json.hpp"

namespace coldwatch {
namespace {

UtcTime at(const char* text) { return parse_rfc3339(text).value(); }

Notification full() {
  const NotificationItem item{.intent = Intent::kEscalate,
                              .key = {"lab", "f1", "hot"},
                              .severity = Severity::kCritical,
                              .text = "too hot",
                              .channel = "T",
                              .value = 1.5,
                              .unit = "K",
                              .limit = 1.0,
                              .since = at("2026-01-02T03:04:05.678Z"),
                              .until = at("2026-01-02T04:00:00Z"),
                              .stale = true,
                              .acknowledged_by = "ann",
                              .cause = "water",
                              .playbook = "look",
                              .trend = {{1.0, 2.0}, {2.0, 2.5}}};
  return {.id = "a",
          .notifier = "mail",
          .incident = "b",
          .number = 3,
          .title = "too hot",
          .severity = Severity::kCritical,
          .quiet = true,
          .all_clear = true,
          .escalation_step = 2,
          .items = {item},
          .active = {item, {.key = {"lab", "f2", "hot"}}},
          .time = at("2026-01-02T03:04:06Z"),
          .thread = "<x@y>"};
}

TEST(Notification, SurvivesTheStore) {
  const auto read = parse_notification(to_json(full()));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, full());
}

TEST(Notification, IsStoredAsTextWithItsAlarmsOnceWhereBothListsAreTheSame) {
  Notification same = full();
  same.active = same.items;
  same.title = "broken \xFF, quoted \" and\nlonger";
  for (const Notification& message : {full(), same, Notification{}}) {
    std::string text;
    append_stored(text, message);
    const auto stored = parse_json(text);
    const auto back = parse_notification(stored);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(back->items, message.items);
    EXPECT_EQ(back->active, message.active);
    EXPECT_EQ(stored.contains("active_are_items"), message.items == message.active);
    EXPECT_EQ(dump(to_json(*back)), dump(to_json(message)));
  }
}

TEST(Notification, ADamagedOneIsNoneAndNoException) {
  EXPECT_FALSE(parse_notification(nlohmann::json::array()));
  EXPECT_FALSE(parse_notification("text"));
  const auto whole = to_json(full());
  for (const auto& [key, value] : whole.items()) {
    if (key == "thread") continue;
    auto damaged = whole;
    damaged.erase(key);
    EXPECT_FALSE(parse_notification(damaged)) << "without " << key;
  }
  for (const auto& [pointer, wrong] :
       std::vector<std::pair<std::string, nlohmann::json>>{{"/severity", "warn"},
                                                           {"/t", "yesterday"},
                                                           {"/number", "three"},
                                                           {"/items", 7},
                                                           {"/items/0/intent", "shout"},
                                                           {"/items/0/value", "hot"},
                                                           {"/items/0/trend", {{1, "a"}}}}) {
    auto damaged = whole;
    damaged[nlohmann::json::json_pointer{pointer}] = wrong;
    EXPECT_FALSE(parse_notification(damaged)) << pointer;
  }
}

TEST(Notification, EveryIntentHasAWordThatReadsBack) {
  for (int i = 0; i <= static_cast<int>(Intent::kNotice); ++i) {
    const auto intent = static_cast<Intent>(i);
    EXPECT_EQ(parse_intent(word(intent)), intent);
  }
  for (const char* wrong : {"", "OPEN", "opened", "return-unacked", " open"}) {
    EXPECT_FALSE(parse_intent(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace coldwatch
