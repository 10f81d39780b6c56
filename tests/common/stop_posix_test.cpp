#include <gtest/gtest.h>
#include <signal.h>

#include "common/stop.hpp"

namespace coldwatch {
namespace {

TEST(StopPosix, SignalsBecomeRequestsAndEndASleep) {
  install_stop_handlers();
  EXPECT_FALSE(stop_requested());
  EXPECT_FALSE(take_reload_request());
  raise(SIGHUP);
  EXPECT_TRUE(take_reload_request());
  EXPECT_FALSE(take_reload_request());
  sleep_or_stop(Milliseconds{-5});
  raise(SIGPIPE);
  raise(SIGTERM);
  EXPECT_TRUE(stop_requested());
  const auto start = std::chrono::steady_clock::now();
  sleep_or_stop(std::chrono::seconds{20});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{10});
}

}  // namespace
}  // namespace coldwatch
