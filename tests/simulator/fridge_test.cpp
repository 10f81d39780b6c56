// The times are those of public logs, with room around them: a rule library tuned on this fridge
// has to make sense on a real one.
#include "tests/simulator/fridge.hpp"

#include <gtest/gtest.h>

namespace coldwatch::simulator {
namespace {

constexpr double kMinute_s = 60;
constexpr double kHour_s = 3600;

TEST(Fridge, StaysAtBaseForAWeek) {
  const FridgeState fridge = advance(cold_fridge(), {}, 168 * kHour_s);
  EXPECT_NEAR(fridge.mixing_chamber_K, 0.0098, 0.0005);
  EXPECT_NEAR(fridge.still_K, 0.817, 0.01);
  EXPECT_NEAR(fridge.pt2_plate_K, 3.12, 0.05);
  EXPECT_NEAR(fridge.pt1_plate_K, 44.7, 0.5);
  EXPECT_TRUE(fridge.compressor_on);
}

TEST(Fridge, CoolsDownInDays) {
  FridgeState fridge = advance(warm_fridge(), {}, 5 * kHour_s);
  EXPECT_GT(fridge.pt2_plate_K, 120);
  EXPECT_EQ(fridge.condensed, 0);
  fridge = advance(fridge, {}, 15 * kHour_s);
  EXPECT_LT(fridge.pt2_plate_K, 20);
  fridge = advance(fridge, {}, 28 * kHour_s);
  EXPECT_LT(fridge.mixing_chamber_K, 0.012);
  EXPECT_NEAR(fridge.condensed, 1, 1e-9);
}

TEST(Fridge, LostWaterTripsTheCompressorAfterMinutes) {
  FridgeState fridge = advance(cold_fridge(), {.water = false}, 4 * kMinute_s);
  EXPECT_TRUE(fridge.compressor_on);
  EXPECT_GT(fridge.water_out_C, 27);
  fridge = advance(fridge, {.water = false}, 8 * kMinute_s);
  EXPECT_FALSE(fridge.compressor_on);
}

TEST(Fridge, WarmsInTheOrderOfARealStop) {
  const Conditions stopped{.compressor = false};
  FridgeState fridge = advance(cold_fridge(), stopped, 6 * kMinute_s);
  EXPECT_GT(fridge.pt2_plate_K, 4.4);
  EXPECT_LT(fridge.mixing_chamber_K, 0.02);
  fridge = advance(fridge, stopped, 6 * kMinute_s);
  EXPECT_LT(fridge.mixing_chamber_K, 0.05);
  fridge = advance(fridge, stopped, 12 * kMinute_s);
  EXPECT_GT(fridge.mixing_chamber_K, 1);
  EXPECT_LT(fridge.condensed, 0.1);
  fridge = advance(fridge, stopped, 96 * kMinute_s);
  EXPECT_NEAR(fridge.pt1_plate_K, 102, 15);
  EXPECT_NEAR(fridge.pt2_plate_K, 32, 8);
}

TEST(Fridge, RecoversByItself) {
  FridgeState fridge = advance(cold_fridge(), {.water = false}, 30 * kMinute_s);
  ASSERT_FALSE(fridge.compressor_on);
  fridge = advance(fridge, {}, 15 * kMinute_s);
  EXPECT_TRUE(fridge.compressor_on);
  fridge = advance(fridge, {}, 12 * kHour_s);
  EXPECT_LT(fridge.mixing_chamber_K, 0.011);
  EXPECT_LT(fridge.water_out_C, 22.5);
}

TEST(Fridge, OneLongStepIsManyShortOnes) {
  FridgeState many = cold_fridge();
  for (int i = 0; i < 120; ++i) many = advance(many, {.water = false}, 30);
  const FridgeState one = advance(cold_fridge(), {.water = false}, kHour_s);
  EXPECT_DOUBLE_EQ(many.mixing_chamber_K, one.mixing_chamber_K);
  EXPECT_DOUBLE_EQ(many.water_out_C, one.water_out_C);
}

}  // namespace
}  // namespace coldwatch::simulator
