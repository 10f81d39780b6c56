#include "bridge/watch/versions.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

constexpr UtcTime kNow{Milliseconds{1000}};

TEST(Versions, WhoHasSeenTheOtherKnowsMore) {
  const std::tuple<Version, Version, Knowledge> rows[] = {
      {{}, {}, Knowledge::kSame},
      {{{"a", 1}}, {}, Knowledge::kNewer},
      {{}, {{"a", 1}}, Knowledge::kOlder},
      {{{"a", 1}}, {{"a", 1}}, Knowledge::kSame},
      {{{"a", 2}}, {{"a", 1}}, Knowledge::kNewer},
      {{{"a", 1}, {"b", 1}}, {{"a", 1}}, Knowledge::kNewer},
      {{{"a", 1}}, {{"a", 1}, {"b", 1}}, Knowledge::kOlder},
      {{{"a", 2}}, {{"a", 1}, {"b", 1}}, Knowledge::kApart},
      {{{"a", 1}}, {{"b", 9}}, Knowledge::kApart},
      {{{"a", 2}, {"b", 1}}, {{"a", 1}, {"b", 2}}, Knowledge::kApart},
  };
  for (const auto& [theirs, mine, expected] : rows) {
    EXPECT_EQ(compare(theirs, mine), expected) << &mine - &std::get<1>(rows[0]);
  }
}

TEST(Versions, CountOnwardsWhateverTheClockDoes) {
  const Versions::Place place{"mail", {"lab", "f1", "hot"}};
  Versions versions;
  EXPECT_TRUE(versions.of(place).empty());
  for (const auto& [now, expected] :
       {std::pair{kNow, 1000U}, std::pair{kNow, 1001U}, std::pair{kNow - Milliseconds{500}, 1002U},
        std::pair{kNow + Milliseconds{500}, 1500U}}) {
    versions.count(place, "a", now);
    EXPECT_EQ(versions.of(place), (Version{{"a", expected}}));
  }
  EXPECT_EQ(versions.take_changed(), std::set{place});
  EXPECT_TRUE(versions.take_changed().empty());
}

TEST(Versions, KnowBothAfterAMerge) {
  const Versions::Place place{"mail", {"lab", "f1", "hot"}};
  Versions versions;
  versions.restore(place, {{"a", 5}, {"b", 2}});
  EXPECT_TRUE(versions.take_changed().empty()) << "the store has it";
  versions.merge(place, {{"a", 3}, {"b", 4}, {"c", 1}});
  EXPECT_EQ(versions.of(place), (Version{{"a", 5}, {"b", 4}, {"c", 1}}));
  EXPECT_EQ(versions.take_changed(), std::set{place});
}

}  // namespace
}  // namespace coldwatch
