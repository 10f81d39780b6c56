// Decides what is handed to the broker next. Lanes by urgency: present state, events, fresh rows, live,
// rows that are caught up; a lane that the broker refuses rests for a minute while the others go on.
#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "agent/event_journal.hpp"
#include "agent/row_sender.hpp"
#include "common/messages.hpp"
#include "common/mqtt_session.hpp"

namespace coldwatch {

/// What the core wants published. Events go through the EventJournal and rows through the RowSender.
struct Outgoing {
  std::vector<Publication> state;  // QoS 1: retained state, replies
  std::vector<Publication> live;   // QoS 0
};

class Publisher {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kRest{60};

  /// `events` and `rows` outlive the publisher; `event_topic` is where events go.
  Publisher(EventJournal& events, RowSender& rows, std::string event_topic)
      : events_(events), rows_(rows), event_topic_(std::move(event_topic)) {}

  /// A new connection: everything unconfirmed and unacknowledged is to be sent again, `announcement`
  /// first.
  void connected(std::size_t window, std::vector<Publication> announcement);
  void lost();

  /// Dropped while there is no connection: the next announcement says it all again.
  void add(Outgoing out);

  /// The next message, valid until the next call; nullptr where nothing may be sent now. `room` is what
  /// the session still takes of QoS 1.
  const Publication* next(std::size_t room, SteadyTime now);
  /// The message of the last next() was taken by the session.
  void handed_over(Ticket ticket);

  void acknowledged(Ticket ticket) { rows_.acknowledge(ticket); }
  /// The lane of `ticket` rests. Returns its name for the log.
  std::string refused(Ticket ticket, SteadyTime now);
  /// True once after a rest of the state lane: what was refused has to be announced again.
  bool take_announcement_due(SteadyTime now);

 private:
  static constexpr std::size_t kMostLive = 512;
  enum class Lane { kState, kEvents, kLive, kRows };

  void add_state(Publication publication);

  EventJournal& events_;
  RowSender& rows_;
  std::string event_topic_;
  std::size_t window_ = 0;  // 0: not connected
  std::deque<Publication> state_;
  std::deque<Publication> live_;
  Publication event_;  // the one that next() showed
  Lane last_ = Lane::kState;
  SteadyTime state_rests_until_{};
  SteadyTime rows_rest_until_{};
  bool announcement_due_ = false;
};

}  // namespace coldwatch
