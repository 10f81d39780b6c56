// A restart or a new config between two attempts: what arrived is not sent again.
#include "bridge/delivery/parts_memory.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

const PartsDone kDone{.parts = {{"ann@lab.org", true}, {"bob@lab.org", false}},
                      .thread = "<01J8-0@lab.org>",
                      .minimal = true,
                      .receipt = "r1"};

TEST(PartsMemory, SurvivesARestart) {
  PartsMemory before;
  before.keep("01J8-0", kDone);
  PartsMemory after;
  for (const CourierNote& note : before.take_changes()) EXPECT_TRUE(after.restore(note));
  EXPECT_EQ(after.find("01J8-0"), kDone);
  EXPECT_EQ(after.find("01J8-1"), PartsDone{});
  EXPECT_EQ(after.notes(), before.notes());
  EXPECT_TRUE(after.take_changes().empty());
}

TEST(PartsMemory, WritesOnlyWhatChanges) {
  PartsMemory memory;
  memory.keep("01J8-0", {});
  EXPECT_TRUE(memory.take_changes().empty());
  memory.keep("01J8-0", kDone);
  memory.keep("01J8-0", kDone);
  EXPECT_EQ(memory.take_changes().size(), 1U);
  memory.forget("01J8-0");
  memory.forget("01J8-0");
  EXPECT_EQ(memory.take_changes(), (std::vector<CourierNote>{{"parts/01J8-0", std::nullopt}}));
}

TEST(PartsMemory, ForgetsWhatAnotherHasFinished) {
  PartsMemory memory;
  memory.keep("01J8-0", kDone);
  EXPECT_TRUE(memory.restore({"parts/01J8-0", std::nullopt}));
  EXPECT_EQ(memory.find("01J8-0"), PartsDone{});
  EXPECT_TRUE(memory.notes().empty());
}

TEST(PartsMemory, IsBounded) {
  PartsMemory memory;
  for (std::size_t i = 0; i < PartsMemory::kMost + 3; ++i) memory.keep(std::to_string(i), kDone);
  EXPECT_EQ(memory.notes().size(), PartsMemory::kMost);
  EXPECT_EQ(memory.find("0"), PartsDone{});
  EXPECT_EQ(memory.find("3"), kDone);
  std::size_t forgotten = 0;
  for (const CourierNote& note : memory.take_changes()) forgotten += note.body ? 0 : 1;
  EXPECT_EQ(forgotten, 3U);
}

TEST(PartsMemory, LeavesWhatItCannotRead) {
  PartsMemory memory;
  EXPECT_FALSE(memory.restore({"receipt/r1", "{}"}));
  EXPECT_FALSE(memory.restore({"drill", "{}"}));
  for (const char* body : {"", "{}", "[]", "{\"parts\":1}", "{\"parts\":{\"a\":\"yes\"}}"}) {
    EXPECT_TRUE(memory.restore({"parts/x", body})) << body;
  }
  EXPECT_TRUE(memory.notes().empty());
}

}  // namespace
}  // namespace coldwatch
