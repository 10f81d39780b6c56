#include "agent/row_sender.hpp"

#include "tests/agent/agent_helper.hpp"

namespace coldwatch {
namespace {

FilePosition place(std::uint64_t offset) {
  return {
      .path = "a.vcl", .identity = "1:2", .position = {.offset = offset, .record = offset / 100}};
}

/// A sender with one stream of one column, which stands at the beginning of its file.
class Sending : public testing::Test {
 protected:
  Sending() { sender.begin("main", place(0)); }

  /// A chunk of `count` rows from row `first` on, as the reader would hand it out.
  Chunk chunk(std::uint64_t first, std::size_t count) {
    std::vector<std::pair<UtcTime, std::vector<double>>> rows(count, {kNoon, {1.5}});
    batch = batch_of(channels, rows, first);
    return {.stream = "main",
            .file = "a.vcl",
            .rows = &batch,
            .before = place((first - 1) * 100),
            .after = place((first + count - 1) * 100)};
  }
  std::uint64_t acknowledged() const { return sender.positions().at("main").position.offset; }
  bool send(Ticket ticket, std::size_t window = 8) {
    if (sender.next(window) == nullptr) return false;
    sender.sent(ticket);
    return true;
  }

  const SharedChannels channels = channels_of({"A"});
  const ChannelView view{channels, {}};
  RowBatch batch;
  RowSender sender{Topics{"coldwatch", "lab"}, "triton1", {}};
};

TEST_F(Sending, MovesOnlyOverAContiguousRunOfAcknowledgements) {
  for (std::uint64_t row = 1; row <= 4; ++row) sender.take(chunk(row, 1), view);
  for (const Ticket ticket : {11, 12, 13, 14}) ASSERT_TRUE(send(ticket));
  EXPECT_TRUE(sender.acknowledge(12));
  EXPECT_TRUE(sender.acknowledge(13));
  EXPECT_EQ(acknowledged(), 0U);
  EXPECT_TRUE(sender.acknowledge(11));
  EXPECT_EQ(acknowledged(), 300U);
  EXPECT_TRUE(sender.acknowledge(14));
  EXPECT_EQ(acknowledged(), 400U);
  EXPECT_TRUE(sender.idle());
}

TEST_F(Sending, KnowsOnlyItsOwnTickets) {
  sender.take(chunk(1, 1), view);
  send(5);
  for (const Ticket ticket : {0, 4, 6}) EXPECT_FALSE(sender.acknowledge(ticket)) << ticket;
  EXPECT_TRUE(sender.owns(5));
  EXPECT_TRUE(sender.acknowledge(5));
  EXPECT_FALSE(sender.acknowledge(5));
}

TEST_F(Sending, KnowsThePlaceOfEveryPartOfAChunk) {
  sender.take(chunk(1, 1200), view);
  std::vector<std::uint64_t> places;
  for (Ticket ticket = 1; send(ticket, 100); ++ticket) {
    sender.acknowledge(ticket);
    places.push_back(acknowledged());
  }
  EXPECT_EQ(places, (std::vector<std::uint64_t>{50000, 100000, 120000}));
}

TEST_F(Sending, LeavesAQuarterOfTheWindowToMoreUrgentLanes) {
  const std::pair<std::size_t, std::size_t> cases[] = {{20, 15}, {64, 48}, {4, 3}, {1, 1}};
  for (const auto& [window, most] : cases) {
    RowSender fresh{Topics{"coldwatch", "lab"}, "triton1", {}};
    for (std::uint64_t row = 1; row <= 100; ++row) fresh.take(chunk(row, 1), view);
    std::size_t sent = 0;
    while (fresh.next(window) != nullptr) fresh.sent(++sent);
    EXPECT_EQ(sent, most) << window;
  }
}

TEST_F(Sending, GivesUpFollowingRatherThanFillingTheMemory) {
  sender.follow();
  std::size_t taken = 0;
  for (std::uint64_t row = 1; sender.follows(); row += 500, ++taken) {
    sender.offer(chunk(row, 500), view, true);
    ASSERT_LT(taken, 1000U);
  }
  EXPECT_FALSE(sender.wants_rows());
  EXPECT_GT(taken, 1U);
}

TEST_F(Sending, LeavesRowsToTheSecondReaderWithoutABroker) {
  sender.follow();
  sender.offer(chunk(1, 1), view, false);
  EXPECT_FALSE(sender.follows());
  EXPECT_TRUE(sender.idle());
  EXPECT_EQ(acknowledged(), 0U);
}

TEST_F(Sending, GoesBackToTheAcknowledgedPlaceWhenTheConnectionIsLost) {
  sender.follow();
  for (std::uint64_t row = 1; row <= 3; ++row) sender.offer(chunk(row, 1), view, true);
  send(1);
  send(2);
  sender.acknowledge(1);
  sender.rewind();
  EXPECT_EQ(acknowledged(), 100U);
  EXPECT_FALSE(sender.follows());
  EXPECT_FALSE(sender.acknowledge(2));
  EXPECT_EQ(acknowledged(), 100U);
}

TEST_F(Sending, GoesOnFollowingOverAReconnectWithNothingUnderWay) {
  sender.follow();
  sender.rewind();
  EXPECT_TRUE(sender.follows());
}

TEST(SamePlaces, ComparesFileAndRecordOnly) {
  const StreamPositions a{{"main", place(100)}};
  StreamPositions renamed = a;
  renamed["main"].path = "b.vcl";
  renamed["main"].head_hash = "longer by now";
  EXPECT_TRUE(same_places(a, renamed));
  EXPECT_TRUE(same_places({}, {}));
  EXPECT_FALSE(same_places(a, {}));
  EXPECT_FALSE(same_places(a, {{"main", place(200)}}));
  EXPECT_FALSE(same_places(a, {{"other", place(100)}}));
  StreamPositions other = a;
  other["main"].identity = "1:3";
  EXPECT_FALSE(same_places(a, other));
}

}  // namespace
}  // namespace coldwatch
