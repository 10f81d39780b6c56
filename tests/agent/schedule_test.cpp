#include "agent/schedule.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

TimeZone zone(const char* name) {
  std::string error;
  const auto found = TimeZone::find(name, error);
  EXPECT_TRUE(found) << error;
  return *found;
}

TEST(Schedule, IsDueAtItsNextTime) {
  struct Case {
    const char* schedule;
    const char* after;
    const char* due;
  };
  const Case cases[] = {
      {"daily 12:00", "2026-03-01T11:59:59Z", "2026-03-01T12:00:00.000Z"},
      {"daily 12:00", "2026-03-01T12:00:00Z", "2026-03-02T12:00:00.000Z"},
      {"daily 0:00", "2026-12-31T12:00:00Z", "2027-01-01T00:00:00.000Z"},
      {"weekly tue 12:00", "2026-03-01T00:00:00Z", "2026-03-03T12:00:00.000Z"},
      {"weekly sun 12:00", "2026-03-01T12:00:00Z", "2026-03-08T12:00:00.000Z"},
      {"Weekly TUE 12:00", "2026-03-03T12:00:00Z", "2026-03-10T12:00:00.000Z"},
      {"monthly 1st sun 23:59", "2026-02-10T00:00:00Z", "2026-03-01T23:59:00.000Z"},
      {"monthly 2nd tue 12:00", "2026-03-01T00:00:00Z", "2026-03-10T12:00:00.000Z"},
      {"monthly 2nd tue 12:00", "2026-03-10T12:00:00Z", "2026-04-14T12:00:00.000Z"},
      {"monthly 4th sat 6:30", "2026-03-01T00:00:00Z", "2026-03-28T06:30:00.000Z"},
      {"monthly last tue 12:00", "2026-03-01T00:00:00Z", "2026-03-31T12:00:00.000Z"},
      {"monthly last tue 12:00", "2026-02-01T00:00:00Z", "2026-02-24T12:00:00.000Z"},
  };
  for (const Case& one : cases) {
    const auto schedule = parse_schedule(one.schedule);
    ASSERT_TRUE(schedule) << one.schedule;
    EXPECT_EQ(to_rfc3339(next_time(*schedule, *parse_rfc3339(one.after), zone("UTC"))), one.due)
        << one.schedule << " after " << one.after;
  }
}

TEST(Schedule, RefusesWhatItWouldMisunderstand) {
  for (const char* text :
       {"", "12:00", "daily", "daily 24:00", "daily 12:60", "daily 12", "daily 12:0", "daily noon",
        "daily -1:00", "daily 12:00 ", "weekly 12:00", "weekly tuesday 12:00", "monthly tue 12:00",
        "monthly 5th tue 12:00", "monthly 2nd 12:00", "yearly 12:00", "monthly 0th tue 12:00"}) {
    EXPECT_FALSE(parse_schedule(text)) << text;
  }
}

}  // namespace
}  // namespace coldwatch
