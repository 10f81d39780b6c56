#include "bridge/replay.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace coldwatch {
namespace {

BridgeConfig config() {
  BridgeConfig made;
  made.own_alarms = own_alarm_defaults();
  made.notifiers = {{.name = "c", .type = "console"}};
  return made;
}

TEST(Replay, NamesTheLineOfAWrongTimeline) {
  const std::pair<const char*, const char*> rows[] = {
      {"x", "line 1: "},
      {"[]", "line 1: "},
      {"{}", "line 1: expected \"t\""},
      {R"({"t":"0","end":true})", "line 1: expected \"t\""},
      {R"({"t":1e300,"end":true})", "line 1: expected \"t\""},
      {R"({"t":0})", "line 1: expected one of"},
      {R"({"t":0,"topic":7,"payload":{}})", "line 1: expected \"topic\""},
      {R"({"t":0,"topic":"coldwatch/lab/f1/status"})", "line 1: expected \"topic\""},
      {R"({"t":0,"topic":"coldwatch/lab/f1/status","payload_base64":"?"})", "line 1: expected"},
      {R"({"t":0,"topic":"coldwatch/lab/f1/status","payload_base64":7})", "line 1: expected"},
      {R"({"t":0,"topic":"other/lab/f1/status","payload":"online"})", "line 1: found the topic"},
      {R"({"t":0,"down":"nobody"})", "line 1: found \"nobody\""},
      {R"({"t":0,"up":1})", "line 1: found 1"},
      {"{\"t\":5,\"end\":true}\n\n{\"t\":4,\"end\":true}", "line 3: found an earlier"}};
  for (const auto& [timeline, expected] : rows) {
    std::istringstream in{timeline};
    std::ostringstream out;
    std::string error;
    EXPECT_FALSE(replay(config(), in, out, error)) << timeline;
    EXPECT_TRUE(error.starts_with(expected)) << timeline << ": " << error;
  }
}

TEST(Replay, ALongTimelineIsNoLoop) {
  std::string lines;
  for (int i = 0; i < 100'100; ++i) {
    lines += "{\"t\":" + std::to_string(i) +
             R"(,"topic":"coldwatch/lab/f1/status","payload":"online"})" + "\n";
  }
  std::istringstream in{lines};
  std::ostringstream out;
  std::string error;
  EXPECT_TRUE(replay(config(), in, out, error)) << error;
  EXPECT_EQ(out.str(), "");
}

TEST(Replay, AnEmptyTimelineIsSilence) {
  std::istringstream in{"\n \n"};
  std::ostringstream out;
  std::string error;
  EXPECT_TRUE(replay(config(), in, out, error)) << error;
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace coldwatch
