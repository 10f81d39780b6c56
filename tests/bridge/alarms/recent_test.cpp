#include "bridge/alarms/recent.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::seconds;

constexpr UtcTime kStart{std::chrono::hours{1'000'000}};

Alarm alarm(const std::string& fridge, const std::string& rule, int at_s,
            Standing standing = Standing::kUnacknowledged) {
  Alarm one{.key = {"lab", fridge, rule}, .standing = standing};
  one.raised_at = kStart + seconds{at_s};
  return one;
}

TEST(RecentAlarms, CountFridgesAndRulesOfTwoMinutes) {
  RecentAlarms recent;
  const auto expect = [&recent](int at_s, std::size_t fridges, std::size_t rules) {
    recent.advance(kStart + seconds{at_s});
    EXPECT_EQ(recent.fridges(), fridges) << at_s;
    EXPECT_EQ(recent.rules(), rules) << at_s;
  };
  expect(0, 0, 0);
  recent.note(alarm("f1", "hot", 0), kStart);
  recent.note(alarm("f1", "dry", 10), kStart + seconds{10});
  recent.note(alarm("f2", "hot", 20), kStart + seconds{20});
  expect(20, 2, 2);
  recent.note(alarm("f2", "hot", 20), kStart + seconds{30});  // a refresh
  expect(120, 2, 2);
  expect(121, 2, 2);
  expect(131, 1, 1);
  recent.note(alarm("f2", "hot", 20, Standing::kNormal), kStart + seconds{135});
  expect(135, 0, 0);
  recent.note(alarm("f2", "hot", 20), kStart + seconds{141});  // known again, but old by now
  expect(141, 0, 0);
}

TEST(RecentAlarms, ANewEpisodeCountsFromItsOwnBeginning) {
  RecentAlarms recent;
  recent.note(alarm("f1", "hot", 0), kStart);
  recent.note(alarm("f1", "hot", 100), kStart + seconds{100});
  recent.advance(kStart + seconds{200});
  EXPECT_EQ(recent.fridges(), 1U);
  recent.advance(kStart + seconds{221});
  EXPECT_EQ(recent.fridges(), 0U);
}

}  // namespace
}  // namespace coldwatch
