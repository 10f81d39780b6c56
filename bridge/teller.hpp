// One notifier's side of the bridge: what it was told of each incident, what it has to be told next,
// and the message that waits for its arrival.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "bridge/compose.hpp"
#include "bridge/deadlines.hpp"
#include "bridge/delivery/outbox.hpp"
#include "bridge/notified.hpp"
#include "bridge/world.hpp"

namespace coldwatch {

class Teller {
 public:
  explicit Teller(NotifierSettings settings)
      : settings_(std::move(settings)), outbox_(settings_.limits) {}
  void configure(NotifierSettings settings) {
    settings_ = std::move(settings);
    outbox_.configure(settings_.limits);
  }
  const NotifierSettings& settings() const { return settings_; }
  const Outbox& outbox() const { return outbox_; }

  /// Something about this incident has changed; `at` is when it may matter, now at the latest.
  void touch(const std::string& incident, UtcTime at);
  /// When a change of `alarm` can matter at the earliest: a message that has to wait anyway need not
  /// be thought of at every one of ten thousand alarms before.
  UtcTime earliest(const Alarm& alarm, const Incident& incident, const ReconcileSettings& settings,
                   UtcTime now) const;
  /// Something to mention once within an incident; the same again is counted, not repeated.
  void mention(const std::string& incident, NotificationItem item, UtcTime now);

  /// An episode of `alarm`, which this notifier has to hear of, has just ended. One that was not told
  /// in time is mentioned: the next episode must not take its place. Where a message is on its way that
  /// tells of it, its arrival ends that.
  void episode_ended(const Alarm& alarm, const ReconcileSettings& settings, UtcTime now);
  /// What was told of `key`; null where nothing was.
  const Told* told(const std::string& incident, const AlarmKey& key) const;
  /// The same for another bridge.
  Known known(const Alarm& alarm) const;
  /// Another bridge has told that in the place of this one.
  void adopt(const std::string& incident, const AlarmKey& key, const Known& known, bool quiet,
             UtcTime now);
  /// ... and has mentioned what was to be mentioned of `key`, which began at these times.
  void forget_lines(const AlarmKey& key, const std::vector<UtcTime>& mentioned, UtcTime now);

  /// Compares told with true where that is due.
  void plan(const World& world, UtcTime now);
  /// The next message to try, where one is due and the notifier can be tried; plan() came before.
  std::optional<Notification> next_message(const World& world, Incidents& ids, UtcTime now);
  /// Notes how an attempt ended; none where the result belongs to none.
  std::optional<Settled> finish(const DeliveryResult& result, UtcTime now);

  /// When plan() or next_message() has something to do by time alone.
  std::optional<UtcTime> next(UtcTime now) const;
  /// How many messages wait to be tried or tried again.
  std::size_t waiting(UtcTime now) const { return ready_.size() + upcoming_.count(now); }
  /// Whether nothing of this incident was told or waits to be.
  bool done_with(const std::string& incident) const;
  void drop(const std::string& incident);

  const std::map<std::string, Conversation>& conversations() const { return conversations_; }
  void restore(Conversation conversation);
  void restore(const std::string& subject, Pending pending, UtcTime now);
  void reset_backoff() { outbox_.reset_backoff(); }

  /// Incidents whose conversation, and subjects whose message, changed since the last call.
  std::set<std::string> take_changed_conversations() {
    return std::exchange(changed_conversations_, {});
  }
  std::set<std::string> take_changed_pending() { return std::exchange(changed_pending_, {}); }

 private:
  /// Who goes first: by attempts in vain (few), severity (high), and how long it is due.
  struct Rank {
    int patience = 0;
    int mildness = 0;
    UtcTime due{};
    std::uint64_t order = 0;  // in which the incidents were first thought of
    std::string incident;
    auto operator<=>(const Rank&) const = default;
  };
  struct Schedule {
    std::uint64_t order = 0;
    std::optional<UtcTime> due;
    std::optional<UtcTime> since;         // from when on it was left to other bridges
    Severity severity = Severity::kInfo;  // of what is due
    std::optional<Rank> rank;             // its place in ready_
    std::optional<UtcTime> checked;       // when last; none where something has changed since
  };
  Conversation& conversation(const std::string& incident);
  std::vector<Member> members(const World& world, const Conversation& conversation,
                              UtcTime now) const;
  void check(const World& world, const std::string& incident, UtcTime now);
  static void leave_to_others(const Conversation& told, const Plan& plan, Milliseconds later,
                              Schedule& schedule);
  bool is_covered(const Alarm& alarm) const;
  void forget_told_lines(const std::string& incident, const Notification& message);
  void place(const std::string& incident, UtcTime now);
  void make_ready(UtcTime now);
  bool is_still_due(const World& world, const std::string& incident, UtcTime now);
  bool sends_digest(bool only_critical, UtcTime now) const;
  const Rank* first_critical() const;
  std::optional<std::string> first_due(const World& world, bool only_critical, UtcTime now);
  Notification send_digest(const World& world, Incidents& ids, UtcTime now);
  Pending render(const World& world, const std::string& incident, Incidents& ids, UtcTime now);
  Notification start(const std::string& subject, UtcTime now);
  void note_attempt(const Pending& pending);
  void note_arrival(const Pending& pending, const std::string& thread, UtcTime now);

  NotifierSettings settings_;
  Outbox outbox_;
  std::map<std::string, Conversation> conversations_;
  std::map<std::string, Schedule> schedule_;
  std::uint64_t incidents_ = 0;      // thought of so far
  Deadlines<std::string> checks_;    // when to compare told with true
  Deadlines<std::string> upcoming_;  // incidents with something to tell, later
  std::set<Rank> ready_;             // ... or now
  std::set<std::string> changed_conversations_;
  std::set<std::string> changed_pending_;
};

}  // namespace coldwatch
