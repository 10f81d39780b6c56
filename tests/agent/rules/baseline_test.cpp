#include "agent/rules/baseline.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "common/json.hpp"

namespace coldwatch {
namespace {

UtcTime minute(int count) { return UtcTime{std::chrono::minutes{count}}; }

TEST(Baseline, SaysNothingBeforeItHasLearnedForTwoHours) {
  Baseline baseline;
  for (int i = 0; i < 110; ++i) baseline.learn(minute(i), 5);
  EXPECT_TRUE(std::isnan(baseline.median()));
  baseline.learn(minute(110), 5);
  EXPECT_EQ(baseline.median(), 5);
}

TEST(Baseline, IsNotMovedByOutliersNorByADayOfDrift) {
  Baseline baseline;
  constexpr int kDay = 24 * 60;
  for (int i = 0; i < 8 * kDay; ++i) baseline.learn(minute(i), i % 97 == 0 ? 1000 : 400 + i % 3);
  EXPECT_NEAR(baseline.median(), 401, 1);
  for (int i = 8 * kDay; i < 9 * kDay; ++i) baseline.learn(minute(i), 480);
  EXPECT_NEAR(baseline.median(), 401, 2) << "a trap that blocks within a day is not the usual";
  EXPECT_LE(baseline.samples(), Baseline::kMostSamples);
}

TEST(Baseline, FollowsTheFridgeInTheEnd) {
  Baseline baseline;
  for (int i = 0; i < 60 * 24 * 60; ++i) baseline.learn(minute(i), i < 30 * 24 * 60 ? 400 : 300);
  EXPECT_EQ(baseline.median(), 300);
}

TEST(Baselines, AreKeptByChannelAndPhaseAndOverARestart) {
  Baselines all;
  for (int i = 0; i < 1000; ++i) {
    all.learn("Flow", Phase::kBase, minute(i), 0.4);
    all.learn("Flow", Phase::kRamping, minute(i), 0.9);
    all.learn("P3", Phase::kBase, minute(i), 750);
  }
  Baselines again;
  again.restore(parse_json(all.state().dump()));
  EXPECT_EQ(again.median("Flow", Phase::kBase), 0.4);
  EXPECT_EQ(again.median("Flow", Phase::kRamping), 0.9);
  EXPECT_TRUE(std::isnan(again.median("Flow", Phase::kWarm)));
  EXPECT_EQ(again.describe(), all.describe());
  EXPECT_EQ(again.describe().at("base").at("P3").at("median"), 750);
  again.reset("Flow");
  EXPECT_TRUE(std::isnan(again.median("Flow", Phase::kBase)));
  EXPECT_EQ(again.median("P3", Phase::kBase), 750);
  again.reset("");
  EXPECT_TRUE(again.describe().empty());
}

TEST(Baselines, HaveABound) {
  Baselines all;
  for (int i = 0; i < 3000; ++i) all.learn(std::to_string(i), Phase::kBase, minute(i), 1);
  EXPECT_EQ(all.state().size(), Baselines::kMostBaselines);
}

}  // namespace
}  // namespace coldwatch
