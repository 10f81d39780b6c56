#include "bridge/patches.hpp"

#include <gtest/gtest.h>

#include <random>

namespace coldwatch {
namespace {

using nlohmann::json;

/// Members that come, stay, change and go, as those of an alarm do.
struct Thing {
  std::string name;
  std::string unit;
  std::optional<double> value;
  bool stale = false;
  int count = 0;
  bool operator==(const Thing&) const = default;
};

std::string written(const std::vector<Thing>& things) {
  std::string text;
  Patches patches{text};
  for (const Thing& thing : things) {
    patches.begin_object();
    patches.text("name", thing.name);
    patches.some_text("unit", thing.unit);
    patches.some_number("value", thing.value);
    if (thing.stale) patches.flag("stale", true);
    patches.value("counts") += "[" + std::to_string(thing.count) + "]";
    patches.end_object();
  }
  patches.end();
  return text;
}

std::vector<Thing> read(const std::string& text) {
  return read_patches<Thing>(json::parse(text), [](const json& object) {
    Thing thing;
    thing.name = object.at("name");
    thing.unit = object.value("unit", "");
    if (object.contains("value")) thing.value = object["value"].get<double>();
    thing.stale = object.value("stale", false);
    thing.count = object.at("counts").at(0);
    return thing;
  });
}

TEST(Patches, SayOnlyWhatChanges) {
  EXPECT_EQ(written({}), "[]");
  EXPECT_EQ(written({{"a", "K", 4, true, 1},
                     {"a", "K", 4, true, 1},
                     {"b", "", 4, false, 1},
                     {"b", "", {}, false, 2}}),
            R"([{"name":"a","unit":"K","value":4.0,"stale":true,"counts":[1]},{},)"
            R"({"name":"b","unit":null,"stale":null},{"counts":[2],"value":null}])");
}

TEST(Patches, ReadBackAsTheyWere) {
  std::mt19937 random{7};
  for (int round = 0; round < 200; ++round) {
    std::vector<Thing> things;
    for (unsigned i = random() % 30; i > 0; --i) {
      things.push_back(
          {.name = std::string(random() % 3, 'n') + "\"\\\n",
           .unit = random() % 2 == 0 ? "" : "mbar",
           .value = random() % 2 == 0 ? std::nullopt : std::optional{random() % 3 / 2.0},
           .stale = random() % 3 == 0,
           .count = static_cast<int>(random() % 2)});
    }
    EXPECT_EQ(read(written(things)), things);
  }
}

TEST(Patches, WhatIsNoListOfThemIsNotRead) {
  EXPECT_THROW(read("[7]"), json::exception);
  EXPECT_THROW(read("7"), json::exception);
  EXPECT_THROW(read(R"([{"name":"a"}])"), json::exception);
}

}  // namespace
}  // namespace coldwatch
