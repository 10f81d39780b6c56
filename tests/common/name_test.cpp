#include "common/name.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace coldwatch {
namespace {

TEST(Name, IsItsText) {
  const Name name{"triton1"};
  EXPECT_EQ(name, "triton1");
  EXPECT_EQ(name.text(), "triton1");
  EXPECT_EQ(name, Name{std::string{"triton1"}});
  EXPECT_NE(name, Name{"triton2"});
  EXPECT_EQ(name + "/x", "triton1/x");
  EXPECT_EQ("x/" + name, "x/triton1");
  EXPECT_TRUE(Name{}.empty());
  EXPECT_EQ(Name{}, "");
  EXPECT_EQ(Name{}, Name{""});
}

TEST(Name, SharesOneText) {
  const Name one{"mixing_chamber_temperature"};
  const Name other{"mixing_chamber_temperature"};
  EXPECT_EQ(&one.text(), &other.text());
}

TEST(Name, IsOrderedAsItsText) {
  std::mt19937 random{1};
  std::vector<std::string> texts{"",
                                 "a",
                                 "ab",
                                 "abcdefgh",
                                 "abcdefghi",
                                 "abcdefgha",
                                 "\xff",
                                 "\x7f",
                                 std::string("a\0", 2),
                                 std::string("\0", 1)};
  for (int i = 0; i < 300; ++i) {
    std::string text(random() % 12, ' ');
    for (char& c : text)
      c = static_cast<char>(random() % 4 == 0 ? random() % 256 : 'a' + random() % 2);
    texts.push_back(text);
  }
  for (const std::string& one : texts) {
    for (const std::string& other : texts) {
      ASSERT_EQ(Name{one} <=> Name{other}, one <=> other) << one << " | " << other;
      ASSERT_EQ(Name{one} == Name{other}, one == other);
    }
  }
}

TEST(Name, MayComeAndGoInAnyThread) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([] {
      for (int i = 0; i < 20'000; ++i) {
        const std::string text = "rule" + std::to_string(i % 7);
        Name name{text};
        Name copy = name;
        name = Name{"other"};
        ASSERT_EQ(copy, text);
        copy = std::move(name);
        ASSERT_EQ(copy, "other");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace coldwatch
