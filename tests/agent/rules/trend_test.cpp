#include "agent/rules/trend.hpp"

#include <gtest/gtest.h>

#include "common/json.hpp"

namespace coldwatch {
namespace {

UtcTime second(int count) { return UtcTime{std::chrono::seconds{count}}; }

TEST(Trend, KeepsTheNewestPointsOfALogWithARowAMinute) {
  Trend trend;
  for (int minute = 0; minute < 1000; ++minute) trend.add(second(60 * minute), minute);
  const auto points = trend.points();
  EXPECT_LE(points.size(), kLongestTrend);
  EXPECT_GE(points.size(), kLongestTrend - 1);
  EXPECT_EQ(points.back(), (TrendPoint{60 * 999, 999}));
  EXPECT_EQ(points.front().second, 1000 - static_cast<double>(points.size()));
}

TEST(Trend, CoversHoursOfALogWithARowASecondAndStillEndsWithTheNewest) {
  Trend trend;
  for (int i = 0; i < 20'000; ++i) trend.add(second(i), i);
  const auto points = trend.points();
  EXPECT_LE(points.size(), kLongestTrend);
  EXPECT_EQ(points.back(), (TrendPoint{19'999, 19'999}));
  EXPECT_LT(points.front().first, 19'999 - 110 * 59);
}

TEST(Trend, StartsAnewWhereTheClockWasSetBack) {
  Trend trend;
  trend.add(second(7200), 1);
  trend.add(second(3600), 2);
  EXPECT_EQ(trend.points(), (std::vector<TrendPoint>{{3600, 2}}));
}

TEST(Trend, GoesOnAfterARestart) {
  for (const int count : {0, 1, 5, 119, 120, 200}) {
    Trend trend;
    for (int i = 0; i < count; ++i) trend.add(second(60 * i), i * 0.1);
    Trend again;
    again.restore(parse_json(trend.state().dump()));
    trend.add(second(60 * count + 30), 7);
    again.add(second(60 * count + 30), 7);
    EXPECT_EQ(again.points(), trend.points()) << count;
  }
}

}  // namespace
}  // namespace coldwatch
