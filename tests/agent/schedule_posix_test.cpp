// Named time zones come from the system's database, which Windows does not have.
#include <gtest/gtest.h>

#include "agent/schedule.hpp"

namespace coldwatch {
namespace {

TEST(Schedule, KeepsTheHourOfTheWallOverTheChangeToSummerTime) {
  std::string error;
  const auto zone = TimeZone::find("Europe/Zurich", error);
  ASSERT_TRUE(zone) << error;
  const auto schedule = parse_schedule("daily 12:00");
  EXPECT_EQ(next_time(*schedule, *parse_rfc3339("2026-03-28T11:00:00Z"), *zone),
            parse_rfc3339("2026-03-29T10:00:00Z"));
}

}  // namespace
}  // namespace coldwatch
