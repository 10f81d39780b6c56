#include "bridge/watch/broker_drops.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

constexpr UtcTime kNow{std::chrono::hours{1'000'000}};

TEST(BrokerDrops, CountsWhatIsNewAndEndsAnHourAfterTheLast) {
  BrokerDrops drops;
  EXPECT_EQ(drops.take("7", kNow), std::nullopt) << "of before this bridge";
  EXPECT_EQ(drops.next(), std::nullopt);
  EXPECT_EQ(drops.take("10", kNow), 3.0);
  EXPECT_EQ(drops.take("10", kNow), std::nullopt);
  EXPECT_EQ(drops.take("many", kNow), std::nullopt);
  EXPECT_EQ(drops.take("12", kNow + std::chrono::minutes{30}), 2.0);
  EXPECT_FALSE(drops.stopped(kNow + BrokerDrops::kQuiet));
  const UtcTime end = kNow + std::chrono::minutes{30} + BrokerDrops::kQuiet;
  EXPECT_EQ(drops.next(), end);
  EXPECT_TRUE(drops.stopped(end));
  EXPECT_FALSE(drops.stopped(end)) << "once";
  EXPECT_EQ(drops.take("3", end), std::nullopt) << "the broker was started anew";
  EXPECT_EQ(drops.take("4", end), 1.0);
}

}  // namespace
}  // namespace coldwatch
