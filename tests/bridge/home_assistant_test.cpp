#include "bridge/home_assistant.hpp"

#include <gtest/gtest.h>

#include "common/json.hpp"
#include "tests/bridge/bridge_helper.hpp"

namespace coldwatch {
namespace {

constexpr const char* kInfo = R"json({"schema":1,"version":"0.1.0","epoch":"e","rules_rev":"r",
  "channels":{"MC_T_K":{"name":"MC T(K)","unit":"K","stream":"main"},
              "P1":{"name":"","stream":"main"}},
  "rules":[{"id":"mc_hi","measure":"threshold","kind":"alarm"},
           {"id":"filled","measure":"threshold","kind":"notice"}]})json";

std::optional<Publication> make(std::string_view info, std::string& error) {
  return discovery_publication("homeassistant", "coldwatch", "lab", "bf1", info, error);
}

TEST(HomeAssistant, MakesADeviceOfAFridge) {
  std::string error;
  const auto made = make(kInfo, error);
  ASSERT_TRUE(made) << error;
  EXPECT_EQ(made->topic, "homeassistant/device/coldwatch_lab_bf1/config");
  EXPECT_TRUE(made->retain);
  const auto message = parse_json(made->payload);
  EXPECT_EQ(message["availability"][0]["topic"], "coldwatch/lab/bf1/status");
  EXPECT_EQ(message["dev"]["ids"], nlohmann::json{"coldwatch_lab_bf1"});
  EXPECT_EQ(message["o"]["name"], "coldwatch") << "Home Assistant demands an origin";
  ASSERT_EQ(message["cmps"].size(), 3) << "a notice has no state";

  const auto& sensor = message["cmps"]["MC_T_K"];
  EXPECT_EQ(sensor["p"], "sensor");
  EXPECT_EQ(sensor["name"], "MC T(K)");
  EXPECT_EQ(sensor["unit_of_measurement"], "K");
  EXPECT_EQ(sensor["state_topic"], "coldwatch/lab/bf1/reading/MC_T_K");
  EXPECT_FALSE(sensor.contains("device_class")) << "it would turn kelvins into degrees Celsius";
  EXPECT_EQ(message["cmps"]["P1"]["name"], "P1");
  EXPECT_FALSE(message["cmps"]["P1"].contains("unit_of_measurement"));

  const auto& problem = message["cmps"]["alarm_mc_hi"];
  EXPECT_EQ(problem["p"], "binary_sensor");
  EXPECT_EQ(problem["device_class"], "problem");
  EXPECT_EQ(problem["state_topic"], "coldwatch/lab/bf1/alarm/mc_hi");
}

TEST(HomeAssistant, RemovesAFridgeThatIsGone) {
  std::string error;
  const auto made = make("", error);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->payload, "");
  EXPECT_TRUE(made->retain);
}

TEST(HomeAssistant, RefusesWhatIsNoInfo) {
  for (const char* info : {"online", "{", "[]", "7", "null", R"({"channels":{}})",
                           R"({"channels":[],"rules":[]})", R"({"channels":{},"rules":{}})"}) {
    std::string error;
    EXPECT_FALSE(make(info, error)) << info;
    EXPECT_NE(error, "") << info;
  }
}

TEST(HomeAssistant, LeavesOutWhatCannotBeATopic) {
  std::string error;
  const auto made = make(R"({"channels":{"a/b":{"name":"x"},"#":{},"ok":7},
      "rules":[7,{"id":7,"kind":"alarm"},{"id":"+","kind":"alarm"}]})",
                         error);
  ASSERT_TRUE(made) << error;
  const auto components = parse_json(made->payload)["cmps"];
  ASSERT_EQ(components.size(), 1);
  EXPECT_EQ(components["ok"]["name"], "ok");
}

TEST(HomeAssistant, RefusesMoreThanAnyFridgeHas) {
  std::string error;
  EXPECT_FALSE(make(std::string(200'000, '['), error));
  nlohmann::json info{{"channels", nlohmann::json::object()}, {"rules", nlohmann::json::array()}};
  for (std::size_t i = 0; i < kMostComponents; ++i) {
    info["channels"]["c" + std::to_string(i)] = {{"name", std::string(10, '\x01')}};
  }
  const auto made = make(info.dump(), error);
  ASSERT_TRUE(made) << error;
  EXPECT_LT(made->payload.size(), 1'000'000U);
  EXPECT_EQ(made->payload.find("\\u0001"), std::string::npos);
  info["rules"].push_back(7);
  EXPECT_FALSE(make(info.dump(), error));
  EXPECT_NE(error.find("2001"), std::string::npos) << error;
}

TEST(NewInfos, TheNewestOfEachFridgeWhereItIsAnotherOne) {
  const FridgeId id{"lab", "f"};
  const UtcTime start{std::chrono::hours{1'000'000}};
  NewInfos infos;
  for (const char* info : {"a", "b", "c"}) infos.note(id, info, start);
  EXPECT_EQ(infos.next(), start);
  auto due = infos.take_due(start);
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].second, "c");
  infos.note(id, "c", start);
  EXPECT_EQ(infos.next(), std::nullopt) << "it is the same";
  infos.forget();
  infos.note(id, "c", start);
  EXPECT_EQ(infos.take_due(start).size(), 1U) << "another broker does not know it";
}

TEST(NewInfos, OneThatChangesAllTheTimeWaits) {
  const FridgeId mad{"lab", "mad"};
  const UtcTime start{std::chrono::hours{1'000'000}};
  NewInfos infos;
  std::size_t taken = 0;
  for (int second = 0; second < 100; ++second) {
    for (int i = 0; i < 10; ++i) {
      const UtcTime now = start + std::chrono::milliseconds{1000 * second + 100 * i};
      infos.note(mad, std::to_string(1000 * second + i), now);
      taken += infos.take_due(now).size();
    }
  }
  EXPECT_GE(taken, 20U);
  EXPECT_LE(taken, 25U);
  infos.note({"lab", "calm"}, "x", start);
  EXPECT_EQ(infos.next(), start) << "others need not wait";
}

TEST(HomeAssistant, TheBridgeTellsOnlyWhereItIsAskedTo) {
  for (const bool on : {false, true}) {
    BridgeConfig config = config_with({"c"});
    if (on) config.home_assistant = "coldwatch/lab/ha";  // where the helper looks
    Core core{config};
    core.publish("bf1/info", kInfo, true);
    const std::string* told = core.last("ha/device/coldwatch_lab_bf1/config");
    ASSERT_EQ(told != nullptr, on);
    if (!on) continue;
    EXPECT_NE(*told, "");
    core.publish("bf1/info", "", true);
    EXPECT_EQ(*core.last("ha/device/coldwatch_lab_bf1/config"), "");
    core.publish("bf1/info", "nonsense", true);
    EXPECT_EQ(core.remarks.size(), 1);
    core.publish("bf1/info", kInfo, true);
    core.take_published();
    core.publish("bf1/info", kInfo, true);
    EXPECT_TRUE(core.take_published().empty()) << "nothing has changed";
  }
}

}  // namespace
}  // namespace coldwatch
