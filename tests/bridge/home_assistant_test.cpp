#include "bridge/home_assistant.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

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
  const auto message = nlohmann::json::parse(made->payload);
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
  const auto components = nlohmann::json::parse(made->payload)["cmps"];
  ASSERT_EQ(components.size(), 1);
  EXPECT_EQ(components["ok"]["name"], "ok");
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
  }
}

}  // namespace
}  // namespace coldwatch
