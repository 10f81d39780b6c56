// Who hears of an alarm: the first route that matches, its hours, and its escalation.
#include "bridge/alarms/routes.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// Saturday
constexpr UtcTime kMidnight = std::chrono::sys_days{std::chrono::January / 1 / 2000};

TimeZone utc() {
  std::string error;
  return TimeZone::find("UTC", error).value();
}

BridgeConfig with(std::vector<Route> routes) {
  BridgeConfig config;
  config.notifiers = {{.name = "chat"}, {.name = "phone"}};
  config.routes = std::move(routes);
  return config;
}

Audience ask(const BridgeConfig& config, const char* notifier, UtcTime now,
             std::optional<UtcTime> unattended_since = std::nullopt) {
  const Subject subject{"lab", "f1", "pt_off", "", Severity::kCritical};
  return audience(config, notifier, subject, unattended_since, utc(), now);
}

Route day() { return {.to = {"chat"}, .hours = parse_hours("08:00-18:00")}; }
Route night() { return {.to = {"phone"}, .hours = parse_hours("18:00-08:00")}; }

TEST(Routes, HoursChooseTheRoute) {
  const BridgeConfig config = with({day(), night()});
  const struct {
    Milliseconds at;
    bool chat;
    bool phone;
  } rows[] = {{hours{0}, false, true},
              {hours{8} - Milliseconds{1}, false, true},
              {hours{8}, true, false},
              {hours{18} - Milliseconds{1}, true, false},
              {hours{18}, false, true}};
  for (const auto& row : rows) {
    EXPECT_EQ(ask(config, "chat", kMidnight + row.at).routed, row.chat) << row.at.count();
    EXPECT_EQ(ask(config, "phone", kMidnight + row.at).routed, row.phone) << row.at.count();
  }
  EXPECT_EQ(ask(config, "chat", kMidnight).from, kMidnight + hours{8});
  EXPECT_EQ(ask(config, "phone", kMidnight + hours{9}).from, kMidnight + hours{18});
}

TEST(Routes, OutsideTheHoursOfAllRoutesEverybodyHears) {
  const BridgeConfig config = with({day()});
  EXPECT_TRUE(ask(config, "chat", kMidnight).routed);
  EXPECT_TRUE(ask(config, "phone", kMidnight).routed);
  EXPECT_FALSE(ask(config, "phone", kMidnight + hours{9}).routed);
}

TEST(Routes, AnEscalationHoldsWithItsRoute) {
  Route route = day();
  route.escalate = {{minutes{15}, {"phone"}}};
  const BridgeConfig config = with({route, {.to = {"chat"}}});
  const UtcTime raised = kMidnight + hours{17} + minutes{50};
  EXPECT_EQ(ask(config, "phone", raised, raised).from, kMidnight + hours{18}) << "the route ends";
  EXPECT_FALSE(ask(config, "phone", raised + minutes{15}, raised).routed);
  const UtcTime early = kMidnight + hours{9};
  EXPECT_EQ(ask(config, "phone", early, early).from, early + minutes{15});
  EXPECT_EQ(ask(config, "phone", early + minutes{15}, early).step, 1);
}

TEST(Routes, TheFirstMatchWinsUnlessItGoesOn) {
  Route first{.match = {{{"fridge", {"f1"}}}}, .to = {"chat"}};
  EXPECT_FALSE(ask(with({first, {.to = {"phone"}}}), "phone", kMidnight).routed);
  first.go_on = true;
  EXPECT_TRUE(ask(with({first, {.to = {"phone"}}}), "phone", kMidnight).routed);
  EXPECT_TRUE(ask(with({}), "phone", kMidnight).routed);
  EXPECT_FALSE(ask(with({{.to = {}}}), "phone", kMidnight).routed);
}

}  // namespace
}  // namespace coldwatch
