// When a route holds and a notifier is quiet: over midnight, on some days, and on the two nights of a
// year on which the wall's clock is changed.
#include "bridge/alarms/hours.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

TimeZone zone(const char* name) {
  std::string error;
  return TimeZone::find(name, error).value();
}

UtcTime at(const char* text) { return parse_rfc3339(text).value(); }

Hours hours(const char* text, std::initializer_list<const char*> days = {}) {
  Hours made = parse_hours(text).value();
  if (days.size() > 0) made.days = 0;
  for (const char* day : days) made.days |= parse_day(day).value();
  return made;
}

TEST(Hours, AreReadFromText) {
  EXPECT_EQ(parse_hours("22:00-07:00"), (Hours{22 * 60, 7 * 60}));
  EXPECT_EQ(parse_hours("00:00 - 24:00"), (Hours{0, 24 * 60}));
  EXPECT_EQ(parse_hours("2:00-7:30"), (Hours{2 * 60, 7 * 60 + 30}));
  EXPECT_EQ(parse_hours("13:05-13:06"), (Hours{13 * 60 + 5, 13 * 60 + 6}));
  for (const char* wrong :
       {"", "-", "22-07", "22:00", "22:00-", "22:00-22:00", "24:00-07:00", "22:00-24:01",
        "25:00-07:00", "22:60-07:00", "-1:00-07:00", "2:0-07:00", ":00-07:00", "002:00-07:00",
        "2:00:-07:00", "22:00-07:00-08:00", "22.00-07.00", "night"}) {
    EXPECT_EQ(parse_hours(wrong), std::nullopt) << wrong;
  }
  for (const char* wrong : {"", "Mon", "monday", "mo", "8"}) {
    EXPECT_EQ(parse_day(wrong), std::nullopt) << wrong;
  }
}

struct Row {
  const char* zone;
  Hours hours;
  const char* now;
  bool within;
  const char* change;  // "" for never
};

// 2026-11-22 is a Sunday. Zurich goes back at 01:00 UTC on 2026-10-25 and forward on 2026-03-29.
const Row kRows[] = {
    {"UTC", hours("08:00-18:00"), "2026-11-22T07:59:59.999Z", false, "2026-11-22T08:00:00Z"},
    {"UTC", hours("08:00-18:00"), "2026-11-22T08:00:00Z", true, "2026-11-22T18:00:00Z"},
    {"UTC", hours("08:00-18:00"), "2026-11-22T18:00:00Z", false, "2026-11-23T08:00:00Z"},
    {"UTC", hours("22:00-07:00"), "2026-11-22T23:59:59.999Z", true, "2026-11-23T07:00:00Z"},
    {"UTC", hours("22:00-07:00"), "2026-11-23T00:00:00Z", true, "2026-11-23T07:00:00Z"},
    {"UTC", hours("22:00-07:00"), "2026-11-23T12:00:00Z", false, "2026-11-23T22:00:00Z"},
    {"UTC", hours("00:00-24:00"), "2026-11-22T12:00:00Z", true, ""},
    {"Asia/Shanghai", hours("22:00-07:00"), "2026-11-22T14:00:00Z", true, "2026-11-22T23:00:00Z"},
    {"Asia/Shanghai", hours("22:00-07:00"), "2026-11-22T13:59:00Z", false, "2026-11-22T14:00:00Z"},
    // The night belongs to the day on which it begins.
    {"UTC", hours("22:00-07:00", {"fri"}), "2026-11-20T21:00:00Z", false, "2026-11-20T22:00:00Z"},
    {"UTC", hours("22:00-07:00", {"fri"}), "2026-11-21T06:00:00Z", true, "2026-11-21T07:00:00Z"},
    {"UTC", hours("22:00-07:00", {"fri"}), "2026-11-21T23:00:00Z", false, "2026-11-27T22:00:00Z"},
    {"UTC", hours("00:00-24:00", {"sat", "sun"}), "2026-11-21T12:00:00Z", true,
     "2026-11-23T00:00:00Z"},
    {"UTC", hours("00:00-24:00", {"sat", "sun"}), "2026-11-23T00:00:00Z", false,
     "2026-11-28T00:00:00Z"},
    {"UTC", hours("00:00-24:00", {"mon"}), "2026-11-24T00:00:00Z", false, "2026-11-30T00:00:00Z"},
    // The hour from 02:00 to 03:00 comes twice: the night is an hour longer, and ends only once.
    {"Europe/Zurich", hours("22:00-07:00"), "2026-10-24T20:00:00Z", true, "2026-10-25T06:00:00Z"},
    {"Europe/Zurich", hours("22:00-02:30"), "2026-10-25T00:29:00Z", true, "2026-10-25T00:30:00Z"},
    {"Europe/Zurich", hours("22:00-02:30"), "2026-10-25T01:15:00Z", false, "2026-10-25T21:00:00Z"},
    // It does not come at all: the night is an hour shorter.
    {"Europe/Zurich", hours("22:00-07:00"), "2026-03-28T21:00:00Z", true, "2026-03-29T05:00:00Z"},
    {"Europe/Zurich", hours("02:30-04:00"), "2026-03-29T01:15:00Z", false, "2026-03-29T01:30:00Z"},
    {"Europe/Zurich", hours("02:30-04:00"), "2026-03-29T01:30:00Z", true, "2026-03-29T02:00:00Z"},
    {"Europe/Zurich", hours("02:15-02:45"), "2026-03-29T01:30:00Z", true, "2026-03-29T01:45:00Z"},
};

TEST(Hours, FollowTheWall) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(std::string{row.zone} + " " + row.now);
    const TimeZone wall = zone(row.zone);
    EXPECT_EQ(is_within(row.hours, wall, at(row.now)), row.within);
    const auto change = next_change(row.hours, wall, at(row.now));
    EXPECT_EQ(change ? to_rfc3339(*change) : "", *row.change ? to_rfc3339(at(row.change)) : "");
  }
}

/// Step by step through a year: a change is announced exactly where there is one.
TEST(Hours, EveryChangeOfAYearIsAnnounced) {
  for (const Hours& one : {hours("22:00-07:00"), hours("22:00-02:30"), hours("02:30-03:30"),
                           hours("23:00-01:00", {"sat", "sun"}), hours("00:00-24:00", {"tue"})}) {
    const TimeZone wall = zone("Europe/Zurich");
    UtcTime now = at("2026-01-01T00:00:00Z");
    bool within = is_within(one, wall, now);
    while (now < at("2026-12-31T00:00:00Z")) {
      const auto change = next_change(one, wall, now);
      ASSERT_TRUE(change && *change > now) << to_rfc3339(now);
      EXPECT_EQ(is_within(one, wall, *change - Milliseconds{1}), within) << to_rfc3339(*change);
      EXPECT_EQ(is_within(one, wall, *change), !within) << to_rfc3339(*change);
      within = !within;
      now = *change;
    }
  }
}

TEST(Hours, CoverOthers) {
  const Hours always;
  EXPECT_TRUE(covers(always, hours("22:00-07:00")));
  EXPECT_TRUE(covers(hours("21:00-08:00"), hours("22:00-07:00")));
  EXPECT_TRUE(covers(hours("22:00-07:00"), hours("00:00-07:00")));
  EXPECT_TRUE(covers(hours("22:00-07:00", {"fri"}), hours("00:00-07:00", {"sat"})));
  EXPECT_TRUE(covers(hours("00:00-24:00"), always));
  EXPECT_FALSE(covers(hours("22:00-07:00"), always));
  EXPECT_FALSE(covers(hours("22:00-07:00", {"fri"}), hours("22:00-07:00")));
  EXPECT_FALSE(covers(hours("22:00-07:00", {"fri"}), hours("22:00-07:00", {"sat"})));
  EXPECT_FALSE(covers(hours("08:00-18:00"), hours("17:59-18:01")));
}

}  // namespace
}  // namespace coldwatch
