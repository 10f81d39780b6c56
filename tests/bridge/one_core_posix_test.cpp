#include "bridge/one_core.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <thread>

#include "bridge/delivery/program.hpp"

namespace coldwatch {
namespace {

int cores_of_this_thread() {
  cpu_set_t set;
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

TEST(OneCore, IsForTheBridgeAndNotForThePrograms) {
  const int all = cores_of_this_thread();
  ASSERT_GT(all, 0);
  std::thread{[all] {
    stay_on_one_core();
    EXPECT_EQ(cores_of_this_thread(), 1);
    std::thread{[] { EXPECT_EQ(cores_of_this_thread(), 1); }}.join();
    // Counts after its input has ended, by when it has been released.
    const UtcTime start{};
    Program program{
        {{"/bin/sh", "-c", "sleep 0.2; nproc --all >&2; nproc"}, "", std::chrono::minutes{1}},
        start};
    std::optional<Reply> reply;
    while (!reply) {
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
      reply = program.poll(start);
    }
    EXPECT_EQ(reply->body.substr(reply->body.find('\n') + 1), std::to_string(all) + "\n");
  }}.join();
  EXPECT_EQ(cores_of_this_thread(), all);
}

}  // namespace
}  // namespace coldwatch
