#include "agent/rules/phase.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "common/json.hpp"

namespace coldwatch {
namespace {

const double kNone = std::nan("");

StageFacts dilution(double plate, double mixing, double heater = 0) {
  return {std::fmin(plate, mixing), true, mixing, plate, heater};
}
StageFacts simple(double plate) { return {plate, false, kNone, plate, kNone}; }

/// A model, moved on in steps of a minute.
struct Life {
  PhaseModel model;
  int minute = 0;

  Phase stay(const StageFacts& facts, int minutes) {
    for (int i = 0; i < minutes; ++i) step(facts);
    return model.phase();
  }
  Phase move(double from, double to, double mixing, int minutes) {
    for (int i = 0; i < minutes; ++i) step(dilution(from + (to - from) * i / minutes, mixing));
    return model.phase();
  }
  void step(const StageFacts& facts) {
    model.on_row(UtcTime{std::chrono::minutes{minute++}}, facts);
  }
};

TEST(PhaseModel, FollowsTheLifeOfADilutionFridge) {
  Life life;
  EXPECT_EQ(life.model.phase(), Phase::kUnknown);
  EXPECT_EQ(life.stay(dilution(kNone, kNone), 5), Phase::kUnknown);
  EXPECT_EQ(life.stay(dilution(293, 290), 1), Phase::kWarm) << "the first phase counts at once";
  EXPECT_EQ(life.move(293, 20, 200, 1000), Phase::kCooling);
  EXPECT_EQ(life.stay(dilution(4, 4), 30), Phase::kCondensing);
  EXPECT_EQ(life.stay(dilution(4, 0.012), 30), Phase::kBase);
  EXPECT_EQ(life.stay(dilution(4, 0.3, 1e-4), 30), Phase::kRamping);
  EXPECT_EQ(life.stay(dilution(4, 0.012), 30), Phase::kBase);
  EXPECT_EQ(life.move(4, 200, 50, 600), Phase::kWarming);
  EXPECT_EQ(life.stay(dilution(295, 292), 30), Phase::kWarm);
}

TEST(PhaseModel, KnowsFridgesWithoutAMixingChamber) {
  Life life;
  EXPECT_EQ(life.stay(simple(295), 1), Phase::kWarm);
  for (int i = 0; i < 500; ++i) life.step(simple(290 - i * 0.5));
  EXPECT_EQ(life.model.phase(), Phase::kCooling);
  EXPECT_EQ(life.stay(simple(4.2), 30), Phase::kBase);
  EXPECT_EQ(life.stay(simple(7), 30), Phase::kBase) << "above the way in, below the way out";
}

TEST(PhaseModel, DoesNotFlap) {
  Life life;
  life.stay(dilution(4, 0.09), 30);
  EXPECT_EQ(life.model.phase(), Phase::kBase);
  for (int i = 0; i < 100; ++i) {
    life.step(dilution(4, i % 2 == 0 ? 0.09 : 0.15));
    EXPECT_EQ(life.model.phase(), Phase::kBase);
  }
  EXPECT_EQ(life.stay(dilution(4, 5), 9), Phase::kBase) << "a glitch of minutes is no phase";
  EXPECT_EQ(life.stay(dilution(4, 0.09), 9), Phase::kBase);
}

TEST(PhaseModel, StaysAtBaseWhereTheMixingChamberIsBelowItsCalibration) {
  Life life;
  life.stay(dilution(4, 0.007), 30);
  EXPECT_EQ(life.stay(dilution(4, kNone), 600), Phase::kBase)
      << "a thermometer is silent exactly when the fridge is coldest";
}

TEST(PhaseModel, IsSteadyOnlyAfterAnHour) {
  Life life;
  life.stay(dilution(4, 0.01), 59);
  EXPECT_FALSE(life.model.steady());
  life.stay(dilution(4, 0.01), 10);
  EXPECT_TRUE(life.model.steady());
  life.stay(dilution(4, 0.5), 1);
  EXPECT_FALSE(life.model.steady()) << "nothing is learned from what may be a failure";
}

TEST(PhaseModel, BelievesAPersonUntilTheDeclarationEnds) {
  Life life;
  life.stay(dilution(4, 0.01), 100);
  life.model.declare(Phase::kMaintenance, UtcTime{std::chrono::minutes{150}});
  EXPECT_EQ(life.stay(dilution(4, 0.01), 49), Phase::kMaintenance);
  EXPECT_FALSE(life.model.steady());
  EXPECT_EQ(life.stay(dilution(4, 0.01), 2), Phase::kBase) << "a forgotten declaration must end";
  life.model.declare(Phase::kWarming, UtcTime{std::chrono::minutes{1000}});
  life.model.end_declaration();
  EXPECT_EQ(life.model.phase(), Phase::kBase);
}

TEST(PhaseModel, GoesOnAfterARestart) {
  Life life;
  life.stay(dilution(4, 0.01), 100);
  life.stay(dilution(4, 0.5), 5);
  life.model.declare(Phase::kWarming, UtcTime{std::chrono::minutes{107}});
  PhaseModel again;
  again.restore(parse_json(life.model.state().dump()));
  for (int i = 0; i < 30; ++i) {
    const UtcTime time{std::chrono::minutes{life.minute}};
    life.step(dilution(4, 0.5));
    again.on_row(time, dilution(4, 0.5));
    EXPECT_EQ(again.phase(), life.model.phase());
    EXPECT_EQ(again.since(), life.model.since());
  }
  EXPECT_EQ(again.phase(), Phase::kCondensing);
}

}  // namespace
}  // namespace coldwatch
