// Random timelines of alarms, commands, failures and crashes against what must always hold:
// I1 what was told ends; I2 no end without a beginning; I3 a silent source never ends an alarm; I4 a
// restart repeats nothing; I5 a rise in severity arrives; I6 nothing is dropped; I7 what stands when a
// gate ends is told; I8 an attempt that may have arrived is repeated with the same id and content.
#include <gtest/gtest.h>

#include "tests/bridge/timeline_helper.hpp"

namespace coldwatch {
namespace {

TEST(Property, RandomTimelinesKeepWhatIsPromised) {
  for (std::uint32_t seed = 0; seed < timelines(2000); ++seed) {
    const std::string faults = random_timeline(seed);
    ASSERT_TRUE(faults.empty()) << "seed " << seed << "\n" << faults;
  }
}

TEST(Property, TheReaderSeesAMissingEnd) {
  Lab lab{[] {
    BridgeConfig config;
    config.own_alarms = own_alarm_defaults();
    config.notifiers = {{.name = "a", .type = "console", .send_end = false},
                        {.name = "b", .type = "console"}};
    return config;
  }()};
  lab.alarm("f1", "hot", AlarmState::kActive, Severity::kCritical);
  lab.at(std::chrono::seconds{5});
  lab.alarm("f1", "hot", AlarmState::kNormal, Severity::kInfo);
  lab.at(std::chrono::seconds{5});
  lab.compare_with_truth();
  EXPECT_EQ(lab.faults(), "a about f1/hot: was not told of its end\n");
  EXPECT_EQ(lab.arrived(), 3);
}

}  // namespace
}  // namespace coldwatch
