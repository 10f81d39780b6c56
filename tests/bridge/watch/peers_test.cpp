#include "bridge/watch/peers.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::seconds;

constexpr UtcTime kStart{std::chrono::hours{1'000'000}};
constexpr UtcTime kSettled = kStart + seconds{10};

Peers connected(int rank) {
  Peers peers{"b", rank, seconds{15}};
  peers.connected(kStart);
  return peers;
}

TEST(Peers, EachLivingOneBeforeCostsAStep) {
  Peers peers = connected(1);
  peers.heard("b", 1, kSettled);  // itself
  EXPECT_FALSE(peers.known());
  EXPECT_EQ(peers.delay(kSettled), seconds{0});
  const std::tuple<const char*, int, seconds> rows[] = {
      {"c", 1, seconds{0}},    // after it by name
      {"d", 2, seconds{0}},    // after it by rank
      {"a", 1, seconds{15}},   // before it by name
      {"z", 0, seconds{30}}};  // before it by rank
  for (const auto& [id, rank, delay] : rows) {
    peers.heard(id, rank, kSettled);
    EXPECT_EQ(peers.delay(kSettled), delay) << id;
    EXPECT_EQ(peers.comes_first(kSettled), delay == seconds{0}) << id;
  }
  EXPECT_EQ(peers.next(kSettled), kSettled + seconds{10});
  peers.heard("z", 0, kSettled + seconds{9});
  peers.heard("b", 1, kSettled + seconds{9});
  EXPECT_EQ(peers.delay(kSettled + seconds{10}), seconds{15}) << "a is silent";
  EXPECT_TRUE(peers.lives("z", kSettled + seconds{10}));
  EXPECT_FALSE(peers.lives("a", kSettled + seconds{10}));
  peers.went_offline("z");
  EXPECT_EQ(peers.delay(kSettled + seconds{10}), seconds{0});
}

TEST(Peers, WhileNobodyCanBeHeardTheLowerRanksMayLive) {
  Peers peers = connected(2);
  EXPECT_EQ(peers.delay(kStart), seconds{0}) << "there is no other one";
  peers.heard_of("a");
  EXPECT_EQ(peers.delay(kStart), seconds{30}) << "just connected";
  EXPECT_EQ(peers.next(kStart), kSettled);
  peers.heard("b", 2, kSettled);
  EXPECT_EQ(peers.delay(kSettled), seconds{0});
  EXPECT_FALSE(peers.cut_off(kSettled));
  EXPECT_TRUE(peers.cut_off(kSettled + seconds{10})) << "no echo of its own";
  EXPECT_EQ(peers.delay(kSettled + seconds{10}), seconds{30});
  peers.heard("b", 2, kSettled + seconds{11});
  EXPECT_FALSE(peers.cut_off(kSettled + seconds{11}));
  peers.disconnected();
  EXPECT_TRUE(peers.cut_off(kSettled + seconds{11}));
  EXPECT_EQ(peers.next(kSettled + seconds{11}), std::nullopt);
}

TEST(Peers, TheRankIsTheOneThatTheOthersKnow) {
  Peers peers = connected(0);
  peers.heard("c", 1, kSettled);
  peers.heard("b", Peers::kLastRank, kSettled);  // it does not know everything yet, and says so
  EXPECT_EQ(peers.delay(kSettled), seconds{15}) << "c does not wait for it";
  peers.heard("b", 0, kSettled + seconds{4});
  EXPECT_EQ(peers.delay(kSettled + seconds{4}), seconds{0});
}

TEST(Peers, InventedOnesHaveABound) {
  Peers peers{"z", 9, seconds{1}};
  peers.connected(kStart);
  for (int i = 0; i < 1000; ++i) peers.heard(std::to_string(i), 0, kSettled);
  peers.heard("z", 9, kSettled);
  EXPECT_EQ(peers.delay(kSettled), seconds{Peers::kMostPeers});
}

}  // namespace
}  // namespace coldwatch
