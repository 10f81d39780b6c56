#include "common/mqtt_inbox.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace coldwatch {
namespace {

TEST(MqttInbox, GivesEverythingOnceAndInOrder) {
  int woken = 0;
  MqttInbox inbox{[&woken] { ++woken; }};
  inbox.push(1, MqttAcknowledged{7});
  inbox.push(2, MqttMessage{.topic = "a", .payload = "b"});
  const auto taken = inbox.take();
  ASSERT_EQ(taken.reports.size(), 2u);
  EXPECT_EQ(taken.reports[0].epoch, 1u);
  EXPECT_EQ(std::get<MqttAcknowledged>(taken.reports[0].what).ticket, 7u);
  EXPECT_EQ(std::get<MqttMessage>(taken.reports[1].what).payload, "b");
  EXPECT_EQ(taken.overflowed_epoch, std::nullopt);
  EXPECT_EQ(woken, 1) << "the second came before anybody had looked";
  EXPECT_TRUE(inbox.take().reports.empty());
  inbox.push(2, MqttAcknowledged{8});
  EXPECT_EQ(woken, 2);
}

TEST(MqttInbox, TellsOfMessagesBeyondItsBoundsAndStillTakesAcknowledgements) {
  MqttInbox inbox{{}};
  for (std::size_t i = 0; i <= MqttInbox::kMostMessages; ++i) inbox.push(3, MqttMessage{});
  inbox.push(4, MqttAcknowledged{1});
  const auto taken = inbox.take();
  EXPECT_EQ(taken.reports.size(), MqttInbox::kMostMessages + 1);
  EXPECT_EQ(taken.overflowed_epoch, 3u);
  inbox.push(4, MqttMessage{});
  const auto later = inbox.take();
  EXPECT_EQ(later.reports.size(), 1u);
  EXPECT_EQ(later.overflowed_epoch, std::nullopt);
}

TEST(MqttInbox, IsBoundedInBytes) {
  MqttInbox inbox{{}};
  const std::string megabyte(1024 * 1024, 'x');
  for (int i = 0; i < 100; ++i) inbox.push(1, MqttMessage{.payload = megabyte});
  const auto taken = inbox.take();
  EXPECT_EQ(taken.reports.size(), MqttInbox::kMostBytes / megabyte.size());
  EXPECT_EQ(taken.overflowed_epoch, 1u);
}

TEST(MqttInbox, WaitsUntilSomethingIsThereOrTheTimeIsOver) {
  MqttInbox inbox{{}};
  EXPECT_FALSE(inbox.wait(Milliseconds{1}));
  std::thread other{[&inbox] { inbox.push(1, MqttAcknowledged{1}); }};
  EXPECT_TRUE(inbox.wait(std::chrono::seconds{10}));
  other.join();
}

}  // namespace
}  // namespace coldwatch
