#include "agent/publisher.hpp"

#include "tests/agent/agent_helper.hpp"

namespace coldwatch {
namespace {

using namespace std::chrono_literals;

Publication retained(const std::string& topic, const std::string& payload) {
  return {.topic = topic, .payload = payload, .retain = true};
}

class Publishing : public testing::Test {
 protected:
  void add_event(std::uint64_t seq) { events.add({.id = std::to_string(seq), .seq = seq}); }
  void add_row() {
    batch = batch_of(channels, {{kNoon, {1}}}, ++row_count);
    rows.take({.stream = "main", .file = "a.vcl", .rows = &batch, .before = {}, .after = {}}, view);
  }
  /// Topics in the order in which they are handed over, until nothing more may go.
  std::vector<std::string> drain(std::size_t room) {
    std::vector<std::string> topics;
    while (const Publication* next = publisher.next(room, now)) {
      topics.push_back(next->topic);
      if (next->qos > 0) --room;
      publisher.handed_over(++ticket);
    }
    return topics;
  }

  const SharedChannels channels = channels_of({"A"});
  const ChannelView view{channels, {}};
  RowBatch batch;
  std::uint64_t row_count = 0;
  EventJournal events;
  RowSender rows{Topics{"c", "l"}, "f", {}};
  Publisher publisher{events, rows, "event"};
  Publisher::SteadyTime now{1h};
  Ticket ticket = 0;
};

TEST_F(Publishing, SendsStateThenEventsThenLiveThenRows) {
  add_event(1);
  publisher.connected(64, {retained("status", "online"), retained("info", "{}")});
  add_row();
  publisher.add({.state = {retained("alarm/a", "1")}, .live = {{.topic = "live", .qos = 0}}});
  add_event(2);
  EXPECT_EQ(drain(64), (std::vector<std::string>{"status", "info", "alarm/a", "event", "event",
                                                 "live", "c/l/f/rows/main"}));
}

TEST_F(Publishing, SendsAFreshRowBeforeLive) {
  publisher.connected(64, {});
  rows.follow();
  add_row();
  add_event(1);
  publisher.add({.state = {retained("alarm/a", "1")}, .live = {{.topic = "live", .qos = 0}}});
  EXPECT_EQ(drain(64), (std::vector<std::string>{"alarm/a", "event", "c/l/f/rows/main", "live"}));
}

TEST_F(Publishing, LetsLiveThroughWhereTheWindowIsFull) {
  publisher.connected(64, {retained("status", "online")});
  publisher.add({.live = {{.topic = "live", .qos = 0}}});
  add_row();
  EXPECT_EQ(drain(0), std::vector<std::string>{"live"});
}

TEST_F(Publishing, SendsNothingWithoutAConnection) {
  add_row();
  add_event(1);
  publisher.add({.state = {retained("alarm/a", "1")}, .live = {{.topic = "live", .qos = 0}}});
  EXPECT_TRUE(drain(64).empty());
}

TEST_F(Publishing, KeepsTheNewestStateOfATopicOnly) {
  publisher.connected(64, {retained("alarm/a", "old"), retained("alarm/b", "b")});
  publisher.add({.state = {retained("alarm/a", "new")}});
  const Publication* next = publisher.next(1, now);
  ASSERT_NE(next, nullptr);
  EXPECT_EQ(next->payload, "new");
  EXPECT_EQ(drain(64), (std::vector<std::string>{"alarm/a", "alarm/b"}));
}

TEST_F(Publishing, SendsEveryUnconfirmedEventAgainAfterAReconnect) {
  for (std::uint64_t seq = 1; seq <= 3; ++seq) add_event(seq);
  publisher.connected(64, {});
  EXPECT_EQ(drain(64).size(), 3U);
  EXPECT_TRUE(drain(64).empty());
  events.confirm(2);
  publisher.lost();
  publisher.connected(64, {});
  EXPECT_EQ(drain(64).size(), 1U);
}

TEST_F(Publishing, RestsARefusedLaneWhileTheOthersGoOn) {
  publisher.connected(64, {retained("alarm/a", "1")});
  add_event(1);
  EXPECT_EQ(drain(64).size(), 2U);
  EXPECT_EQ(publisher.refused(1, now), "state and events");
  add_row();
  publisher.add({.state = {retained("alarm/b", "1")}, .live = {{.topic = "live", .qos = 0}}});
  EXPECT_EQ(drain(64), (std::vector<std::string>{"live", "c/l/f/rows/main"}));
  EXPECT_FALSE(publisher.take_announcement_due(now + 59s));
  now += Publisher::kRest;
  EXPECT_TRUE(publisher.take_announcement_due(now));
  EXPECT_FALSE(publisher.take_announcement_due(now));
  EXPECT_EQ(drain(64), std::vector<std::string>{"event"});
}

TEST_F(Publishing, RestsRefusedRowsAndReadsThemAgain) {
  publisher.connected(64, {});
  add_row();
  EXPECT_EQ(drain(64).size(), 1U);
  EXPECT_EQ(publisher.refused(ticket, now), "rows");
  EXPECT_TRUE(rows.idle());
  add_row();
  EXPECT_TRUE(drain(64).empty());
  publisher.add({.state = {retained("alarm/a", "1")}});
  EXPECT_EQ(drain(64), std::vector<std::string>{"alarm/a"});
  now += Publisher::kRest;
  EXPECT_EQ(drain(64), std::vector<std::string>{"c/l/f/rows/main"});
}

TEST(EventJournal, GoesOnBehindWhatWasConfirmed) {
  EventJournal events;
  for (std::uint64_t seq = 1; seq <= 4; ++seq) events.add({.seq = seq});
  events.mark_sent();
  events.mark_sent();
  events.confirm(1);
  ASSERT_NE(events.next(), nullptr);
  EXPECT_EQ(events.next()->seq, 3U);
  events.confirm(3);
  EXPECT_EQ(events.next()->seq, 4U);
  events.confirm(99);
  EXPECT_EQ(events.next(), nullptr);
  EXPECT_EQ(events.unsent(), 0U);
}

TEST(EventJournal, IsBoundedAndTellsALossOnce) {
  EventJournal events;
  for (std::uint64_t seq = 1; seq <= EventJournal::kMostEvents; ++seq) events.add({.seq = seq});
  EXPECT_FALSE(events.take_overflow());
  events.add({.seq = 2000});
  EXPECT_TRUE(events.take_overflow());
  events.add({.type = "gap", .seq = 2001});
  EXPECT_FALSE(events.take_overflow());
  for (std::uint64_t seq = 3000; seq < 3000 + EventJournal::kMostEvents; ++seq) {
    events.add({.seq = seq});
  }
  EXPECT_TRUE(events.take_overflow()) << "the gap event itself was lost";
  EXPECT_EQ(events.events().size(), EventJournal::kMostEvents);
}

}  // namespace
}  // namespace coldwatch
