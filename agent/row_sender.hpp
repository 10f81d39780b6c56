// Sends rows and knows which of them the broker has acknowledged. It holds a bounded number of rows
// messages and no other rows: where it cannot follow (broker down, slow or unwilling), the rows are
// read from the log again later, from the acknowledged position.
#pragma once

#include <chrono>
#include <deque>
#include <string>

#include "agent/channel_view.hpp"
#include "agent/source/follower.hpp"
#include "common/messages.hpp"
#include "common/mqtt_session.hpp"
#include "common/topics.hpp"

namespace coldwatch {

class RowSender {
 public:
  RowSender(Topics topics, std::string fridge, StreamPositions acknowledged);

  /// The place from which a stream that is new must be sent; does nothing for a known one.
  void begin(const std::string& stream, const FilePosition& at);

  /// True while the chunks that the rules are fed with are all that has to be sent; false while a
  /// second reader has to go over the log from positions().
  bool follows() const { return follows_; }
  /// The second reader has met the first one.
  void follow() { follows_ = true; }

  /// A chunk of the rules' reader: taken, or, where there is no room or no broker, left to the second
  /// reader.
  void offer(const Chunk& chunk, const ChannelView& view, bool connected);
  /// A chunk of the second reader; only while wants_rows().
  void take(const Chunk& chunk, const ChannelView& view);
  bool wants_rows() const { return waiting_bytes_ < kMostWaitingBytes; }

  /// The next message to publish; nullptr where there is none or `window`, of which rows use at most
  /// three quarters, is full.
  const Publication* next(std::size_t window) const;
  /// The message of next() was handed over.
  void sent(Ticket ticket);
  /// True where `ticket` belongs to rows.
  bool acknowledge(Ticket ticket);
  bool owns(Ticket ticket) const;

  /// Nothing of what was handed over counts any more (connection lost, message refused).
  void rewind();

  /// Everything before these was acknowledged. Moves only over a contiguous run of messages.
  const StreamPositions& positions() const { return acknowledged_; }
  /// Rows messages that wait or are under way.
  bool idle() const { return waiting_.empty() && under_way_.empty(); }

 private:
  static constexpr std::size_t kMostWaitingBytes = 256 * 1024;
  static constexpr std::size_t kMostUnderWayBytes = 1024 * 1024;

  struct Message {
    Publication publication;
    std::string stream;
    FilePosition after;
  };
  struct UnderWay {
    Ticket ticket;
    std::string stream;
    FilePosition after;
    std::size_t bytes;
    bool acknowledged = false;
  };

  Topics topics_;
  std::string fridge_;
  StreamPositions acknowledged_;
  bool follows_ = false;
  std::deque<Message> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::deque<UnderWay> under_way_;
  std::size_t under_way_bytes_ = 0;
};

/// True where both readers go on at the same record of the same file in every stream, and ended at the
/// same one of the file before.
bool same_places(const StreamPositions& a, const StreamPositions& b);

}  // namespace coldwatch
