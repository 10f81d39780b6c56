#include "bridge/onward_clock.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(OnwardClock, NeverGoesBack) {
  const UtcTime wall{hours{1'000'000}};
  const SteadyTime steady{};
  OnwardClock clock;
  EXPECT_EQ(clock.at(wall, steady), wall);
  EXPECT_EQ(clock.at(wall + seconds{10}, steady + seconds{10}), wall + seconds{10});
  // Somebody turns the wall's clock back by ten hours: waits of a few seconds stay a few seconds.
  EXPECT_EQ(clock.at(wall - hours{10}, steady + seconds{11}), wall + seconds{11});
  EXPECT_EQ(clock.at(wall - hours{10}, steady + seconds{12}), wall + seconds{12});
  // And forward: what is due by the new time is due.
  EXPECT_EQ(clock.at(wall + hours{1}, steady + seconds{13}), wall + hours{1});
  EXPECT_EQ(clock.at(wall + hours{1}, steady + seconds{14}), wall + hours{1} + seconds{1});
}

}  // namespace
}  // namespace coldwatch
