#include <gtest/gtest.h>

#include "bridge/watch/drill.hpp"
#include "bridge/watch/fridges.hpp"
#include "bridge/watch/own_alarms.hpp"

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr UtcTime kStart{hours{1'000'000}};
const FridgeId kFridge{"lab", "f1"};

TEST(Fridges, AMissingHeartbeatIsSilence) {
  Fridges fridges{seconds{90}};
  fridges.heartbeat(kFridge, kStart);
  fridges.advance(kStart + seconds{89});
  EXPECT_FALSE(fridges.offline(kFridge));
  fridges.advance(kStart + seconds{90});
  ASSERT_TRUE(fridges.offline(kFridge));
  EXPECT_EQ(fridges.take_changes().at(0).since, kStart);
  fridges.heard(kFridge, kStart + seconds{100});
  EXPECT_FALSE(fridges.offline(kFridge));
  fridges.advance(kStart + seconds{110});
  EXPECT_EQ(fridges.take_settled(), std::vector<FridgeId>{kFridge});
}

TEST(Fridges, WithoutABrokerNobodyIsSilent) {
  Fridges fridges{seconds{90}};
  fridges.heartbeat(kFridge, kStart);
  fridges.set_connected(false, kStart + seconds{10});
  fridges.advance(kStart + hours{10});
  EXPECT_FALSE(fridges.offline(kFridge));
  fridges.set_connected(true, kStart + hours{10});
  fridges.advance(kStart + hours{10} + seconds{89});
  EXPECT_FALSE(fridges.offline(kFridge));
  fridges.advance(kStart + hours{10} + seconds{90});
  EXPECT_TRUE(fridges.offline(kFridge)) << "it was heard before, and is not any more";
}

TEST(Fridges, OneThatNeverSentAHeartbeatIsNotMissedForIt) {
  Fridges fridges{seconds{90}};
  fridges.heard(kFridge, kStart);
  fridges.advance(kStart + hours{10});
  EXPECT_FALSE(fridges.offline(kFridge));
  fridges.went_offline(kFridge, kStart + hours{11});
  EXPECT_TRUE(fridges.offline(kFridge));
}

TEST(Fridges, AreNoMoreThanTheyMayBe) {
  Fridges fridges{seconds{90}};
  for (std::size_t i = 0; i < Fridges::kMostFridges; ++i) {
    ASSERT_NE(fridges.get({"lab", std::to_string(i)}), nullptr);
  }
  EXPECT_EQ(fridges.get({"lab", "one more"}), nullptr);
  EXPECT_NE(fridges.get({"lab", "7"}), nullptr);
}

class Own : public testing::Test {
 protected:
  std::vector<std::pair<AlarmKey, AlarmMessage>> at(seconds time) {
    return own_.advance(kStart + time, [](const AlarmKey&) { return std::uint64_t{4}; });
  }
  OwnAlarms own_{own_alarm_defaults()};
  const AlarmKey key_{"lab", "f1", "agent_offline"};
};

TEST_F(Own, AConditionMustHold) {
  own_.begin(key_, "agent_offline", "silent", kStart);
  EXPECT_TRUE(at(seconds{89}).empty());
  own_.begin(key_, "agent_offline", "silent", kStart + seconds{80});
  const auto raised = at(seconds{90});
  ASSERT_EQ(raised.size(), 1U);
  EXPECT_EQ(raised[0].second.state, AlarmState::kActive);
  EXPECT_EQ(raised[0].second.seq, 5U);
  EXPECT_TRUE(at(seconds{1000}).empty());
  own_.end(key_);
  const auto ended = at(seconds{1001});
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].second.state, AlarmState::kNormal);
}

TEST_F(Own, OneThatEndsBeforeIsNothing) {
  own_.begin(key_, "agent_offline", "silent", kStart);
  own_.end(key_);
  EXPECT_TRUE(at(seconds{1000}).empty());
  own_.end(key_);
  EXPECT_TRUE(at(seconds{1001}).empty());
}

TEST_F(Own, OneOfAnEarlierLifeEndsWhenSomebodySaysSo) {
  own_.restore(key_, kStart, "silent", Severity::kWarning);
  EXPECT_TRUE(at(seconds{1000}).empty());
  own_.end(key_);
  EXPECT_EQ(at(seconds{1001}).size(), 1U);
}

TEST(Drill, MustArriveEverywhere) {
  Drill drill;
  drill.configure({.every = hours{24 * 7}, .late_after = hours{24}});
  const std::set<std::string> notifiers{"mail", "phone"};
  EXPECT_FALSE(drill.begin_if_due(kStart, notifiers)) << "the first call only begins to count";
  const UtcTime due = kStart + hours{24 * 7};
  EXPECT_FALSE(drill.begin_if_due(due - seconds{1}, notifiers));
  EXPECT_TRUE(drill.begin_if_due(due, notifiers));
  EXPECT_FALSE(drill.begin_if_due(due, notifiers));
  EXPECT_FALSE(drill.arrived("mail", due + seconds{3}));
  EXPECT_EQ(drill.missing(due + hours{23}), "");
  Drill after_restart;
  after_restart.configure({.every = hours{24 * 7}, .late_after = hours{24}});
  after_restart.restore(drill.state());
  EXPECT_NE(after_restart.missing(due + hours{24}).find("phone"), std::string::npos);
  EXPECT_EQ(after_restart.arrived("phone", due + seconds{5}), "5 s");
  EXPECT_EQ(after_restart.missing(due + hours{25}), "");
  for (const char* damaged : {"", "{", "[]", R"({"last":7})", R"({"waiting":"x"})",
                              R"({"waiting":{"mail":"yesterday"}})"}) {
    after_restart.restore(damaged);
    EXPECT_EQ(after_restart.missing(due + hours{99}), "") << damaged;
  }
}

TEST(Drill, ANewOneDoesNotHideThatTheLastIsMissing) {
  Drill drill;
  drill.configure({.every = hours{24}, .late_after = hours{30}});
  EXPECT_FALSE(drill.begin_if_due(kStart, {"mail", "phone"}));
  EXPECT_TRUE(drill.begin_if_due(kStart + hours{24}, {"mail", "phone"}));
  EXPECT_EQ(drill.arrived("mail", kStart + hours{25}), std::nullopt);
  EXPECT_TRUE(drill.begin_if_due(kStart + hours{48}, {"mail", "phone"}));
  const std::string missing = drill.missing(kStart + hours{54});
  EXPECT_NE(missing.find("phone"), std::string::npos);
  EXPECT_EQ(missing.find("mail"), std::string::npos) << missing;
  EXPECT_FALSE(drill.begin_if_due(kStart + hours{55}, {"mail"})) << "phone left the config";
  EXPECT_EQ(drill.missing(kStart + hours{55}), "");
}

TEST(Drill, NeverIsNever) {
  Drill drill;
  drill.configure({.every = hours{0}});
  EXPECT_FALSE(drill.begin_if_due(kStart, {"mail"}));
  EXPECT_FALSE(drill.begin_if_due(kStart + hours{100'000}, {"mail"}));
}

}  // namespace
}  // namespace coldwatch
