// The core of the bridge: messages, results of deliveries and the time go in; what to store, to try
// and to publish comes out. It calls nobody and reads no clock.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/actions.hpp"
#include "bridge/commands.hpp"
#include "bridge/events.hpp"
#include "bridge/known_events.hpp"
#include "bridge/publications.hpp"
#include "bridge/records.hpp"
#include "bridge/teller.hpp"
#include "bridge/watch/awaited.hpp"
#include "bridge/watch/intake.hpp"
#include "bridge/watch/own_alarms.hpp"
#include "common/topics.hpp"

namespace coldwatch {

class Bridge {
 public:
  /// Nothing is sent for `grace` from `now` on: the retained state comes first.
  Bridge(BridgeConfig config, TimeZone zone, IdMaker ids, UtcTime now, Milliseconds grace);
  ~Bridge();
  /// Puts the stored state back, first of all. Returns a sentence for each row it cannot read.
  std::vector<std::string> restore(const std::vector<StoredRow>& rows, UtcTime now);

  void know_event(const std::string& id) { known_events_.add(id); }
  /// A new config in place of the old one; nothing that is known is lost.
  void configure(BridgeConfig config, TimeZone zone, UtcTime now);
  void on_message(std::string_view topic, std::string_view payload, bool retained, UtcTime now);
  /// Why commands are not carried out, for people; "" where they are.
  void refuse_commands(std::string why) { command_refusal_ = std::move(why); }
  /// The session to the broker is up or down; `why` is for people.
  void on_connection(bool connected, const std::string& why, UtcTime now);
  void on_result(const DeliveryResult& result, UtcTime now);
  /// What the message named is acknowledged, unless it has begun anew or become worse since.
  void on_acknowledgement(const Acknowledgement& acknowledgement, UtcTime now);
  bool in_hand(const std::vector<AlarmKey>& alarms) const;  // all are over, or acknowledged
  /// An own alarm of the program around the core, "queue_growing" or "drill_missing".
  void set_own_alarm(const std::string& kind, bool holds, const std::string& text, UtcTime now);
  /// An entry for the history that only the program around knows of.
  void note(HistoryEntry entry) { history_.push_back(std::move(entry)); }
  /// The message whose attempt `result` reports; null where there is none.
  const Pending* pending(const DeliveryResult& result) const;
  /// Everything that follows from what came in since, and from the time.
  Actions step(UtcTime now);
  /// When step() has to be called at the latest, if nothing comes in.
  std::optional<UtcTime> next(UtcTime now) const;

  /// All retained publications of the bridge, for a new connection.
  std::vector<Publication> announcement(UtcTime now) const;
  BridgeHealth health(UtcTime now) const;

  const AlarmBook& book() const { return book_; }
  const std::map<std::string, Teller>& tellers() const { return tellers_; }
  const std::vector<Shelf>& shelves() const { return shelves_; }
  const BridgeConfig& config() const { return config_; }
  World world() const;

 private:
  void on_alarm(const FridgeId& id, std::string_view rule, std::string_view payload, bool retained,
                UtcTime now);
  void on_status(const FridgeId& id, std::string_view payload, bool retained, UtcTime now);
  void on_health(const FridgeId& id, std::string_view payload, UtcTime now);
  void on_event(const FridgeId& id, std::string_view payload, UtcTime now);
  void on_command(std::string_view verb, std::string_view payload, UtcTime now);
  void on_own_event(std::string_view payload, UtcTime now);
  int tell_everyone(const std::string& only, const NotificationItem& item, UtcTime now);
  void on_dropped_count(std::string_view payload, UtcTime now);
  void on_notice(const AlarmKey& key, const AlarmMessage& message, UtcTime now);
  std::string carry_out(const AckCommand& command, UtcTime now);
  std::string carry_out(const ShelveCommand& command, UtcTime now);
  std::string carry_out(const UnshelveCommand& command, UtcTime now);
  std::string carry_out(const TestCommand& command, UtcTime now);
  std::string carry_out(const ReloadCommand& command, UtcTime now);

  void take_event(const FridgeId& id, const EventMessage& event, UtcTime now);
  void release_events(UtcTime now);
  void mention(const NotificationItem& item, UtcTime now);
  void follow_fridges();
  void follow_book(UtcTime now);
  void follow_change(const BookChange& change, UtcTime now);
  void expire(UtcTime now);
  const Incident& place(const Subject& subject, UtcTime now);
  bool done_with(const Incident& incident, UtcTime now) const;
  void drop(const std::string& incident);
  void retire_incidents(UtcTime now);
  void collect_rows(Actions& actions, UtcTime now);
  void publish_books(UtcTime now);
  void follow_intake(UtcTime now);
  void on_own_book(std::string_view name, std::string_view payload);
  void close_old_entries();
  void touch_all(UtcTime now);
  void remark(std::string text) { remarks_.push_back(std::move(text)); }
  void restore_row(const StoredRow& row, UtcTime now);
  void rebuild(UtcTime now);
  void set_sources(UtcTime now);
  void send(Actions& actions, UtcTime now);
  AlarmKey own_key(const std::string& rule) const { return {config_.site, kBridgeItself, rule}; }

  BridgeConfig config_;
  TimeZone zone_;
  Topics topics_;
  AlarmBook book_;
  Incidents incidents_;
  Inhibitions inhibitions_;
  std::vector<Shelf> shelves_;
  RecentAlarms recent_;
  std::map<std::string, Teller> tellers_;
  Fridges fridges_;
  Intake intake_;
  OwnAlarms own_;
  Awaited awaited_;
  Fridge itself_;          // how far the bridge's own events were taken
  UtcTime quiet_until_{};  // end of the start grace
  UtcTime events_held_until_{};
  std::vector<std::pair<FridgeId, EventMessage>> held_events_;
  KnownEvents known_events_;
  std::optional<double> dropped_;  // by the broker, as it counts
  std::optional<UtcTime> dropping_until_;
  std::optional<UtcTime> hold_ends_;  // of an inhibition
  std::optional<UtcTime> retire_at_;  // when an incident may be over
  bool touch_all_ = false;            // everything may matter anew
  bool reload_ = false;
  std::string command_refusal_;
  std::set<AlarmKey> changed_alarms_;
  std::set<AlarmKey> unpublished_;
  std::set<AlarmKey> published_;    // that have a retained book entry
  std::set<AlarmKey> old_entries_;  // that the broker has of this bridge's book
  std::set<std::string> changed_shelves_;
  std::set<FridgeId> unconfirmed_;
  std::vector<HistoryEntry> history_;
  std::vector<Publication> publications_;
  std::vector<std::string> remarks_;
};

}  // namespace coldwatch
