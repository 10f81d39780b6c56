// What one notifier was told and has to be told, through the bridge's core.
#include "bridge/teller.hpp"

#include <gtest/gtest.h>

#include "tests/bridge/bridge_helper.hpp"

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Told = std::vector<std::string>;

constexpr Severity kWarning = Severity::kWarning;
constexpr Severity kCritical = Severity::kCritical;

const Teller& teller(Core& core, const std::string& name = "c") {
  return core.bridge().tellers().at(name);
}

TEST(Teller, ThinksOfAnIncidentNoEarlierThanItMatters) {
  const Teller one{{.name = "c", .type = "console"}};
  const ReconcileSettings settings;
  const UtcTime start{hours{1'000'000}};
  Alarm alarm{.key = {"lab", "f1", "hot"}, .standing = Standing::kUnacknowledged};
  alarm.raised_at = alarm.severity_at = start;
  alarm.message.severity = kWarning;
  const Incident incident{.id = "i", .active = {alarm.key}};
  EXPECT_EQ(one.earliest(alarm, incident, settings, start), start + settings.group_wait);
  alarm.message.severity = kCritical;
  EXPECT_EQ(one.earliest(alarm, incident, settings, start), start + settings.critical_wait);
  alarm.flapping = true;
  EXPECT_EQ(one.earliest(alarm, incident, settings, start), start);
  alarm.flapping = false;
  alarm.standing = Standing::kNormal;
  EXPECT_EQ(one.earliest(alarm, incident, settings, start), start) << "an end may be told at once";
}

TEST(Teller, WhatEndedBeforeItsTryIsNotSent) {
  Core core;
  core.outcome["c"] = Outcome::kRetry;
  core.alarm("f1", "hot", alarm_message(kCritical, 1));
  core.wait(seconds{1});
  core.alarm("f1", "hot", alarm_message(Severity::kInfo, 2, AlarmState::kNormal));
  core.wait(minutes{5});
  EXPECT_TRUE(teller(core).outbox().pending().empty());
  EXPECT_FALSE(teller(core).outbox().failing_since()) << "nothing was ever tried";
}

TEST(Teller, TheSameMentionIsCountedAndTheirNumberIsBounded) {
  Core core;
  core.outcome["c"] = Outcome::kRetry;
  const auto notice = [&core](std::uint64_t seq, const std::string& text) {
    AlarmMessage message = alarm_message(Severity::kInfo, seq);
    message.kind = AlarmKind::kNotice;
    message.text = text;
    core.alarm("f1", "pump", message);
  };
  for (std::uint64_t i = 1; i <= 3; ++i) notice(i, "pump on");
  for (std::uint64_t i = 4; i <= 200; ++i) notice(i, "step " + std::to_string(i));
  core.outcome["c"] = Outcome::kSent;
  core.wait(minutes{5});
  ASSERT_EQ(core.arrived.size(), 1U);
  const auto& items = core.arrived[0].items;
  ASSERT_EQ(items.size(), 50U);
  EXPECT_EQ(items[0].text, "pump on");
  EXPECT_EQ(items[0].count, 3);
  EXPECT_EQ(items[49].text, "step 52");
  EXPECT_EQ(items[49].count, 149) << "what has no room is counted, not dropped";
  EXPECT_TRUE(teller(core).conversations().begin()->second.lines.empty());
}

TEST(Teller, WhatHasNoRoomIsCountedWhereTheSameAlarmStands) {
  Core core;
  core.outcome["c"] = Outcome::kRetry;
  const auto notice = [&core](const std::string& rule, std::uint64_t seq, const std::string& text) {
    AlarmMessage message = alarm_message(Severity::kInfo, seq);
    message.kind = AlarmKind::kNotice;
    message.cause = "one incident";
    message.text = text;
    core.alarm("f1", rule, message);
  };
  notice("valve", 1, "valve open");
  for (std::uint64_t i = 2; i <= 50; ++i) notice("pump", i, "step " + std::to_string(i));
  notice("valve", 51, "valve closed");
  core.outcome["c"] = Outcome::kSent;
  core.wait(minutes{5});
  ASSERT_EQ(core.arrived.size(), 1U);
  ASSERT_EQ(core.arrived[0].items.size(), 50U);
  for (const NotificationItem& item : core.arrived[0].items) {
    EXPECT_EQ(item.count, item.key.rule == "valve" ? 2 : 1) << item.text;
  }
}

TEST(Teller, AFullRateLimitMakesOneDigestOfEverything) {
  BridgeConfig config = config_with({"c"});
  config.notifiers[0].limits = {2, minutes{1}};
  Core core{config};
  for (int i = 0; i < 20; ++i) {
    core.alarm("f1", "r" + std::to_string(i),
               alarm_message(kWarning, static_cast<std::uint64_t>(i + 1)));
  }
  core.wait(seconds{70});
  ASSERT_EQ(core.arrived.size(), 2U);
  EXPECT_EQ(core.arrived[0].items.size(), 1U);
  EXPECT_EQ(core.arrived[1].items.size(), 19U) << "every alarm is named";
  EXPECT_EQ(core.arrived[1].title, "19 incidents on 1 fridges");
  core.wait(hours{1});
  EXPECT_EQ(core.arrived.size(), 2U) << "and none is told a second time";
}

TEST(Teller, TheWorstGoesFirst) {
  Core core;
  core.outcome["c"] = Outcome::kRetry;
  core.alarm("f1", "a_warning", alarm_message(kWarning, 1));
  core.alarm("f1", "b_critical", alarm_message(kCritical, 2));
  core.wait(seconds{12});
  core.outcome["c"] = Outcome::kSent;
  core.wait(minutes{2});
  EXPECT_EQ(core.take_told(), (Told{"c: open f1/b_critical", "c: open f1/a_warning"}));
}

TEST(Teller, OneRefusedMessageHoldsUpNoOther) {
  Core core;
  core.outcome["c"] = Outcome::kRefused;
  core.alarm("f1", "too_long", alarm_message(kCritical, 1));
  core.wait(seconds{3});
  core.outcome["c"] = Outcome::kSent;
  core.alarm("f1", "fine", alarm_message(kCritical, 2));
  core.wait(minutes{1});
  EXPECT_EQ(core.take_told(), Told{"c: open f1/fine"});
  core.wait(minutes{15});
  EXPECT_EQ(core.take_told(), Told{"c: open f1/too_long"})
      << "it is tried again, for it may fit by then";
}

TEST(Teller, AnAttemptThatMayHaveArrivedIsRepeatedAsItWas) {
  Core core;
  core.outcome["c"] = Outcome::kAmbiguous;
  core.alarm("f1", "hot", alarm_message(kCritical, 1));
  core.wait(seconds{3});
  ASSERT_EQ(teller(core).outbox().pending().size(), 1U);
  const Notification first = teller(core).outbox().pending().begin()->second.notification;
  core.alarm("f1", "hot", alarm_message(Severity::kInfo, 2, AlarmState::kNormal));
  core.outcome["c"] = Outcome::kSent;
  core.wait(minutes{1});
  EXPECT_EQ(core.take_told(), (Told{"c: open f1/hot", "c: clear f1/hot"}));
  EXPECT_EQ(core.arrived[0].id, first.id);
  EXPECT_EQ(core.arrived[0].items, first.items);
}

TEST(Teller, ItsThreadAndTitleStayThoseOfTheFirstMessage) {
  Core core;
  core.alarm("f1", "hot", alarm_message(kWarning, 1));
  core.wait(seconds{10});
  core.alarm("f2", "hot", alarm_message(kCritical, 1));
  core.wait(seconds{10});
  core.alarm("f1", "hot", alarm_message(Severity::kInfo, 2, AlarmState::kNormal));
  core.alarm("f2", "hot", alarm_message(Severity::kInfo, 2, AlarmState::kNormal));
  core.wait(minutes{2});
  ASSERT_EQ(core.arrived.size(), 3U);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(core.arrived[static_cast<std::size_t>(i)].number, i);
    EXPECT_EQ(core.arrived[static_cast<std::size_t>(i)].title, "f1: too warm");
    EXPECT_EQ(core.arrived[static_cast<std::size_t>(i)].incident, core.arrived[0].incident);
  }
  core.alarm("f1", "hot", alarm_message(kWarning, 3));
  core.wait(seconds{20});
  EXPECT_EQ(core.arrived.back().incident, core.arrived[0].incident) << "a quick return";
}

TEST(Teller, NothingStaysBehindWhenAllIsOver) {
  Core core;
  for (std::uint64_t i = 0; i < 20; ++i) {
    core.alarm("f1", "hot", alarm_message(kCritical, 2 * i + 1));
    core.wait(seconds{5});
    core.alarm("f1", "hot", alarm_message(Severity::kInfo, 2 * i + 2, AlarmState::kNormal));
    core.wait(minutes{30});
  }
  core.alarm("f1", "other", alarm_message(kCritical, 100));
  core.wait(seconds{5});
  EXPECT_EQ(teller(core).conversations().size(), 1U);
}

}  // namespace
}  // namespace coldwatch
