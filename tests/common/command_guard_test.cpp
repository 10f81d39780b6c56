#include "common/command_guard.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

MqttSettings settings(CommandPolicy policy, const std::string& user) {
  MqttSettings settings;
  settings.commands = policy;
  settings.user = user;
  return settings;
}

TEST(CommandGuard, RefusesUntilTheBrokerHasShownItsAccessList) {
  struct Row {
    const char* name;
    CommandPolicy policy;
    const char* user;
    bool v5;
    bool asks;
    const char* refusal;  // before any answer
  };
  const Row rows[] = {
      {"nobody is known by name", CommandPolicy::kAuto, "", true, false, "by name"},
      {"the old version has no refusals", CommandPolicy::kAuto, "f1", false, false,
       "without MQTT 5"},
      {"not answered yet", CommandPolicy::kAuto, "f1", true, true, "has not shown yet"},
      {"allowed by the config", CommandPolicy::kAllow, "", false, false, ""},
      {"refused by the config", CommandPolicy::kRefuse, "f1", true, false, "the config says"}};
  for (const Row& row : rows) {
    CommandGuard guard{settings(row.policy, row.user), "coldwatch"};
    EXPECT_EQ(guard.refusal().empty(), row.policy == CommandPolicy::kAllow) << row.name;
    EXPECT_EQ(guard.connected(row.v5).has_value(), row.asks) << row.name;
    EXPECT_NE(guard.refusal().find(row.refusal), std::string::npos) << row.name;
    EXPECT_EQ(guard.refusal().empty(), *row.refusal == '\0') << row.name;
  }
}

TEST(CommandGuard, BelievesWhatTheBrokerDoesOnThisConnection) {
  CommandGuard guard{settings(CommandPolicy::kAuto, "f1"), "coldwatch"};
  ASSERT_TRUE(guard.connected(true));
  guard.asked(7);
  EXPECT_FALSE(guard.answered(6, false)) << "another message";
  EXPECT_FALSE(guard.refusal().empty());
  EXPECT_TRUE(guard.answered(7, false));
  EXPECT_EQ(guard.refusal(), "");
  ASSERT_TRUE(guard.connected(true)) << "another connection, perhaps to another broker";
  EXPECT_FALSE(guard.refusal().empty());
  guard.asked(8);
  EXPECT_TRUE(guard.answered(8, true));
  EXPECT_NE(guard.refusal().find("lets everybody write everything"), std::string::npos);
  EXPECT_FALSE(guard.answered(8, false)) << "only once";
}

TEST(CommandGuard, ACertificateIsALogInAsWell) {
  MqttSettings with = settings(CommandPolicy::kAuto, "");
  with.certificate = "client.pem";
  EXPECT_TRUE(CommandGuard(with, "coldwatch").connected(true));
}

TEST(CommandGuard, ABrokerThatHangsUpIsNotAskedForEver) {
  CommandGuard guard{settings(CommandPolicy::kAuto, "f1"), "coldwatch"};
  for (Ticket i = 1; i <= 3; ++i) {
    ASSERT_TRUE(guard.connected(true));
    guard.asked(i);
  }
  EXPECT_FALSE(guard.connected(true));
  EXPECT_NE(guard.refusal().find("hangs up"), std::string::npos);
}

}  // namespace
}  // namespace coldwatch
