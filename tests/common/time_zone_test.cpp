#include "common/time_zone.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

TimeZone zone(const std::string& name) {
  std::string error;
  auto found = TimeZone::find(name, error);
  EXPECT_TRUE(found.has_value()) << error;
  return *found;
}

TEST(TimeZone, UtcChangesNothing) {
  const TimeZone utc = zone("UTC");
  const UtcTime instant = *parse_rfc3339("2026-06-30T13:42:00Z");
  EXPECT_EQ(utc.to_utc(utc.to_local(instant)), instant);
  EXPECT_EQ(utc.to_local(instant).time_since_epoch(), instant.time_since_epoch());
}

TEST(TimeZone, TheLocalZoneReadsItsOwnTimesBack) {
  const TimeZone local = zone("local");
  for (const char* text : {"2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"}) {
    EXPECT_EQ(local.to_utc(local.to_local(*parse_rfc3339(text))), parse_rfc3339(text));
  }
}

TEST(TimeZone, AnUnknownNameIsASentence) {
  std::string error;
  EXPECT_EQ(TimeZone::find("Europe/Atlantis", error), std::nullopt);
  EXPECT_NE(error.find("Europe/Atlantis"), std::string::npos);
}

#ifndef _WIN32  // Windows knows its own zone only
TEST(TimeZone, TheRepeatedHourGoesOnWhereTheLogWas) {
  const TimeZone zurich = zone("Europe/Zurich");
  const LocalTime half_past_two = *make_local_time(2026, 10, 25, 2, 30, 0);
  const UtcTime first = *parse_rfc3339("2026-10-25T00:30:00Z");
  const UtcTime second = *parse_rfc3339("2026-10-25T01:30:00Z");
  EXPECT_EQ(zurich.to_utc(half_past_two), first);
  EXPECT_EQ(zurich.to_utc(half_past_two, first), first);
  EXPECT_EQ(zurich.to_utc(half_past_two, *parse_rfc3339("2026-10-25T00:59:00Z")), second);
}

TEST(TimeZone, TheSkippedHourIsReadAsIfTheClockHadNotBeenSet) {
  const TimeZone zurich = zone("Europe/Zurich");
  EXPECT_EQ(zurich.to_utc(*make_local_time(2026, 3, 29, 2, 30, 0)),
            parse_rfc3339("2026-03-29T01:30:00Z"));
}
#endif

}  // namespace
}  // namespace coldwatch
