// What is true: every alarm of every fridge, kept from their messages. Knows nothing of who was told.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bridge/alarms/alarm.hpp"
#include "bridge/deadlines.hpp"

namespace coldwatch {

struct FlappingSettings {
  int count = 5;                                   // activations ...
  Milliseconds window = std::chrono::minutes{10};  // ... within this make an alarm flap
  Milliseconds quiet = std::chrono::minutes{5};    // without one it has settled
};

struct BookSettings {
  FlappingSettings flapping;
  Milliseconds ack_timeout = std::chrono::hours{8};
};

/// One change of one alarm, for those who follow the book.
struct BookChange {
  AlarmKey key;
  Reason reason = Reason::kNothing;  // kNothing where only a flag or a text has changed
};

class AlarmBook {
 public:
  explicit AlarmBook(BookSettings settings) : settings_(settings) {}
  void configure(BookSettings settings) { settings_ = settings; }

  /// Takes a message where its epoch is not the alarm's or its seq is higher than the last one taken;
  /// else it is a refresh, which brings at most a newer value. False, with nothing taken, where there
  /// are kMostAlarms already: an agent that invents rules must not exhaust the bridge.
  bool take(const AlarmKey& key, const AlarmMessage& message, UtcTime now);

  /// Ends the episode in hand where `message` shows a later one of the same epoch: its own end passed
  /// while nobody here could hear it. When that was is not known.
  void end_unseen(const AlarmKey& key, const AlarmMessage& message, UtcTime now);
  /// An episode has ended since the last take_changes(): whoever follows the book has to see that before
  /// another one takes its place.
  bool ended_lately(const AlarmKey& key) const { return ended_.contains(key); }

  /// Whether an alarm of this key is known, or its fridge has fewer than kMostOfOneFridge: what an agent
  /// invents must not take the room of others, nor that of the bridge's own alarms about it.
  bool has_room(const AlarmKey& key) const;

  /// Takes a notice, which has no state but a place in the order; false where it was taken before.
  bool take_notice(const AlarmKey& key, const std::string& epoch, std::uint64_t seq);

  /// Nobody hears from this alarm's source any more; its state is the last one known.
  void set_stale(const AlarmKey& key, bool stale);

  /// How many alarms that `means` names were acknowledged.
  using Selector = std::function<bool(const Alarm&)>;
  int acknowledge(const Selector& means, const std::string& by, const std::string& note,
                  UtcTime now);
  int unacknowledge(const Selector& means, UtcTime now);
  /// What another bridge knows of the same episode, where people have said more there (`handled`).
  void follow(const AlarmKey& key, const Alarm& other, UtcTime now);

  /// Acts on everything that is due by time alone: acknowledgements that ran out, flapping settled.
  void advance(UtcTime now);
  /// When advance() has to be called next.
  std::optional<UtcTime> next() const { return deadlines_.next(); }

  /// The changes since the last call, in their order.
  std::vector<BookChange> take_changes();

  static constexpr std::size_t kMostAlarms = 100'000;
  static constexpr std::size_t kMostOfOneFridge = 1'000;

  const std::map<AlarmKey, Alarm>& alarms() const { return alarms_; }
  const Alarm* find(const AlarmKey& key) const;

  /// Puts an alarm back as it was stored; not a change.
  void restore(Alarm alarm);
  void assign_incident(const AlarmKey& key, const std::string& incident);

 private:
  /// Where the alarm of this key stands, with whether it is new; null where there is no room for it.
  std::pair<Alarm*, bool> entry(const AlarmKey& key);
  void apply(Alarm& alarm, Happening happening, const AlarmMessage* message, UtcTime now);
  void begin(Alarm& alarm, const AlarmMessage& message, UtcTime now);
  void note_change(Alarm& alarm, Reason reason);
  void note_reason(Alarm& alarm, Reason reason, UtcTime ended_by_agent, UtcTime now);
  void count_activation(Alarm& alarm, UtcTime now);
  void note_deadline(const Alarm& alarm);

  BookSettings settings_;
  std::map<AlarmKey, Alarm> alarms_;
  std::map<std::pair<Name, Name>, std::size_t> of_fridge_;  // how many, by site and name
  Deadlines<AlarmKey> deadlines_;
  std::vector<BookChange> changes_;
  std::set<AlarmKey> ended_;  // by these changes
};

}  // namespace coldwatch
