#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "common/stop.hpp"

namespace coldwatch {
namespace {

TEST(StopPosix, ASleepEndsOnceForAWakeFromAnyThread) {
  const auto start = std::chrono::steady_clock::now();
  wake_up();
  wake_up();
  sleep_or_stop(std::chrono::seconds{20});
  std::thread other{wake_up};
  sleep_or_stop(std::chrono::seconds{20});
  other.join();
  const auto woken = std::chrono::steady_clock::now();
  EXPECT_LT(woken - start, std::chrono::seconds{10});
  sleep_or_stop(Milliseconds{30});
  EXPECT_GE(std::chrono::steady_clock::now() - woken, Milliseconds{30});
}

TEST(StopPosix, ASignalEndsTheSleepOfAThreadThatDidNotGetIt) {
  install_stop_handlers();
  const auto start = std::chrono::steady_clock::now();
  std::thread other{[] {
    sleep_or_stop(Milliseconds{1});
    raise(SIGHUP);
  }};
  while (!take_reload_request()) sleep_or_stop(std::chrono::seconds{20});
  other.join();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{10});
}

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
