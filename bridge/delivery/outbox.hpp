// When which message is tried on one notifier, and with which content. Pure: it is told of attempts
// and of how they ended, and answers questions.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bridge/alarms/incident.hpp"
#include "bridge/delivery/courier.hpp"

namespace coldwatch {

/// What is told of one alarm once a message has arrived; none where it is over.
struct Mark {
  Name incident;
  AlarmKey key;
  std::optional<Told> after;
  bool operator==(const Mark&) const = default;
};

/// A message that waits for its arrival.
struct Pending {
  Notification notification;
  std::vector<Mark> marks;
  std::map<std::string, std::size_t> lines;  // by incident, how many of the oldest lines it carries
  bool frozen = false;  // an attempt may have arrived: content and id stay as they are
  bool under_way = false;
  int attempts = 0;
};

/// An attempt that has ended.
struct Settled {
  std::string subject;
  Pending pending;
  Outcome outcome = Outcome::kRetry;
};

/// The subject of the message that stands for all incidents when the rate limit leaves room for one.
inline constexpr std::string_view kDigestSubject = "digest";

class Outbox {
 public:
  explicit Outbox(NotifierLimits limits) : limits_(limits) {}
  void configure(NotifierLimits limits);

  /// Nothing is under way, the backoff is over and the rate limit leaves room.
  bool may_try(UtcTime now) const;
  /// When may_try() becomes true by time alone, with room for `room` messages; none while an attempt
  /// is under way.
  std::optional<UtcTime> next(UtcTime now, int room = 1) const;
  /// How many messages the rate limit leaves room for.
  int room(UtcTime now) const;
  /// For how many of them only critical alarms are worth it: a storm of warnings must not keep what
  /// is critical waiting for the window to pass.
  int reserve() const;
  /// False for a while after the service refused the message about `subject` for good.
  bool takes(const std::string& subject, UtcTime now) const;
  const NotifierLimits& limits() const { return limits_; }
  std::optional<UtcTime> refused_until(const std::string& subject) const;

  /// Sets the message about `subject` (an incident's id, or kDigestSubject). One that is frozen stays;
  /// one that says the same keeps its id.
  const Pending& put(const std::string& subject, Pending fresh);
  const Pending* find(const std::string& subject) const;
  /// Drops the message about `subject` unless it is frozen; true where one was dropped.
  bool drop(const std::string& subject);

  /// Notes that an attempt begins, and returns what to send.
  const Notification& start(const std::string& subject, UtcTime now);
  /// Notes how the attempt under way ended; none where the result belongs to no attempt.
  std::optional<Settled> finish(const DeliveryResult& result, UtcTime now);

  /// Nothing has arrived for a minute or more, or it has only just begun to: what waits goes as one
  /// message, so that people are not met by twenty.
  bool after_outage(UtcTime now) const;
  /// Since when no attempt has succeeded; none while it works.
  std::optional<UtcTime> failing_since() const { return failing_since_; }
  bool broken() const { return broken_; }
  const std::string& last_error() const { return last_error_; }
  const std::map<std::string, Pending>& pending() const { return pending_; }

  /// Puts a message back as it was stored. An attempt that was under way may have arrived.
  void restore(const std::string& subject, Pending pending);
  /// Tries again at once; a person has changed something.
  void reset_backoff() { not_before_ = UtcTime{}; }

 private:
  bool is_out(UtcTime now) const;
  void fail(const DeliveryResult& result, UtcTime now);

  NotifierLimits limits_;
  std::map<std::string, Pending> pending_;
  std::map<std::string, UtcTime> refused_;
  std::string under_way_;  // subject; "" for none
  std::deque<UtcTime> starts_;
  UtcTime not_before_{};
  UtcTime next_start_{};     // by the service's limit of one message in some time
  int failures_ = 0;         // in a row
  int failures_broken_ = 0;  // of these, the last ones that a person has to mend
  std::optional<UtcTime> failing_since_;
  UtcTime recovering_until_{};
  bool broken_ = false;
  std::string last_error_;
};

/// The wait after the n-th failure in a row, from 1: 5, 10, 20, 40, then 60 seconds each.
Milliseconds backoff(int failures);
/// The same where a person has to change something: 1, 2, 4, 8, 16, then 30 minutes each.
Milliseconds broken_backoff(int failures);
/// `time`, or the end of the rush after a full or half hour that the service asks to avoid.
UtcTime after_rush(UtcTime time, const NotifierLimits& limits);

}  // namespace coldwatch
