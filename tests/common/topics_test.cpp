#include "common/topics.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

TEST(Topics, AreBuiltAndTakenApart) {
  const Topics topics{"coldwatch", "lab"};
  EXPECT_EQ(topics.of("f1", "status"), "coldwatch/lab/f1/status");
  EXPECT_EQ(topics.of("f1", "alarm", "pt_off"), "coldwatch/lab/f1/alarm/pt_off");
  EXPECT_EQ(topics.bridge("main", "book/f1/pt_off"), "coldwatch/lab/_bridge/main/book/f1/pt_off");
  const auto parts = parse_topic("coldwatch", "coldwatch/lab/_bridge/main/book/f1/pt_off");
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->site, "lab");
  EXPECT_EQ(parts->fridge, "_bridge");
  EXPECT_EQ(parts->kind, "main");
  EXPECT_EQ(parts->name, "book/f1/pt_off");
}

TEST(Topics, OfOthersOrWithForbiddenLevelsAreNotOurs) {
  for (const char* topic :
       {"", "coldwatch", "coldwatch/", "coldwatch/lab", "coldwatch/lab/f1",
        "coldwatchx/lab/f1/status", "other/lab/f1/status", "coldwatch//f1/status",
        "coldwatch/lab/f1/status/", "coldwatch/lab/f 1/status", "coldwatch/lab/f1/alarm/mxc.T",
        "coldwatch/lab/f1/alarm/+", "coldwatch/lab/\xC3\xBC/status", "/coldwatch/lab/f1/status",
        "$SYS/broker/uptime/x"}) {
    EXPECT_EQ(parse_topic("coldwatch", topic).has_value(), false) << topic;
  }
  EXPECT_FALSE(is_topic_level(std::string(65, 'a')));
  EXPECT_TRUE(is_topic_level(std::string(64, 'a')));
}

}  // namespace
}  // namespace coldwatch
