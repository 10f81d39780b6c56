// Both readers of alarms read the same: of good messages, of bad ones, and of good ones gone bad.
#include "bridge/alarm_reader.hpp"

#include <gtest/gtest.h>

#include <random>

#include "common/json.hpp"

namespace coldwatch {
namespace {

const std::string kFull =
    R"({"cause":"cooling_water","channel":"water_flow","epoch":"e1","id":"f1-abc","kind":"alarm",)"
    R"("latch":true,"limit":13,"playbook":"Look after the pump.","rules_rev":"7f","seq":41,)"
    R"("severity":"critical","since":"2026-01-02T03:02:05Z","state":"active",)"
    R"("t":"2026-01-02T03:04:05.5+01:00","text":"no cooling water","unit":"l/min","value":-0.25,)"
    R"("trend":[[1767323000,4],[1767323060.5,-1e-3]]})";

/// What parse_alarm() makes of it, whether that is a message or a mistake.
void expect_the_same(const std::string& payload) {
  std::string expected_error = "before", error = "before";
  const auto expected = parse_alarm(payload, expected_error);
  EXPECT_EQ(read_alarm(payload, error), expected) << payload.substr(0, 300);
  EXPECT_EQ(error, expected_error) << payload.substr(0, 300);
}

TEST(AlarmReader, ReadsEveryMember) {
  std::string error;
  const auto message = read_alarm(kFull, error);
  ASSERT_TRUE(message) << error;
  EXPECT_EQ(message, parse_alarm(kFull, error));
  EXPECT_EQ(message->text, "no cooling water");
  EXPECT_EQ(message->value, -0.25);
  EXPECT_EQ(message->trend.size(), 2U);
}

TEST(AlarmReader, ReadsTheSameWhateverTheValue) {
  const char* values[] = {"\"\"",
                          "\"active\"",
                          "\"firing\"",
                          "\"\xE6\xB8\xA9\"",
                          "\"\\u0007 \\ud83d\\ude00\"",
                          "\"broken \xFF\"",
                          "null",
                          "true",
                          "0",
                          "-0",
                          "-1",
                          "1.0",
                          "1e400",
                          "9007199254740992",
                          "9007199254740993",
                          "18446744073709551615",
                          "18446744073709551616",
                          "123456789012345678901234567890",
                          "[]",
                          "[[1,2]]",
                          "[[1,2,3]]",
                          "[[\"1\",2]]",
                          "{}",
                          "[[[[[[[1]]]]]]]",
                          "[[[[[[[[1]]]]]]]]",
                          "\"2026-01-02T03:04:05Z\"",
                          "\"2026-13-02T03:04:05Z\""};
  nlohmann::json full = parse_json(kFull);
  for (const auto& [key, was] : full.items()) {
    std::string rest = "{";
    for (const auto& [other, value] : full.items()) {
      if (other != key) rest += "\"" + other + "\":" + value.dump() + ",";
    }
    expect_the_same(rest.substr(0, rest.size() - 1) + "}");
    for (const char* value : values) {
      expect_the_same(rest + "\"" + key + "\":" + value + "}");
      expect_the_same(rest + "\"" + key + "\":1,\"" + key + "\":" + value + "}");
    }
    for (const std::size_t length : {64U, 65U, 128U, 129U, 200U, 201U, 1000U, 1001U, 20000U}) {
      expect_the_same(rest + "\"" + key + "\":\"" + std::string(length, 'x') + "\"}");
    }
  }
  for (const std::size_t points : {120U, 121U}) {
    full["trend"] = std::vector(points, TrendPoint{1767323000, 4.2});
    expect_the_same(full.dump());
  }
  for (const char* text : {"", " ", "[]", "7", "{}", "{\"state\":", "\xEF\xBB\xBF{}"}) {
    expect_the_same(text);
  }
  expect_the_same("\xEF\xBB\xBF" + kFull);
  expect_the_same(R"({"yet":{"unknown":[1,{"a":null}]},)" + kFull.substr(1));
  expect_the_same(kFull + " \n");
  expect_the_same(kFull + kFull);
}

TEST(AlarmReader, ReadsTheSameOfWhatWasDamaged) {
  std::mt19937 random{7};
  const auto below = [&random](std::size_t most) { return random() % most; };
  constexpr std::string_view kBytes = "\"\\{}[]:,0-+.eE19ntfu \t\n\x01\x7F\xC3\xFF";
  for (int i = 0; i < 20'000; ++i) {
    std::string payload = kFull;
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      const std::size_t at = below(payload.size());
      if (const std::size_t what = below(3); what == 0) {
        payload[at] = kBytes[below(kBytes.size())];
      } else if (what == 1) {
        payload.insert(at, 1, kBytes[below(kBytes.size())]);
      } else {
        payload.erase(at, 1 + below(4));
      }
    }
    expect_the_same(payload);
    ASSERT_FALSE(HasFailure()) << "after " << i;
  }
}

}  // namespace
}  // namespace coldwatch
