#include "bridge/shared_list.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace coldwatch {
namespace {

TEST(SharedList, CopiesShareTheirElementsUntilOneIsChanged) {
  const SharedList<std::string> first{"a", "b"};
  SharedList<std::string> second = first;
  EXPECT_EQ(&std::as_const(second).front(), &first.front());

  second.front() = "c";
  second.push_back("d");
  EXPECT_EQ(first, (SharedList<std::string>{"a", "b"}));
  EXPECT_EQ(second, (SharedList<std::string>{"c", "b", "d"}));
}

TEST(SharedList, AnEmptyOneIsLikeOneThatWasCleared) {
  SharedList<std::string> list{"a"};
  const SharedList<std::string> copy = list;
  list.clear();
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.begin(), list.end());
  EXPECT_EQ(list, SharedList<std::string>{});
  EXPECT_EQ(copy.size(), 1U);
}

}  // namespace
}  // namespace coldwatch
