// What `check` warns of: configs that are right, and wake nobody.
#include "bridge/advice.hpp"

#include <gtest/gtest.h>

#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;
using Sentences = std::vector<std::string>;

Sentences advise(json config) {
  if (!config.contains("notifiers")) {
    config["notifiers"] = {{{"name", "team"}, {"type", "console"}, {"language", "en"}},
                           {{"name", "boss"}, {"type", "console"}, {"language", "zh"}}};
  }
  Mistakes mistakes;
  SettingsReader reader{config, "", mistakes};
  const BridgeConfig read = read_bridge_config(reader, [](SettingsReader&, NotifierSettings&) {});
  EXPECT_TRUE(mistakes.empty()) << describe(mistakes, "config");
  return advice(read, config);
}

const json kAll{{"match", json::object()}, {"to", {"team", "boss"}}};

json route(const json& match, const json& to = {"team", "boss"}, bool go_on = false) {
  return {{"match", match}, {"to", to}, {"continue", go_on}};
}

const std::string kNever1 = "routes[1].match: can never match, routes[0] takes all of it before";

TEST(Advice, NothingIsWrongWithTheseRoutes) {
  const json lists[] = {
      json::array(),
      json::array({kAll}),
      {route({{"severity", "critical"}}), kAll},
      {route(json::object(), {"team"}, true), kAll},
      {route({{"fridge", "f1"}, {"rule", "hot"}}), route({{"fridge", "f1"}}), kAll},
      {route({{"fridge", "f1"}}), route({{"fridge", "f*"}}), kAll},
      {route({{"fridge", "f1"}}), route({{"rule", "hot"}}), kAll},
      json::array({route({{"site", "lab"}})}),
      {route({{"hours", "22:00-07:00"}}, {"boss"}), kAll},
      {route({{"days", {"sat"}}}), route({{"days", {"sun"}}}), kAll},
  };
  for (const json& routes : lists) EXPECT_EQ(advise({{"routes", routes}}), Sentences{}) << routes;
}

TEST(Advice, RoutesThatCanNeverMatch) {
  const std::pair<json, std::string> rows[] = {
      {{kAll, route({{"severity", "critical"}})}, kNever1},
      {{route({{"fridge", "f*"}}), route({{"fridge", "f1"}}), kAll}, kNever1},
      {{route({{"fridge", {"f1", "f2"}}}), route({{"fridge", "f2"}, {"rule", "x"}}), kAll},
       kNever1},
      {{route({{"severity", "*"}}), route({{"severity", {"info", "warning"}}}), kAll}, kNever1},
      {{route({{"hours", "20:00-08:00"}}), route({{"hours", "22:00-07:00"}}), kAll}, kNever1},
      {{route({{"days", {"fri", "sat"}}}),
        route({{"days", {"fri"}}, {"hours", "22:00-07:00"}, {"rule", "x"}}), kAll},
       kNever1},
      {{route({{"site", "celar"}}), kAll},
       "routes[0].match.site: can never match, no fridge has such a site"},
      {{route({{"rule", json::array()}}), kAll},
       "routes[0].match.rule: can never match, no fridge has such a rule"},
  };
  for (const auto& [routes, sentence] : rows) {
    const Sentences found = advise({{"routes", routes}});
    ASSERT_FALSE(found.empty()) << routes;
    EXPECT_EQ(found.front(), sentence) << routes;
  }
}

TEST(Advice, NotifiersWithoutALanguageOrARoute) {
  const json notifiers{{{"name", "team"}, {"type", "console"}},
                       {{"name", "boss"}, {"type", "console"}, {"language", "zh"}}};
  const json routes = json::array({route(json::object(), {"team"})});
  EXPECT_EQ(advise({{"notifiers", notifiers}, {"routes", routes}}),
            (Sentences{"notifiers[0].language: is missing, so team is told in English",
                       "notifiers[1]: no route names boss, it is told only of alarms that no route "
                       "matches"}));
}

TEST(Advice, SeveritiesThatNobodyIsToldOf) {
  const auto lost = [](const std::string& severity) {
    return "routes: nobody is told of an alarm of severity " + severity +
           ", unless a route names its fridge, site, rule or cause";
  };
  const json none = json::array();
  const json later{{"match", {{"severity", "critical"}}},
                   {"to", none},
                   {"escalate", {{{"after", "5m"}, {"to", {"boss"}}}}}};
  EXPECT_EQ(advise({{"routes", {route({{"severity", "critical"}}, none), kAll}}}),
            Sentences{lost("critical")});
  EXPECT_EQ(advise({{"routes", {route({{"severity", {"info", "warning"}}}, none), kAll}}}),
            (Sentences{lost("warning"), lost("info")}));
  EXPECT_EQ(advise({{"routes", {later, kAll}}}), Sentences{});
  const json at_night = route({{"severity", "info"}, {"hours", "22:15-07:00"}}, none);
  EXPECT_EQ(
      advise({{"routes", {at_night, kAll}}}),
      (Sentences{"routes: at some times (first on mon at 00:00) nobody is told of an alarm of "
                 "severity info, unless a route names its fridge, site, rule or cause"}));
}

}  // namespace
}  // namespace coldwatch
