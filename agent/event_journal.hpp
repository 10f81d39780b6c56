// The events that no bridge has confirmed yet: kept over restarts, sent again after every reconnect,
// bounded. Acknowledged by the broker is not delivered, so only `_bridge/confirmed` removes one.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "common/messages.hpp"

namespace coldwatch {

class EventJournal {
 public:
  static constexpr std::size_t kMostEvents = 1000;

  /// Appends; `event.seq` is higher than that of every event before. Beyond kMostEvents the oldest
  /// goes, and take_overflow() tells that one was lost.
  void add(EventMessage event);

  /// Removes the events up to and including `seq`.
  void confirm(std::uint64_t seq);

  /// The oldest event that was not handed to the broker since rewind(); nullptr where there is none.
  const EventMessage* next() const;
  void mark_sent();
  /// Everything is to be sent again.
  void rewind() { sent_ = 0; }
  std::size_t unsent() const { return events_.size() - sent_; }

  /// True where events were dropped unconfirmed and no `gap` event that says so is waiting for its
  /// confirmation: one gap event speaks for all.
  bool take_overflow();

  const std::deque<EventMessage>& events() const { return events_; }
  /// The seq of the newest event that was ever added; 0 where that is not known.
  std::uint64_t last() const { return last_; }
  void set_last(std::uint64_t seq) { last_ = seq; }

 private:
  std::deque<EventMessage> events_;
  std::size_t sent_ = 0;
  std::uint64_t last_ = 0;
  bool dropped_ = false;
};

}  // namespace coldwatch
