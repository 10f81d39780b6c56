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
#include "bridge/alarms/shelves.hpp"
#include "bridge/commands.hpp"
#include "bridge/companions.hpp"
#include "bridge/home_assistant.hpp"
#include "bridge/in_turn.hpp"
#include "bridge/known_events.hpp"
#include "bridge/publications.hpp"
#include "bridge/teller.hpp"
#include "bridge/watch/awaited.hpp"
#include "bridge/watch/broker_drops.hpp"
#include "bridge/watch/event_order.hpp"
#include "bridge/watch/intake.hpp"
#include "bridge/watch/own_alarms.hpp"

namespace coldwatch {

class Bridge {
 public:
  /// Nothing is sent for `grace` from `now` on: the retained state comes first.
  Bridge(BridgeConfig config, TimeZone zone, IdMaker ids, UtcTime now, Milliseconds grace);
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
  void note(HistoryEntry entry) { out_.changes.history.push_back(std::move(entry)); }
  void publication_lost(const std::string& topic);             // retained, and not acknowledged
  const Pending* pending(const DeliveryResult& result) const;  // null where there is none
  /// Everything that follows from what came in since, and from the time.
  Actions step(UtcTime now);
  /// ... and when it has to be called at the latest, if nothing comes in.
  std::optional<UtcTime> next(UtcTime now) const;
  /// All retained publications of the bridge, for a new connection, but for its book: that comes anew.
  std::vector<Publication> announcement(UtcTime now);
  std::optional<Publication> next_book(UtcTime now);  // to be asked when the broker has room for it
  std::size_t waiting_books() const { return unpublished_.size(); }
  BridgeHealth health(UtcTime now) const;
  const AlarmBook& book() const { return book_; }
  const std::map<std::string, Teller>& tellers() const { return tellers_; }
  const std::vector<Shelf>& shelves() const { return shelves_.all(); }
  World world() const;

 private:
  void on_alarm(const FridgeId& id, std::string_view rule, std::string_view payload, bool retained,
                UtcTime now);
  void on_status(const FridgeId& id, std::string_view payload, bool retained, UtcTime now);
  void on_health(const FridgeId& id, std::string_view payload, UtcTime now);
  void on_event(const FridgeId& id, std::string_view payload, UtcTime now);
  void on_command(std::string_view verb, std::string_view payload, const std::string& asked,
                  UtcTime now);
  void on_peer(std::string_view id, std::string_view name, std::string_view payload, bool retained,
               UtcTime now);
  void on_peers_command(const std::string& id, std::string_view verb, std::string_view payload,
                        UtcTime now);
  void follow_shelves(UtcTime now);
  void on_notified(std::string_view name, std::string_view payload, UtcTime now);
  void follow_peers(UtcTime now);
  void follow_entry(const Companions::Entry& entry, UtcTime now);
  bool take_record(const AlarmKey& key, const Notified& record, UtcTime now);
  void take_known(Teller& teller, const Alarm& alarm, const Notified& record, UtcTime now);
  void share_incident(const Alarm& alarm, const Notified& record, UtcTime now);
  void share(const Pending& arrived, UtcTime now);
  void say_everything(UtcTime now);
  void say(UtcTime now);
  void on_own_event(std::string_view payload, UtcTime now);
  int tell_everyone(const std::string& only, const NotificationItem& item, UtcTime now);
  void on_dropped_count(std::string_view payload, UtcTime now);
  void on_notice(const AlarmKey& key, const AlarmMessage& message, UtcTime now);
  template <class What>
  std::string carry_out(const What& command, UtcTime now);
  void take_event(const FridgeId& id, const EventMessage& event, UtcTime now);
  void follow_events(UtcTime now);
  void release_events(UtcTime now);
  void accept_event(const FridgeId& id, const EventMessage& event, UtcTime now);
  void mention(const NotificationItem& item, UtcTime now);
  void follow_fridges();
  void follow_book(UtcTime now);
  void follow_change(const BookChange& change, UtcTime now);
  void expire(UtcTime now);
  const Incident& place(const Subject& subject, const IdSource& make_id, UtcTime now);
  bool done_with(const Incident& incident, UtcTime now) const;
  void drop(const std::string& incident);
  void retire_incidents(UtcTime now);
  void collect_rows(UtcTime now);
  void follow_intake(UtcTime now);
  void follow_infos(UtcTime now);
  void on_own_book(std::string_view name, std::string_view payload);
  void close_old_entries();
  void touch_all(UtcTime now);
  void remark(std::string text) { out_.remarks.push_back(std::move(text)); }
  void restore_row(const StoredRow& row, UtcTime now);
  void rebuild(UtcTime now);
  void set_sources(UtcTime now);
  UtcTime send_from() const;
  void send(UtcTime now);
  AlarmKey own_key(const std::string& rule) const { return {config_.site, kBridgeItself, rule}; }

  BridgeConfig config_;
  TimeZone zone_;
  Topics topics_;
  AlarmBook book_;
  Incidents incidents_;
  Inhibitions inhibitions_;
  Shelves shelves_;
  RecentAlarms recent_;
  std::map<std::string, Teller> tellers_;
  Fridges fridges_;
  Intake intake_;
  NewInfos infos_;
  OwnAlarms own_;
  Awaited awaited_;
  Companions others_;
  Fridge itself_;                                // how far the bridge's own events were taken
  UtcTime quiet_until_{}, events_held_until_{};  // ends of the start grace
  EventOrder order_;
  KnownEvents known_events_;
  BrokerDrops drops_;
  std::optional<UtcTime> hold_ends_, retire_at_;  // of an inhibition; when an incident may be over
  bool touch_all_ = false;                        // everything may matter anew
  std::string command_refusal_;
  InTurn unpublished_;
  std::set<AlarmKey> changed_alarms_, published_, old_entries_;  // by this life, by earlier ones
  std::set<FridgeId> unconfirmed_;
  Actions out_;  // of the next step
};

}  // namespace coldwatch
