#include "bridge/watch/intake.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const FridgeId kLoud{"lab", "loud"};
const FridgeId kCalm{"lab", "calm"};
constexpr UtcTime kStart{std::chrono::hours{1'000'000}};

int taken(Intake& intake, const FridgeId& id, int messages, UtcTime now) {
  int count = 0;
  for (int i = 0; i < messages; ++i) count += intake.takes(id, now);
  return count;
}

TEST(Intake, TakesAWeekAtOnceAndThenSoMuchASecond) {
  Intake intake;
  EXPECT_EQ(taken(intake, kLoud, 50'000, kStart), 20'000);
  EXPECT_EQ(taken(intake, kLoud, 50'000, kStart + seconds{10}), 1000);
  EXPECT_EQ(taken(intake, kLoud, 50'000, kStart + minutes{60}), 20'000);
  EXPECT_EQ(taken(intake, kLoud, 10, kStart), 0) << "a clock set back gives nothing";
}

TEST(Intake, OneFridgeCostsTheOthersNothing) {
  Intake intake;
  taken(intake, kLoud, 50'000, kStart);
  EXPECT_EQ(taken(intake, kCalm, 1000, kStart), 1000);
}

TEST(Intake, SaysWhoIsLoudOnceAndWhenItIsQuietAgain) {
  Intake intake;
  EXPECT_EQ(intake.next(), std::nullopt);
  taken(intake, kLoud, 20'000, kStart);
  EXPECT_TRUE(intake.take_loud().empty()) << "nothing was refused";
  taken(intake, kLoud, 5, kStart);
  EXPECT_EQ(intake.take_loud(), std::set{kLoud});
  taken(intake, kLoud, 1000, kStart + minutes{1});
  taken(intake, kLoud, 6000, kStart + minutes{1});
  EXPECT_TRUE(intake.take_loud().empty());
  EXPECT_EQ(intake.next(), kStart + minutes{11});
  EXPECT_TRUE(intake.take_quiet(kStart + minutes{10}).empty());
  EXPECT_EQ(intake.take_quiet(kStart + minutes{11}), std::set{kLoud});
  EXPECT_EQ(intake.next(), std::nullopt);
}

}  // namespace
}  // namespace coldwatch
