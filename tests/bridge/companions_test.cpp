#include "bridge/companions.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::seconds;

constexpr UtcTime kNow{std::chrono::hours{1'000'000}};

TEST(Companions, OneThatWasStoppedReadsBeforeItTells) {
  Companions others{.peers = {"b", 0, seconds{15}}};
  others.note_step(kNow);
  others.collect(kNow, seconds{1});
  EXPECT_EQ(others.collected_at, kNow + seconds{1});
  others.note_step(kNow + seconds{2});
  EXPECT_EQ(others.collected_at, kNow + seconds{1}) << "as usual";
  others.note_step(kNow + seconds{9});
  EXPECT_EQ(others.collected_at, kNow + seconds{9} + Companions::kListen);
  others.note_step(kNow + seconds{10});
  EXPECT_EQ(others.collected_at, kNow + seconds{9} + Companions::kListen);
}

TEST(Companions, SayingAgainReplacesNothingThatIsNew) {
  Companions others{.peers = {"b", 0, seconds{15}}};
  const AlarmKey key{"lab", "f1", "hot"};
  others.unsaid[key] = {.notifier = "mail", .intent = Intent::kOpen};
  others.say_again({"phone", key});
  EXPECT_EQ(others.unsaid.at(key).intent, Intent::kOpen);
  others.say_again({"phone", {"lab", "f2", "hot"}});
  EXPECT_EQ(others.unsaid.size(), 2U);
}

}  // namespace
}  // namespace coldwatch
