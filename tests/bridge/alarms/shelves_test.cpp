#include "bridge/alarms/shelves.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

constexpr UtcTime kNow{std::chrono::hours{1'000'000}};

Shelf shelf(const std::string& id, const std::string& fridge, int hours = 1) {
  Shelf made{.id = id, .until = kNow + std::chrono::hours{hours}, .by = "Ann"};
  made.match.wanted["fridge"] = {fridge};
  return made;
}

TEST(Shelves, EndByIdOrMatcherAndAreKeptUntilTheirTime) {
  Shelves shelves;
  shelves.add(shelf("1", "f1"));
  shelves.add(shelf("2", "f2"));
  shelves.add(shelf("3", "f2", 2));
  EXPECT_EQ(shelves.take_changed().size(), 3U);
  EXPECT_EQ(shelves.end("1", std::nullopt), 1);
  EXPECT_EQ(shelves.end("1", std::nullopt), 0) << "it has ended";
  EXPECT_EQ(shelves.end("", shelf("", "f2").match), 2);
  EXPECT_EQ(shelves.take_changed().size(), 3U);
  EXPECT_EQ(shelves.all().size(), 3U);
  EXPECT_TRUE(shelves.find("2")->ended);
  EXPECT_EQ(shelves.next(), kNow + std::chrono::hours{1});
  EXPECT_FALSE(shelves.expire(kNow));
  EXPECT_TRUE(shelves.expire(kNow + std::chrono::hours{1}));
  EXPECT_EQ(shelves.find("2"), nullptr);
  EXPECT_NE(shelves.find("3"), nullptr);
  EXPECT_EQ(shelves.take_changed(), (std::set<std::string>{"1", "2"}));
}

TEST(Shelves, LearnOfNewOnesAndOfEnds) {
  Shelves mine;
  mine.add(shelf("1", "f1"));
  Shelf ended = shelf("1", "f1");
  ended.ended = true;
  EXPECT_FALSE(mine.merge({shelf("1", "f1")}));
  EXPECT_TRUE(mine.merge({ended, shelf("2", "f2")}));
  EXPECT_TRUE(mine.find("1")->ended);
  EXPECT_FALSE(mine.find("2")->ended);
  EXPECT_FALSE(mine.merge({shelf("1", "f1"), shelf("2", "f2")})) << "an end is for good";
  EXPECT_TRUE(mine.find("1")->ended);
}

TEST(Shelves, AreBounded) {
  Shelves mine;
  for (std::size_t i = 0; i < kMostShelves; ++i) mine.add(shelf(std::to_string(i), "f"));
  EXPECT_TRUE(mine.full());
  EXPECT_FALSE(mine.merge({shelf("one more", "f")}));
  EXPECT_EQ(mine.all().size(), kMostShelves);
}

}  // namespace
}  // namespace coldwatch
