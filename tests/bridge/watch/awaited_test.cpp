#include "bridge/watch/awaited.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr UtcTime kStart{std::chrono::hours{1'000'000}};
const AlarmKey kKey{"lab", "f1", "hot"};
const std::set<FridgeId> kAsked{{"lab", "f1"}};

/// The fridges to be asked by a bridge that knows so much of kKey.
std::set<FridgeId> due(Awaited& awaited, const std::string& epoch, std::uint64_t seq, UtcTime now) {
  AlarmBook book{BookSettings{}};
  AlarmMessage message;
  message.epoch = epoch;
  message.seq = seq;
  if (seq > 0) book.take(kKey, message, now);
  return awaited.due(book, Fridges{seconds{90}}, now);
}

TEST(Awaited, NothingIsWaitedForThatIsKnown) {
  const std::pair<Awaited::Position, Awaited::Position> rows[] = {
      // said, known
      {{"2026-01-01", 3}, {"2026-01-01", 3}},
      {{"2026-01-01", 3}, {"2026-01-01", 4}},
      {{"2026-01-01", 9}, {"2026-01-02", 1}}};
  for (const auto& [said, of_it] : rows) {
    Awaited awaited;
    awaited.note(kKey, said, of_it, kStart);
    EXPECT_EQ(awaited.next(), std::nullopt) << said.second << " " << of_it.second;
  }
}

TEST(Awaited, WhatComesInTimeIsNotAskedFor) {
  Awaited awaited;
  awaited.note(kKey, {"e", 3}, {"e", 2}, kStart);
  EXPECT_EQ(awaited.next(), kStart + seconds{5});
  EXPECT_TRUE(due(awaited, "e", 3, kStart + seconds{5}).empty());
  EXPECT_EQ(awaited.next(), std::nullopt);
}

TEST(Awaited, WhatDoesNotComeIsAskedForLessAndLessOften) {
  Awaited awaited;
  awaited.note(kKey, {"e", 3}, {"", 0}, kStart);
  UtcTime at = kStart + seconds{5};
  EXPECT_TRUE(due(awaited, "", 0, at - Milliseconds{1}).empty());
  for (const Milliseconds pause :
       {Milliseconds{seconds{30}}, Milliseconds{minutes{1}}, Milliseconds{minutes{2}},
        Milliseconds{minutes{4}}, Milliseconds{minutes{8}}, Milliseconds{minutes{10}},
        Milliseconds{minutes{10}}}) {
    awaited.note(kKey, {"e", 4}, {"", 0}, at);  // said again: no sooner, no later
    EXPECT_EQ(due(awaited, "", 0, at), kAsked);
    EXPECT_EQ(awaited.next(), at + pause);
    at += pause;
  }
  EXPECT_EQ(due(awaited, "e", 3, at), kAsked) << "3 is not 4";
  awaited.note(kKey, {"e", 4}, {"e", 4}, at);
  EXPECT_EQ(awaited.next(), std::nullopt);
}

TEST(Awaited, IsBounded) {
  Awaited awaited;
  for (std::size_t i = 0; i <= Awaited::kMost; ++i) {
    awaited.note({"lab", std::to_string(i), "hot"}, {"e", 1}, {"", 0}, kStart);
  }
  EXPECT_EQ(due(awaited, "", 0, kStart + seconds{5}).size(), Awaited::kMost);
}

}  // namespace
}  // namespace coldwatch
