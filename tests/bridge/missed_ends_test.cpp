// The end of one alarm and the beginning of the next, of the same rule, that pass while the bridge cannot
// hear: disaster is a reader who is never told that the first one was.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/bridge/bridge_helper.hpp"

namespace coldwatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Told = std::vector<std::string>;

constexpr Severity kCritical = Severity::kCritical;

/// The state of an alarm that has been active since that second of the agent's clock.
AlarmMessage active(std::uint64_t seq, int since_s) {
  AlarmMessage message = alarm_message(kCritical, seq);
  message.since = UtcTime{seconds{since_s}};
  message.text = "too warm since " + std::to_string(since_s);
  return message;
}

/// An alarm that `b`, which fails, has not been told of; the next one stands when `b` works again.
Core with_a_missed_end() {
  Core core{config_with({"a", "b"})};
  core.outcome["b"] = Outcome::kRetry;
  core.alarm("f1", "hot", active(1, 100));
  core.wait(seconds{20});
  core.alarm("f1", "hot", active(3, 160));
  core.outcome["b"] = Outcome::kSent;
  return core;
}

TEST(MissedEnds, WhoWasNotToldOfTheFirstHearsOfBoth) {
  Core core = with_a_missed_end();
  EXPECT_EQ(core.take_told(), Told{"a: open f1/hot"});
  core.wait(minutes{2});
  ASSERT_EQ(core.take_told(), Told{"b: open f1/hot occurred_and_cleared f1/hot"})
      << "to the other one it is open already";
  const auto& items = core.arrived.back().items;
  EXPECT_EQ(items[0].text, "too warm since 160");
  EXPECT_EQ(items[1].text, "too warm since 100");
  EXPECT_FALSE(items[1].until) << "nobody here knows when it ended";
}

TEST(MissedEnds, TheSecondIsNamedAtItsEnd) {
  Core core = with_a_missed_end();
  core.wait(minutes{2});
  core.take_told();
  core.alarm("f1", "hot", alarm_message(Severity::kInfo, 4, AlarmState::kNormal));
  core.wait(minutes{2});
  EXPECT_EQ(core.take_told(),
            (Told{"a: clear f1/hot occurred_and_cleared f1/hot", "b: clear f1/hot"}));
}

TEST(MissedEnds, ItsOwnEventsDoNotTellItOnceMore) {
  Core core = with_a_missed_end();
  core.wait(minutes{2});
  core.take_told();
  std::uint64_t seq = 0;
  for (const char* type : {"raise", "clear", "raise"}) {
    EventMessage event{.id = type + std::to_string(++seq), .type = type, .rule = "hot"};
    event.text = "too warm";
    event.epoch = "e";
    event.seq = seq;
    event.time = event.since = UtcTime{seconds{100 + 30 * seq}};
    core.publish("f1/event", dump(to_json(event)));
  }
  core.wait(minutes{5});
  EXPECT_EQ(core.take_told(), Told{});
}

TEST(MissedEnds, AnAcknowledgementDoesNotSilenceTheNextEpisode) {
  for (const bool heard : {false, true}) {
    Core core;
    core.alarm("f1", "hot", active(1, 100));
    core.wait(minutes{2});
    core.publish("_bridge/main/cmd/ack", R"({"fridge":"f1","by":"Ann"})");
    core.take_told();
    if (heard) {
      // Both in what one visit to the broker brings: between them nothing is thought about.
      core.bridge().on_message(
          "coldwatch/lab/f1/alarm/hot",
          dump(to_json(alarm_message(Severity::kInfo, 2, AlarmState::kNormal))), false, core.now());
    }
    core.alarm("f1", "hot", active(3, 200));
    core.wait(minutes{1});
    EXPECT_EQ(core.take_told(), Told{"c: realarm f1/hot"}) << heard;
    EXPECT_EQ(core.last_json("_bridge/main/book/f1/hot")["state"], "unacknowledged");
  }
}

TEST(MissedEnds, ALatchedOneIsNotForgotten) {
  Core core;
  AlarmMessage latched = active(1, 100);
  latched.latch = true;
  core.alarm("f1", "hot", latched);
  core.wait(minutes{2});
  core.take_told();
  latched = active(3, 200);
  latched.latch = true;
  core.alarm("f1", "hot", latched);
  EXPECT_EQ(core.last_json("_bridge/main/book/f1/hot")["episode"], 2);
  EXPECT_EQ(core.last_json("_bridge/main/book/f1/hot")["state"], "unacknowledged");
}

TEST(MissedEnds, WhatEndsWhileItsMessageHangsIsNotForgottenWhereThatFails) {
  for (const Outcome outcome : {Outcome::kSent, Outcome::kRetry}) {
    Core core;
    core.hanging = {"c"};
    core.outcome["c"] = outcome;
    core.alarm("f1", "hot", active(1, 100));
    core.wait(seconds{12});
    core.alarm("f1", "hot", alarm_message(Severity::kInfo, 2, AlarmState::kNormal));
    core.answer();
    core.alarm("f1", "hot", active(3, 200));
    core.wait(seconds{1});
    core.outcome["c"] = Outcome::kSent;
    core.alarm("f1", "hot", alarm_message(Severity::kInfo, 4, AlarmState::kNormal));
    core.wait(minutes{3});
    std::set<std::string> named;
    for (const Notification& message : core.arrived) {
      for (const NotificationItem& item : message.items) named.insert(item.text);
    }
    EXPECT_TRUE(named.contains("too warm since 100"));
    const auto told = core.take_told();
    EXPECT_EQ(std::ranges::count(told, "c: open f1/hot"), outcome == Outcome::kSent ? 1 : 0);
  }
}

TEST(MissedEnds, WhatIsNoLaterEpisodeEndsNone) {
  AlarmMessage without = active(3, 0);
  without.since = {};
  AlarmMessage restarted = active(1, 300);
  restarted.epoch = "after a lost state file";
  const std::pair<const char*, AlarmMessage> rows[] = {
      {"a refresh", active(1, 100)},       {"out of order", active(0, 50)},
      {"it became worse", active(2, 100)}, {"another rule changed meanwhile", active(9, 100)},
      {"nothing between", active(2, 160)}, {"since when is not said", without},
      {"another epoch", restarted}};
  for (const auto& [name, message] : rows) {
    Core core;
    core.alarm("f1", "hot", active(1, 100));
    core.wait(minutes{2});
    core.alarm("f1", "hot", message);
    EXPECT_EQ(core.last_json("_bridge/main/book/f1/hot")["episode"], 1) << name;
  }
}

}  // namespace
}  // namespace coldwatch
