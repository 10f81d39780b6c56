#include "bridge/alarms/recent.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::seconds;

constexpr UtcTime kStart{std::chrono::hours{1'000'000}};

class Recent {
 public:
  /// Takes what the agent of `fridge` says of `rule` so long after the start.
  void take(const std::string& fridge, const std::string& rule, int at_s,
            AlarmState state = AlarmState::kActive) {
    AlarmMessage message{.state = state, .severity = Severity::kWarning};
    message.epoch = "e";
    message.seq = ++seq_;
    book_.take({"lab", fridge, rule}, message, kStart + seconds{at_s});
  }
  std::pair<std::size_t, std::size_t> fridges_and_rules(int at_s) {
    recent_.begin(book_, kStart + seconds{at_s});
    return {recent_.fridges(), recent_.rules()};
  }

 private:
  AlarmBook book_{{}};
  RecentAlarms recent_;
  std::uint64_t seq_ = 0;
};

using Counts = std::pair<std::size_t, std::size_t>;

TEST(RecentAlarms, CountFridgesAndRulesOfTwoMinutes) {
  Recent recent;
  EXPECT_EQ(recent.fridges_and_rules(0), (Counts{0, 0}));
  recent.take("f1", "hot", 0);
  recent.take("f1", "dry", 10);
  recent.take("f2", "hot", 20);
  EXPECT_EQ(recent.fridges_and_rules(20), (Counts{2, 2}));
  EXPECT_EQ(recent.fridges_and_rules(120), (Counts{2, 2}));
  EXPECT_EQ(recent.fridges_and_rules(121), (Counts{2, 2}));
  EXPECT_EQ(recent.fridges_and_rules(131), (Counts{1, 1}));
  EXPECT_EQ(recent.fridges_and_rules(141), (Counts{0, 0}));
}

TEST(RecentAlarms, CountNoneThatIsOver) {
  Recent recent;
  recent.take("f1", "hot", 0);
  recent.take("f2", "hot", 0);
  recent.take("f1", "hot", 5, AlarmState::kNormal);
  EXPECT_EQ(recent.fridges_and_rules(10), (Counts{1, 1}));
}

TEST(RecentAlarms, ANewEpisodeCountsFromItsOwnBeginning) {
  Recent recent;
  recent.take("f1", "hot", 0);
  recent.take("f1", "hot", 99, AlarmState::kNormal);
  recent.take("f1", "hot", 100);
  EXPECT_EQ(recent.fridges_and_rules(200), (Counts{1, 1}));
  EXPECT_EQ(recent.fridges_and_rules(221), (Counts{0, 0}));
}

TEST(RecentAlarms, AreNoneBeforeThereIsABook) {
  const RecentAlarms recent;
  EXPECT_EQ(recent.fridges(), 0U);
  EXPECT_EQ(recent.rules(), 0U);
}

}  // namespace
}  // namespace coldwatch
