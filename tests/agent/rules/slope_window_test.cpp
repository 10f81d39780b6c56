#include "agent/rules/slope_window.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "common/json.hpp"

namespace coldwatch {
namespace {

UtcTime second(int count) { return UtcTime{std::chrono::seconds{count}}; }
constexpr std::chrono::minutes k10{10};

TEST(SlopeWindow, TellsTheChangePerMinute) {
  for (const int cadence : {1, 10, 60, 120}) {
    SlopeWindow window{k10};
    for (int t = 0; t <= 1200; t += cadence) window.add(second(t), 50 + 0.3 * t / 60);
    EXPECT_NEAR(window.per_minute(), 0.3, 1e-9) << cadence;
  }
}

TEST(SlopeWindow, IsNotMovedByTwoBadSamples) {
  SlopeWindow window{k10};
  double worst = 0;
  for (int minute = 0; minute < 60; ++minute) {
    window.add(second(60 * minute),
               minute == 30 || minute == 31 ? 20.1 : 58 + 0.001 * (minute % 3));
    if (minute > 10) worst = std::max(worst, std::abs(window.per_minute()));
  }
  EXPECT_LT(worst, 0.01)
      << "the glitch of a real bridge, on which a plain slope gave a false alarm";
}

TEST(SlopeWindow, SaysNothingBeforeItHasSeenEnough) {
  SlopeWindow window{k10};
  EXPECT_TRUE(std::isnan(window.per_minute()));
  for (int minute = 0; minute < 8; ++minute) {
    window.add(second(60 * minute), minute);
    EXPECT_TRUE(std::isnan(window.per_minute())) << minute;
  }
  window.add(second(480), 8);
  EXPECT_DOUBLE_EQ(window.per_minute(), 1);
  window.add(second(9000), 9);
  EXPECT_TRUE(std::isnan(window.per_minute())) << "a gap empties the window";
}

TEST(SlopeWindow, SurvivesRepeatedTimesAndAClockSetBack) {
  SlopeWindow window{k10};
  for (int i = 0; i < 20; ++i) window.add(second(0), i);
  EXPECT_TRUE(std::isnan(window.per_minute()));
  for (int minute = 100; minute < 110; ++minute) window.add(second(60 * minute), 2.0 * minute);
  for (int minute = 50; minute < 60; ++minute) window.add(second(60 * minute), -1.0 * minute);
  EXPECT_DOUBLE_EQ(window.per_minute(), -1);
}

TEST(SlopeWindow, HasABoundAndGoesOnAfterARestart) {
  SlopeWindow window{k10};
  for (int t = 0; t < 5000; ++t) window.add(second(t), std::sin(t));
  const auto state = window.state();
  EXPECT_LE(state.size(), 2U * (SlopeWindow::kMostPoints + 1));
  SlopeWindow again{k10};
  again.restore(parse_json(state.dump()));
  EXPECT_EQ(again.per_minute(), window.per_minute());
  EXPECT_EQ(again.state(), state);
}

}  // namespace
}  // namespace coldwatch
