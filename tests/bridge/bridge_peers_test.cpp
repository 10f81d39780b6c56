// Two bridges over one broker, in simulated time: each alarm is told once, whichever of them lives.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/bridge/two_bridges_helper.hpp"

namespace coldwatch {
namespace {

using Told = std::vector<std::string>;

const Told kOpen{"mail: open f1/hot", "phone: open f1/hot"};
const Told kClear{"mail: clear f1/hot", "phone: clear f1/hot"};
const Told kNothing{};

AlarmMessage raise(std::uint64_t seq) { return alarm_message(Severity::kCritical, seq); }
AlarmMessage clear(std::uint64_t seq) {
  return alarm_message(Severity::kInfo, seq, AlarmState::kNormal);
}

/// What was told of fridges, without what the bridges say of themselves.
Told of_fridges(Told told) {
  std::erase_if(told, [](const std::string& line) { return line.find("_bridge") != line.npos; });
  return told;
}

TEST(BridgePeers, TellOnceWhileBothLive) {
  TwoBridges two;
  for (std::uint64_t episode = 0; episode < 3; ++episode) {
    two.alarm("f1", raise(2 * episode + 1));
    two.wait(60);
    EXPECT_EQ(two.take_told(0), kOpen);
    two.alarm("f1", clear(2 * episode + 2));
    two.wait(60);
    EXPECT_EQ(two.take_told(0), kClear);
  }
  two.wait(600);
  EXPECT_EQ(two.take_told(1), kNothing);
}

TEST(BridgePeers, TheSecondTellsWhatTheFirstCannot) {
  TwoBridges two;
  two.core(0).outcome["mail"] = Outcome::kRetry;
  two.alarm("f1", raise(1));
  two.wait(60);
  EXPECT_EQ(two.take_told(0), Told{"phone: open f1/hot"});
  EXPECT_EQ(two.take_told(1), Told{"mail: open f1/hot"});
  two.core(0).outcome["mail"] = Outcome::kSent;
  two.wait(120);
  EXPECT_EQ(two.take_told(0), kNothing) << "the first one knows that the second one has";
}

TEST(BridgePeers, TheSecondTellsWhenTheFirstIsGone) {
  TwoBridges two;
  two.alarm("f1", raise(1));
  two.kill(0);  // before it told anything
  two.wait(3);
  EXPECT_EQ(two.take_told(1), kOpen) << "it hears of the death, and waits for nobody";
  two.alarm("f1", clear(2));
  two.wait(5);
  EXPECT_EQ(two.take_told(1), kClear);
}

TEST(BridgePeers, TheSecondGoesOnInTheThreadOfTheFirst) {
  TwoBridges two;
  two.alarm("f1", raise(1));
  two.wait(30);
  EXPECT_EQ(two.take_told(0), kOpen);
  two.kill(0);
  two.wait(300);
  EXPECT_EQ(two.take_told(1), kNothing);
  two.alarm("f1", clear(2));
  two.wait(30);
  EXPECT_EQ(two.take_told(1), kClear);
  const Notification& open = two.core(0).arrived[0];
  const Notification& end = two.core(1).arrived[0];
  EXPECT_EQ(end.incident, open.incident);
  EXPECT_EQ(end.title, open.title);
  EXPECT_EQ(end.number, open.number + 1);
}

TEST(BridgePeers, BothCallAnIncidentTheSame) {
  TwoBridges two;
  two.alarm("f1", raise(1));
  const auto incident = [&two](std::size_t side) {
    return two.core(side).bridge().book().find({"lab", "f1", "hot"})->incident;
  };
  EXPECT_EQ(incident(0), incident(1));
  EXPECT_EQ(incident(0).text().size(), 26U);
}

TEST(BridgePeers, TheFirstIsAsQuickAsAlone) {
  TwoBridges two;
  two.kill(1);
  two.alarm("f1", raise(1));
  two.wait(3);
  EXPECT_EQ(two.take_told(0), kOpen);
}

TEST(BridgePeers, OneThatReturnsKnowsWhatTheOtherHasTold) {
  TwoBridges two;
  two.alarm("f1", raise(1));
  two.wait(30);
  EXPECT_EQ(two.take_told(0), kOpen);
  two.kill(0);
  two.alarm("f1", clear(2));
  two.wait(30);
  EXPECT_EQ(two.take_told(1), kClear);
  two.alarm("f2", raise(1));
  two.wait(30);
  EXPECT_EQ(two.take_told(1), (Told{"mail: open f2/hot", "phone: open f2/hot"}));
  two.start(0);
  two.wait(120);
  EXPECT_EQ(two.take_told(0), kNothing);
  two.kill(1);
  two.alarm("f2", clear(2));
  two.wait(30);
  EXPECT_EQ(two.take_told(0), (Told{"mail: clear f2/hot", "phone: clear f2/hot"}));
}

TEST(BridgePeers, ABrokerThatForgetsMakesNobodyTellTwice) {
  TwoBridges two;
  two.alarm("f1", raise(1));
  two.wait(2);
  two.lose_broker(120);  // the word of what was told may never have arrived
  two.alarm("f1", raise(1));
  two.wait(300);
  EXPECT_EQ(of_fridges(two.take_told(0)), kOpen);
  EXPECT_EQ(of_fridges(two.take_told(1)), kNothing);
}

TEST(BridgePeers, WhoIsCutOffTellsWhatItKnowsAndSaysSo) {
  TwoBridges two;
  two.alarm("f1", raise(1));
  two.cut(0);
  two.cut(1);
  two.wait(30);
  EXPECT_EQ(two.take_told(0), kOpen);
  EXPECT_EQ(two.take_told(1), kOpen);
  EXPECT_TRUE(two.core(0).arrived[0].may_be_duplicate);
  EXPECT_TRUE(two.core(1).arrived[0].may_be_duplicate);
  two.join(0);
  two.join(1);
  two.alarm("f1", clear(2));
  two.wait(60);
  EXPECT_EQ(of_fridges(two.take_told(0)), kClear);
  EXPECT_EQ(of_fridges(two.take_told(1)), kNothing);
  EXPECT_FALSE(two.core(0).arrived.back().may_be_duplicate);
}

TEST(BridgePeers, AnAcknowledgementCountsForBothAndIsAnsweredOnce) {
  TwoBridges two;
  two.alarm("f1", raise(1));
  two.wait(30);
  two.command("main", "ack", R"({"fridge":"f1","by":"Ann","requester":"me"})");
  EXPECT_NE(two.core(0).last("_bridge/main/reply/me"), nullptr);
  EXPECT_EQ(two.core(1).last("_bridge/main/reply/me"), nullptr);
  EXPECT_EQ(two.core(1).last_json("_bridge/second/book/f1/hot")["acknowledged_by"], "Ann");
  two.take_told(0);
  two.kill(0);
  two.wait(2 * 3600);
  EXPECT_EQ(two.take_told(1), kNothing) << "no reminder of what somebody has in hand";
  two.command("main", "unack", R"({"fridge":"f1","by":"Ann","requester":"me2"})");
  EXPECT_NE(two.core(1).last("_bridge/main/reply/me2"), nullptr) << "in the place of the dead one";
}

TEST(BridgePeers, WhoWasAwayLearnsOfAcknowledgementsAndShelves) {
  TwoBridges two;
  two.alarm("f1", raise(1));
  two.command("main", "shelve", R"({"match":{"fridge":"f2"},"by":"Ann","for":"10h"})");
  two.command("main", "shelve", R"({"match":{"fridge":"f3"},"by":"Ann","for":"10h"})");
  two.wait(30);
  EXPECT_EQ(two.core(1).bridge().shelves().size(), 2U);
  two.kill(1);
  two.command("main", "ack", R"({"fridge":"f1","by":"Ann"})");
  two.command("main", "unshelve", R"({"match":{"fridge":"f3"},"by":"Ann"})");
  two.command("main", "shelve", R"({"match":{"fridge":"f4"},"by":"Ann","for":"10h"})");
  two.take_told(0);
  two.wait(10);
  two.start(1);
  two.wait(60);
  two.kill(0);
  for (const char* fridge : {"f2", "f3", "f4"}) two.alarm(fridge, raise(1));
  two.wait(2 * 3600);
  const Told told = two.take_told(1);
  ASSERT_GE(told.size(), 2U);
  for (const std::string& line : told) {
    EXPECT_NE(line.find("f3/hot"), line.npos) << line;
    for (const char* quiet : {"f1/hot", "f2/hot", "f4/hot"}) {
      EXPECT_EQ(line.find(quiet), line.npos) << line;
    }
  }
}

TEST(BridgePeers, TheEndIsToldInWhateverOrderEverythingComesAtOnce) {
  const std::string known =
      R"({"shown":"active","severity":"critical","stale":false,"current":true,"number":1,)"
      R"("title":"x","version":{"main":1}})";
  using Message = std::pair<std::string, std::string>;
  std::vector<Message> messages{
      {"_bridge/main/status", "offline"},
      {"_bridge/notified/f1/hot",
       R"({"by":"main","notifier":"mail","incident":"01M81SJX0QR8H74720BK0C0001","intent":"open",)"
       R"("severity":"critical","epoch":"e","seq":1,"known":{"mail":)" +
           known + R"(,"phone":)" + known + "}}"},
      {"f1/alarm/hot", dump(to_json(raise(1)))},
      {"f1/alarm/hot", dump(to_json(clear(2)))}};
  std::ranges::sort(messages);
  int orders = 0;
  do {
    TwoBridges two;
    Core& second = two.core(1);
    for (const auto& [topic, payload] : messages) {
      second.bridge().on_message("coldwatch/lab/" + topic, payload, false, second.now());
    }
    second.step();
    two.wait(60);
    EXPECT_EQ(two.take_told(1), kClear) << "order " << orders;
    ++orders;
  } while (std::ranges::next_permutation(messages).found);
  EXPECT_EQ(orders, 24);
}

TEST(BridgePeers, ARecordOfAnEarlierEpisodeDoesNotHideANewOne) {
  const auto record = [](std::uint64_t seq) {
    const std::string known = R"({"shown":"active","severity":"critical","stale":false,)"
                              R"("current":true,"number":1,"title":"x","version":{"main":1}})";
    return R"({"by":"main","notifier":"mail","incident":"01M81SJX0QR8H74720BK0C0001",)"
           R"("intent":"open","severity":"critical","epoch":"e","known":{"mail":)" +
           known + R"(,"phone":)" + known + R"(},"seq":)" + std::to_string(seq) + "}";
  };
  TwoBridges two;
  two.kill(0);
  Core& second = two.core(1);
  second.alarm("f1", "hot", raise(5));
  second.publish("_bridge/notified/f1/hot", record(3), true);
  two.wait(30);
  EXPECT_EQ(second.take_told(), kOpen);
  second.publish("_bridge/notified/f2/dry", record(5), true);
  second.alarm("f2", "dry", raise(5));
  two.wait(600);
  EXPECT_EQ(second.take_told(), kNothing) << "this one was told, which was known before it";
  second.remarks.clear();
  for (const char* bad :
       {"{}", "[]", "x", R"({"by":7})", R"({"by":"a/b","notifier":"mail","intent":"open"})"}) {
    second.publish("_bridge/notified/f1/hot", bad);
    second.publish("_bridge/main/shelves", bad);
    second.publish("_bridge/main/book/f1/hot", bad);
  }
  EXPECT_EQ(second.remarks.size(), 10U);
  second.alarm("f1", "hot", clear(6));
  EXPECT_EQ(two.take_told(1), kClear);
}

}  // namespace
}  // namespace coldwatch
