#include "bridge/broker_queue.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

Publication state(const std::string& topic, const std::string& payload) {
  return {.topic = topic, .payload = payload, .retain = true};
}

TEST(BrokerQueue, OfRetainedStateOnlyTheNewestWaits) {
  BrokerQueue queue;
  queue.add(state("a", "1"));
  queue.add({.topic = "a", .payload = "passing"});
  queue.add(state("b", "1"));
  for (int i = 2; i < 100'000; ++i) queue.add(state("a", std::to_string(i)));
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_EQ(queue.take_front().payload, "99999");
  EXPECT_EQ(queue.take_front().payload, "passing");
  queue.add(state("a", "again"));
  EXPECT_EQ(queue.take_front().topic, "b");
  EXPECT_EQ(queue.take_front().payload, "again");
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0U);
  EXPECT_EQ(queue.take_lost(), 0U);
}

TEST(BrokerQueue, BeyondItsBytesTheOldestGivesWay) {
  BrokerQueue queue;
  const std::string large(1024 * 1024, 'x');
  for (int i = 0; i < 100; ++i) queue.add(state(std::to_string(i), large));
  EXPECT_LE(queue.bytes(), BrokerQueue::kMostBytes);
  EXPECT_EQ(queue.size() + queue.take_lost(), 100U);
  EXPECT_EQ(queue.take_lost(), 0U) << "it was told";
  EXPECT_NE(queue.front().topic, "0");
  const std::size_t left = queue.size();
  queue.add(state("0", "as new"));
  EXPECT_EQ(queue.size(), left + 1) << "what gave way is not known any more";
}

TEST(BrokerQueue, WhatIsRetainedGoesWithTheConnection) {
  BrokerQueue queue;
  queue.add(state("a", "1"));
  queue.add({.topic = "delivery", .payload = "2"});
  queue.put_back({.topic = "delivery", .payload = "1"});
  EXPECT_EQ(queue.drop_retained(), std::vector<std::string>{"a"});
  EXPECT_EQ(queue.take_front().payload, "1");
  EXPECT_EQ(queue.take_front().payload, "2");
  EXPECT_EQ(queue.bytes(), 0U);
}

}  // namespace
}  // namespace coldwatch
