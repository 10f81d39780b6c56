// The bridge's own alarms, from what it hears to what people read.
#include <gtest/gtest.h>

#include "tests/bridge/bridge_helper.hpp"

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Told = std::vector<std::string>;

const std::string kDropped = "$SYS/broker/publish/messages/dropped";

std::string health(int n, const std::string& log, const std::string& text = "") {
  nlohmann::json object{{"t", "2026-01-01T00:00:00.000Z"}, {"epoch", "e"}, {"n", n}, {"log", log}};
  if (!text.empty()) object["log_text"] = text;
  return object.dump();
}

TEST(OwnAlarms, ALastWillMustHoldForAMinuteAndAHalf) {
  Core core;
  core.publish("f1/status", "online");
  core.publish("f1/status", "offline");
  core.wait(seconds{60});
  core.publish("f1/status", "online");
  core.wait(hours{1});
  EXPECT_EQ(core.take_told(), Told{}) << "it came back in time";
  core.publish("f1/status", "offline");
  core.wait(seconds{99});
  EXPECT_EQ(core.take_told(), Told{});
  core.wait(seconds{1});
  EXPECT_EQ(core.take_told(), Told{"c: open f1/agent_offline"}) << "90 s and group_wait";
  core.publish("f1/status", "online");
  EXPECT_EQ(core.take_told(), Told{"c: clear f1/agent_offline"});
}

TEST(OwnAlarms, SeveralSilentFridgesAreOneQuestion) {
  Core core;
  for (const char* fridge : {"f1", "f2", "f3"}) {
    core.publish(std::string{fridge} + "/status", "offline");
    core.wait(seconds{2});
  }
  core.wait(seconds{120});
  ASSERT_EQ(core.arrived.size(), 1U);
  EXPECT_EQ(core.arrived[0].title, "Power or network? 3 fridges are silent");
  EXPECT_EQ(core.take_told(),
            Told{"c: open f1/agent_offline open f2/agent_offline open f3/agent_offline"});
}

TEST(OwnAlarms, AMissingHeartbeatIsSilenceAndEndsNothing) {
  Core core;
  core.publish("f1/health", health(1, "live"));
  core.alarm("f1", "hot", alarm_message(Severity::kCritical, 1));
  core.wait(seconds{89});
  EXPECT_EQ(core.take_told(), Told{"c: open f1/hot"});
  core.wait(minutes{10});
  EXPECT_EQ(core.take_told(), Told{"c: stale f1/hot"})
      << "that the source is silent is said once, with the alarm that people know";
  core.publish("f1/health", health(2, "live"));
  core.wait(seconds{80});
  EXPECT_EQ(core.take_told(), Told{"c: fresh f1/hot"});
}

TEST(OwnAlarms, ALogThatStoppedOrCannotBeRead) {
  const std::pair<const char*, const char*> rows[] = {
      {"stale", "log_stopped"}, {"missing", "log_stopped"}, {"unreadable", "log_unreadable"}};
  for (const auto& [state, rule] : rows) {
    Core core;
    const auto say = [&core](int n, const char* log, const char* text) {
      core.publish("f1/health", health(n, log, text));
      core.wait(seconds{30});
    };
    say(1, "live", "");
    say(2, state, "no row for 10 min");
    EXPECT_EQ(core.take_told(), Told{}) << state;
    for (int n = 3; n < 7; ++n) say(n, state, "no row for 20 min");
    EXPECT_EQ(core.take_told(), Told{"c: open f1/" + std::string{rule}});
    EXPECT_NE(core.arrived[0].title.find("no row for 10 min"), std::string::npos);
    say(7, "live", "");
    EXPECT_EQ(core.take_told(), Told{"c: clear f1/" + std::string{rule}});
  }
}

TEST(OwnAlarms, AFailingNotifierIsToldThroughTheOthers) {
  Core core{config_with({"mail", "phone"})};
  core.outcome["mail"] = Outcome::kRetry;
  core.alarm("f1", "hot", alarm_message(Severity::kCritical, 1));
  core.wait(minutes{14});
  EXPECT_EQ(core.take_told(), Told{"phone: open f1/hot"});
  core.wait(minutes{3});
  EXPECT_EQ(core.take_told(), Told{"phone: open _bridge/notifier_failing_mail"});
  EXPECT_NE(core.arrived.back().title.find("no route to host"), std::string::npos);
  const auto failing = core.bridge().health(core.now()).failing;
  ASSERT_EQ(failing.size(), 1U);
  EXPECT_EQ(failing.begin()->first, "mail");
  EXPECT_FALSE(failing.begin()->second.empty());
  core.outcome["mail"] = Outcome::kSent;
  core.wait(minutes{2});
  EXPECT_EQ(core.take_told(),
            (Told{"mail: open f1/hot", "phone: clear _bridge/notifier_failing_mail"}));
}

TEST(OwnAlarms, ANotifierThatIsSetUpWronglyIsToldWithinMinutes) {
  Core core{config_with({"mail", "phone"})};
  core.outcome["mail"] = Outcome::kBroken;
  core.alarm("f1", "hot", alarm_message(Severity::kCritical, 1));
  core.wait(seconds{90});
  EXPECT_EQ(core.take_told(),
            (Told{"phone: open f1/hot", "phone: open _bridge/notifier_failing_mail"}));
}

TEST(OwnAlarms, ALostBrokerIsCriticalWhenItStaysAway) {
  Core core;
  core.bridge().on_connection(true, "", core.now());
  core.bridge().on_connection(false, "connection refused", core.now());
  core.wait(seconds{80});
  core.bridge().on_connection(true, "", core.now());
  core.wait(hours{1});
  EXPECT_EQ(core.take_told(), Told{});
  core.publish("f1/health", health(1, "live"));
  core.bridge().on_connection(false, "connection refused", core.now());
  core.wait(seconds{95});
  EXPECT_EQ(core.take_told(), Told{"c: open _bridge/broker_lost"})
      << "and nobody is called silent, as nobody can be heard";
  EXPECT_EQ(core.arrived[0].severity, Severity::kCritical);
  core.bridge().on_connection(true, "", core.now());
  core.step();
  EXPECT_EQ(core.take_told(), Told{"c: clear _bridge/broker_lost"});
}

TEST(OwnAlarms, TheBrokersCountOfDroppedMessagesMustRise) {
  Core core;
  const auto count = [&core](const std::string& number) {
    core.bridge().on_message(kDropped, number, true, core.now());
    core.wait(seconds{20});
  };
  for (const char* one : {"12", "12", "", "nan", "x", "12", "3", "3"}) count(one);
  EXPECT_EQ(core.take_told(), Told{}) << "no more than before; a broker that restarts begins anew";
  count("8");
  EXPECT_EQ(core.take_told(), Told{"c: open _bridge/messages_dropped"});
  EXPECT_NE(core.arrived[0].items[0].text.text().find("dropped messages, 5 since"), std::string::npos);
  core.wait(hours{1});
  EXPECT_EQ(core.take_told(), Told{"c: clear _bridge/messages_dropped"}) << "an hour without";
}

TEST(OwnAlarms, WhatTheProgramAroundTheCoreFinds) {
  const std::pair<const char*, Milliseconds> rows[] = {
      {"queue_growing", minutes{5}}, {"store_failing", minutes{1}}, {"drill_missing", seconds{0}}};
  for (const auto& [kind, hold] : rows) {
    Core core;
    core.bridge().set_own_alarm(kind, true, "it is so", core.now());
    core.wait(hold - Milliseconds{1});
    EXPECT_EQ(core.take_told(), Told{}) << kind;
    core.wait(seconds{11});
    EXPECT_EQ(core.take_told(), Told{"c: open _bridge/" + std::string{kind}});
    core.bridge().set_own_alarm(kind, false, "", core.now());
    core.step();
    EXPECT_EQ(core.take_told(), Told{"c: clear _bridge/" + std::string{kind}});
  }
}

TEST(OwnAlarms, HoldAndSeverityAreTheConfigs) {
  BridgeConfig config = config_with({"c"});
  config.own_alarms["agent_offline"] = {seconds{5}, Severity::kCritical};
  Core core{config};
  core.publish("f1/status", "offline");
  core.wait(seconds{7});
  EXPECT_EQ(core.take_told(), Told{"c: open f1/agent_offline"});
  EXPECT_EQ(core.arrived[0].severity, Severity::kCritical);
}

}  // namespace
}  // namespace coldwatch
