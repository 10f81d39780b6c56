// Two bridges through random lives: each may die or be cut off at any moment, and the broker may go.
#include <gtest/gtest.h>

#include <random>

#include "tests/bridge/timeline_helper.hpp"
#include "tests/bridge/two_bridges_helper.hpp"

namespace coldwatch {
namespace {

constexpr std::uint32_t kUsual = 100;
constexpr int kSettled_s = 400;

struct Fridge {
  std::string name;
  bool active = false;
  std::uint64_t seq = 0;
};

class Timeline {
 public:
  explicit Timeline(unsigned seed) : random_(seed) {}

  void run(bool with_faults) {
    for (int i = 0; i < 40; ++i) {
      const unsigned what = random_() % (with_faults ? 12 : 6);
      if (what < 4) toggle(fridges_[random_() % fridges_.size()]);
      if (what >= 6) fault(what);
      two_.wait(static_cast<int>(random_() % 40));
    }
    for (std::size_t side = 0; side < 2; ++side) {
      if (!two_.lives(side)) two_.start(side);
      if (!two_.connected(side)) two_.join(side);
    }
    two_.wait(kSettled_s);
  }

  /// Everybody was told at last what is true.
  void expect_the_truth() {
    for (const Fridge& fridge : fridges_) {
      for (const char* notifier : {"mail ", "phone "}) {
        const auto word = two_.last_words().find(notifier + fridge.name + "/hot");
        if (word == two_.last_words().end()) {
          EXPECT_FALSE(fridge.active) << notifier << fridge.name << " was never told";
          continue;
        }
        const bool over = word->second == "clear" || word->second == "occurred_and_cleared";
        EXPECT_EQ(over, !fridge.active) << notifier << fridge.name << ": " << word->second;
      }
    }
  }

  int told() const { return two_.told(); }
  TwoBridges& two() { return two_; }

 private:
  void toggle(Fridge& fridge) {
    fridge.active = !fridge.active;
    two_.alarm(fridge.name,
               alarm_message(fridge.active ? Severity::kCritical : Severity::kInfo, ++fridge.seq,
                             fridge.active ? AlarmState::kActive : AlarmState::kNormal));
  }

  void fault(unsigned what) {
    const std::size_t side = random_() % 2;
    if (what < 9) {
      if (!two_.lives(side)) return two_.start(side);
      if (two_.lives(1 - side)) two_.kill(side);
    } else if (what < 11 && two_.lives(side)) {
      if (!two_.connected(side)) return two_.join(side);
      two_.cut(side);
    } else if (two_.connected(0) && two_.connected(1)) {
      two_.lose_broker(static_cast<int>(random_() % 30));
    }
  }

  std::mt19937 random_;
  TwoBridges two_;
  std::vector<Fridge> fridges_{{"f1"}, {"f2"}, {"f3"}};
};

TEST(TwoBridges, EverybodyIsToldTheTruthWhateverDies) {
  for (std::uint32_t seed = 0; seed < timelines(kUsual); ++seed) {
    Timeline timeline{seed};
    timeline.run(true);
    timeline.expect_the_truth();
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(TwoBridges, WhileBothLiveTheSecondIsSilent) {
  for (std::uint32_t seed = 0; seed < timelines(kUsual); ++seed) {
    Timeline timeline{seed};
    timeline.run(false);
    timeline.expect_the_truth();
    EXPECT_GT(timeline.told(), 0);
    ASSERT_TRUE(timeline.two().take_told(1).empty()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace coldwatch
