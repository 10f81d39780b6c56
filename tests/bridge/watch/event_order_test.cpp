#include "bridge/watch/event_order.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::seconds;

constexpr UtcTime kNow{std::chrono::hours{1'000'000}};
const FridgeId kId{"lab", "f1"};

EventMessage event(std::uint64_t seq, std::uint64_t previous, const std::string& epoch = "e") {
  return {.type = "raise", .epoch = epoch, .seq = seq, .previous = previous};
}

Fridge fridge_at(std::uint64_t seq) { return {.marks = {{"e", seq}}}; }

TEST(EventOrder, AdmitsWhatMissesNothing) {
  const std::tuple<Fridge, EventMessage, bool> rows[] = {
      {fridge_at(5), event(7, 5), true},       // 6 was a state alone
      {fridge_at(5), event(6, 0), true},       // an agent that says nothing of it
      {fridge_at(5), event(4, 3), true},       // once more
      {fridge_at(5), event(8, 7), false},      //
      {Fridge{}, event(8, 7), true},           // of a fridge that is new here
      {fridge_at(5), event(2, 1, "f"), false}  // the first of a new epoch has not come
  };
  for (const auto& [fridge, one, admitted] : rows) {
    EventOrder order;
    EXPECT_EQ(order.admits(kId, fridge, one, kNow), admitted) << one.seq;
    EXPECT_EQ(order.next(), admitted ? std::nullopt : std::optional{kNow});
  }
}

TEST(EventOrder, WhatWaitedFollowsInItsOrder) {
  EventOrder order;
  Fridge fridge = fridge_at(5);
  for (const std::uint64_t seq : {8, 7, 8}) {
    EXPECT_FALSE(order.admits(kId, fridge, event(seq, seq - 1), kNow));
  }
  EXPECT_EQ(order.follower(kId, fridge), std::nullopt);
  for (const std::uint64_t seq : {7, 8}) {
    fridge.marks[0].seq = seq - 1;
    const auto next = order.follower(kId, fridge);
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->seq, seq);
  }
  EXPECT_EQ(order.follower(kId, fridge), std::nullopt);
  EXPECT_EQ(order.next(), std::nullopt);
}

TEST(EventOrder, AsksAgainAndGivesUpInTheEnd) {
  EventOrder order;
  EXPECT_FALSE(order.admits(kId, fridge_at(5), event(9, 8), kNow));
  EXPECT_FALSE(order.admits(kId, fridge_at(5), event(8, 7), kNow + seconds{1}));
  EXPECT_EQ(order.due(kNow), std::vector{kId});
  EXPECT_TRUE(order.due(kNow + seconds{14}).empty());
  EXPECT_EQ(order.next(), kNow + EventOrder::kAgain);
  EXPECT_EQ(order.due(kNow + seconds{15}), std::vector{kId});
  EXPECT_TRUE(order.overdue(kNow + seconds{59}).empty());
  const auto late = order.overdue(kNow + EventOrder::kPatience);
  ASSERT_EQ(late.size(), 2U);
  EXPECT_EQ(late[0].second.seq, 8U);
  EXPECT_EQ(late[1].second.seq, 9U);
  EXPECT_EQ(order.next(), std::nullopt);
}

TEST(EventOrder, ReleasesWhatWasKeptBySeq) {
  EventOrder order;
  for (const std::uint64_t seq : {3, 1, 2}) EXPECT_TRUE(order.keep(kId, event(seq, 0)));
  EXPECT_FALSE(order.empty());
  const auto kept = order.release();
  ASSERT_EQ(kept.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(kept[i].second.seq, i + 1);
  EXPECT_TRUE(order.empty());
}

}  // namespace
}  // namespace coldwatch
