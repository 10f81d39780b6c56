#include "agent/rules/judge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "common/json.hpp"

namespace coldwatch {
namespace {

struct Step {
  int second;
  double value;
};

struct Case {
  const char* disaster;
  Limits limits;
  std::vector<Step> steps;
  std::string sides;  // after each step: '?' not judged, 'l', 'h'
};

constexpr std::chrono::seconds k30{30};
constexpr std::chrono::seconds k60{60};
const double kNone = std::nan("");

/// An alarm above 10 that ends below 5.
Limits alarm(Milliseconds hold = {}, Milliseconds clear_hold = {}, Side initial = Side::kLow) {
  return {5, 10, initial, Side::kHigh, hold, clear_hold};
}
Limits notice(Milliseconds hold = {}) { return {5, 10, Side::kHigh, std::nullopt, hold, {}}; }

std::string sides_of(Judge& judge, const std::vector<Step>& steps) {
  std::string sides;
  for (const Step& step : steps) {
    judge.judge(UtcTime{std::chrono::seconds{step.second}}, step.value);
    sides += !judge.side() ? '?' : *judge.side() == Side::kLow ? 'l' : 'h';
  }
  return sides;
}

TEST(Judge, GoesToASideAndStaysThere) {
  const Case cases[] = {
      {"a value that hovers at the limit makes one alarm, not fifty",
       alarm(),
       {{0, 1}, {1, 11}, {2, 9}, {3, 11}, {4, 9}, {5, 4}},
       "lhhhhl"},
      {"exactly at the limit is not beyond it", alarm(), {{0, 5}, {1, 10}, {2, 5}}, "lll"},
      {"an alarm at the start is an alarm", alarm(), {{0, 11}}, "h"},
      {"the start in between is the initial side", alarm(), {{0, 7}}, "l"},
      {"the start in between, initially in alarm",
       alarm({}, {}, Side::kHigh),
       {{0, 7}, {1, 4}},
       "hl"},
      {"no number, no side", alarm(), {{0, kNone}, {1, kNone}}, "??"},
      {"a broken sensor does not end an alarm", alarm(), {{0, 11}, {1, kNone}, {2, kNone}}, "hhh"},
      {"infinity is a side as well", alarm(), {{0, 1}, {1, INFINITY}, {2, -INFINITY}}, "lhl"},
      {"a notice has sides but no alarm", notice(), {{0, 7}, {1, 4}, {2, 7}, {3, 11}}, "hllh"},
  };
  for (const Case& one : cases) {
    Judge judge{one.limits};
    EXPECT_EQ(sides_of(judge, one.steps), one.sides) << one.disaster;
  }
}

TEST(Judge, WaitsForHolds) {
  const Case cases[] = {
      {"B11 a blip shorter than the hold is nothing",
       alarm(k30),
       {{-60, 1}, {0, 11}, {29, 1}, {60, 1}},
       "llll"},
      {"B12 an alarm counts when it has held", alarm(k30), {{-60, 1}, {0, 11}, {30, 11}}, "llh"},
      {"B13 a dip shorter than the clear hold does not end it",
       alarm({}, k60),
       {{0, 11}, {100, 1}, {150, 11}, {400, 11}},
       "hhhh"},
      {"the end counts when it has held", alarm({}, k60), {{0, 11}, {100, 1}, {160, 1}}, "hhl"},
      {"an alarm at the start still has to hold", alarm(k30), {{0, 11}, {10, 11}, {30, 11}}, "??h"},
      {"back in between, the hold starts again",
       alarm(k30),
       {{0, 1}, {10, 11}, {30, 8}, {41, 11}, {60, 11}, {71, 11}},
       "lllllh"},
      {"the end in between is no end",
       alarm({}, k60),
       {{0, 11}, {10, 1}, {60, 8}, {71, 1}},
       "hhhh"},
      {"lost readings do not restart the hold",
       alarm(k30),
       {{0, 1}, {10, 11}, {20, kNone}, {40, 11}},
       "lllh"},
      {"lost readings do not complete it either",
       alarm(k30),
       {{0, 1}, {10, 11}, {50, kNone}},
       "lll"},
      {"a clock set back an hour must not silence the alarm for an hour",
       alarm(k30),
       {{3600, 1}, {3610, 11}, {10, 11}, {40, 11}},
       "lllh"},
      {"normal at the start needs no hold", alarm(k30, k60), {{0, 1}}, "l"},
      {"a notice holds on both sides",
       notice(k30),
       {{0, 11}, {10, 1}, {40, 1}, {50, 11}, {79, 11}, {80, 11}},
       "hhlllh"},
  };
  for (const Case& one : cases) {
    Judge judge{one.limits};
    EXPECT_EQ(sides_of(judge, one.steps), one.sides) << one.disaster;
  }
}

TEST(Judge, SaysSinceWhenAndWhetherItIsTheFirst) {
  Judge judge{alarm(k30)};
  const auto second = [](int count) { return UtcTime{std::chrono::seconds{count}}; };
  EXPECT_EQ(judge.judge(second(0), 11), std::nullopt);
  EXPECT_EQ(judge.judge(second(31), 12), (Judge::Verdict{Side::kHigh, true, second(0)}));
  EXPECT_EQ(judge.judge(second(40), 4), (Judge::Verdict{Side::kLow, false, second(40)}));
}

TEST(Judge, GoesOnAfterARestartInTheMiddleOfAHold) {
  Judge before{alarm(k30)};
  EXPECT_EQ(sides_of(before, {{0, 1}, {10, 11}}), "ll");
  Judge after{alarm(k30)};
  after.restore(parse_json(before.state().dump()));
  EXPECT_EQ(sides_of(after, {{39, 11}, {40, 11}}), "lh");
}

}  // namespace
}  // namespace coldwatch
