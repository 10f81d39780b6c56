#include "agent/command_trail.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using namespace std::chrono_literals;

constexpr UtcTime kNow{std::chrono::hours{1'000'000}};
const Reply kDone{.text = "done"};
const Reply kRefused{.ok = false, .text = "no"};
const Reply kTooSoon{.ok = false, .too_soon = true, .text = "too soon"};

TEST(TrailWords, SayWhoWhatAndWhatBecameOfIt) {
  struct Row {
    const char* verb;
    nlohmann::json body;
    Reply reply;
    const char* words;
  };
  const Row rows[] = {
      {"reload", nlohmann::json::object(), kDone, "reload by somebody who gave no name: done"},
      {"reload", {{"by", "Ann"}, {"requester", "desk"}}, kDone, "reload by Ann: done"},
      {"reload", {{"requester", "desk"}, {"transaction", "7"}}, kDone, "reload by desk: done"},
      {"reload",
       {{"by", ""}, {"requester", 7}},
       kRefused,
       "reload by somebody who gave no name: refused: no"},
      {"declare",
       {{"by", "Ann"}, {"phase", "warming"}},
       kDone,
       "declare by Ann: done; asked with {\"phase\":\"warming\"}"},
      {"test", {{"by", "Ann\n2026 forged"}}, kRefused, "test by Ann 2026 forged: refused: no"},
      {"x\ny",
       {{"by", "Ann"}},
       {.ok = false, .text = "refused: no list"},
       "x y by Ann: refused: no list"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(trail_words({.verb = row.verb, .body = row.body}, row.reply), row.words);
  }
  const Request large{.verb = std::string(1000, 'v'),
                      .body = {{"by", std::string(1000, 'b')}, {"x", std::string(10000, 'x')}}};
  EXPECT_LT(trail_words(large, kDone).size(), 1000U);
}

TEST(CommandTrail, AFloodOfRefusedOnesHasOneEntryAMinute) {
  CommandTrail trail;
  std::vector<std::string> entries;
  for (int i = 0; i < 1200; ++i) {
    if (auto text = trail.entry("r", kRefused, 0, kNow + 100ms * i)) entries.push_back(*text);
  }
  EXPECT_EQ(entries, (std::vector<std::string>{
                         "r",
                         "r; before it 599 others that stand only in the agent's log, as far "
                         "as there was room"}));
  EXPECT_TRUE(trail.entry("d", kDone, 0, kNow + 2min)) << "one that is carried out always has one";
  EXPECT_FALSE(trail.entry("r", kTooSoon, 0, kNow + 10min));
  EXPECT_TRUE(trail.entry("r", kRefused, 0, kNow - 1h)) << "a clock that was set back";
}

TEST(CommandTrail, IsFullWhereNobodyConfirms) {
  CommandTrail trail;
  EXPECT_TRUE(trail.entry("d", kDone, CommandTrail::kMostWaiting - 1, kNow));
  EXPECT_FALSE(trail.entry("d", kDone, CommandTrail::kMostWaiting, kNow));
  EXPECT_FALSE(trail.entry("r", kRefused, CommandTrail::kMostWaiting, kNow));
  EXPECT_NE(trail.entry("d", kDone, 0, kNow)->find("before it 2 others"), std::string::npos);
  EXPECT_EQ(trail.entry("d", kDone, 0, kNow), "d");
}

TEST(CommandTrail, TwentyAtOnceAndThenOneInFiveSeconds) {
  CommandTrail trail;
  int done = 0;
  for (int i = 0; i < 1000; ++i) done += trail.may_act(kNow + 100ms * i);
  EXPECT_EQ(done, 20 + 19);
  EXPECT_TRUE(trail.may_act(kNow - 24h)) << "a clock that was set back";
  EXPECT_TRUE(trail.may_act(kNow + 24h));
}

}  // namespace
}  // namespace coldwatch
