#include "bridge/watch/intake.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const FridgeId kLoud{"lab", "loud"};
const FridgeId kCalm{"lab", "calm"};
constexpr UtcTime kStart{std::chrono::hours{1'000'000}};

int taken(Intake& intake, const FridgeId& id, int messages, UtcTime now, std::size_t bytes = 100) {
  int count = 0;
  for (int i = 0; i < messages; ++i) count += intake.takes(id, bytes, now);
  return count;
}

TEST(Intake, TakesAWeekAtOnceAndThenSoMuchASecond) {
  Intake intake;
  EXPECT_EQ(taken(intake, kLoud, 50'000, kStart), 20'000);
  EXPECT_EQ(taken(intake, kLoud, 50'000, kStart + seconds{10}), 1000);
  EXPECT_EQ(taken(intake, kLoud, 50'000, kStart + minutes{60}), 20'000);
  EXPECT_EQ(taken(intake, kLoud, 10, kStart), 0) << "a clock set back gives nothing";
}

TEST(Intake, LargeMessagesAreCountedByTheirBytes) {
  Intake intake;
  EXPECT_EQ(taken(intake, kLoud, 1000, kStart, 200'000), 40);
  EXPECT_EQ(intake.take_loud(), std::set{kLoud});
  EXPECT_EQ(taken(intake, kLoud, 1000, kStart + seconds{10}, 64'000), 10);
  EXPECT_EQ(taken(intake, kLoud, 1000, kStart + minutes{60}, 200'000), 40);
}

TEST(Intake, WhatAnAgentRepeatsWithEachConnectionIsTaken) {
  constexpr int kEvents = 1000, kAlarms = 500;                   // at most
  constexpr std::size_t kEventBytes = 700, kAlarmBytes = 4'500;  // long texts, 120 points
  Intake intake;
  for (int connection = 0; connection < 2; ++connection) {
    EXPECT_EQ(taken(intake, kCalm, kEvents, kStart, kEventBytes), kEvents);
    EXPECT_EQ(taken(intake, kCalm, kAlarms, kStart, kAlarmBytes), kAlarms);
  }
}

TEST(Intake, OfNoticesFewerAreToldThanAreTaken) {
  Intake intake;
  int told = 0;
  for (int i = 0; i < 5000; ++i) told += intake.tells(kLoud, kStart);
  EXPECT_EQ(told, 1000);
  EXPECT_EQ(intake.take_loud(), std::set{kLoud});
  EXPECT_TRUE(intake.takes(kLoud, 100, kStart)) << "alarms are still looked at";
  EXPECT_TRUE(intake.tells(kLoud, kStart + seconds{11}));
  EXPECT_FALSE(intake.tells(kLoud, kStart + seconds{12}));
  EXPECT_TRUE(intake.tells(kCalm, kStart));
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
