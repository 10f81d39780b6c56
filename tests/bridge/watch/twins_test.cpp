#include "bridge/watch/twins.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "tests/bridge/bridge_helper.hpp"

namespace coldwatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr UtcTime kStart{std::chrono::hours{1'000'000}};

struct Row {
  const char* what;
  std::string_view epochs;  // one letter a heartbeat
  Milliseconds apart;
  bool found;
};

constexpr Row kRows[] = {
    {"one agent", "aaaaaaaaaa", seconds{30}, false},
    {"restarts", "aaaaaaaaaa", seconds{1}, false},
    {"a state file that was lost", "aaabbbbbbb", seconds{1}, false},
    {"lost again and again", "abcdefghijkl", seconds{1}, false},
    {"a state file that was put back", "aaabbbaaaa", seconds{1}, false},
    {"put back and lost again", "aabbaabbbb", seconds{1}, false},
    {"two agents", "ababa", seconds{2}, true},
    {"two agents that wait a minute for their next try", "aababba", minutes{1}, true},
    {"three agents", "abcabc", seconds{5}, true},
    {"two that were tried in turn on different days", "ababababab", minutes{60 * 24}, false},
};

TEST(Twins, AreWhoComesBackAfterAnother) {
  for (const Row& row : kRows) {
    Twins twins;
    bool found = false;
    UtcTime now = kStart;
    for (const char epoch : row.epochs) {
      found = twins.take(std::string(1, epoch), now).value_or(false) || found;
      now += row.apart;
    }
    EXPECT_EQ(found, row.found) << row.what;
  }
}

TEST(Twins, AreOverWhenForLongOneAloneWasHeard) {
  Twins twins;
  UtcTime now = kStart;
  for (const char* epoch : {"a", "b", "a", "b", "a"}) twins.take(epoch, now += seconds{1});
  EXPECT_EQ(twins.take("a", now + minutes{14}), true);
  EXPECT_EQ(twins.take("a", now + minutes{15}), false);
  Twins anew;
  EXPECT_EQ(anew.take("a", kStart), std::nullopt)
      << "after a restart of the bridge nothing is known";
  EXPECT_EQ(anew.take("a", kStart + minutes{15}), false);
}

std::string heartbeat(const std::string& epoch, int n) {
  return R"({"t":"2026-03-01T12:00:00.000Z","log":"live","n":)" + std::to_string(n) +
         R"(,"epoch":")" + epoch + "\"}";
}

TEST(Twins, AreToldOnceAndTheirEndAsWell) {
  Core core;
  for (int n = 1; n <= 20; ++n) {
    core.publish("f1/health", heartbeat(n % 2 == 0 ? "even" : "odd", n));
    core.wait(seconds{5});
  }
  core.wait(minutes{1});
  EXPECT_EQ(core.take_told(), std::vector<std::string>{"c: open f1/two_agents"});
  EXPECT_NE(core.arrived[0].items[0].text.text().find("two agents"), std::string::npos);
  for (int n = 21; n <= 60; ++n) {
    core.publish("f1/health", heartbeat("odd", n));
    core.wait(seconds{30});
  }
  core.wait(minutes{1});
  EXPECT_EQ(core.take_told(), std::vector<std::string>{"c: clear f1/two_agents"});
}

}  // namespace
}  // namespace coldwatch
