// The running bridge: the core between the broker, the store and the courier. One thread, which is
// the caller's; the clocks are arguments.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridge/bridge.hpp"
#include "bridge/broker_queue.hpp"
#include "bridge/delivery/courier.hpp"
#include "bridge/loaded.hpp"
#include "bridge/onward_clock.hpp"
#include "bridge/store.hpp"
#include "bridge/unwritten.hpp"
#include "bridge/watch/drill.hpp"
#include "common/command_guard.hpp"
#include "common/log.hpp"
#include "common/mqtt_session.hpp"

namespace coldwatch {

class Service {
 public:
  /// Opens the store and takes up where the last run ended. Throws SettingsError where the store
  /// cannot be used. `seed` makes this run's ids different from those of every other one.
  Service(LoadedBridge loaded, std::uint64_t seed, UtcTime wall, SteadyTime steady);
  ~Service();

  /// One turn of the loop; returns how long it may wait for the next one.
  Milliseconds step(UtcTime wall, SteadyTime steady);
  /// Waits until there is something to do, at most so long.
  void wait(Milliseconds timeout);

  /// True once after somebody asked by command for the config to be read again.
  bool take_reload_wanted() { return std::exchange(reload_wanted_, false); }
  /// Goes on with another config. What only a restart can change (broker, bridge, root, site, store)
  /// stays as it was, and is named in the log.
  void reload(LoadedBridge loaded, UtcTime wall, SteadyTime steady);

  /// Says goodbye to the broker.
  void stop();

 private:
  void on_session_events(UtcTime now, SteadyTime steady);
  void on_connected(const MqttConnected& connected, UtcTime now);
  void on_lost(const MqttLost& lost, UtcTime now);
  void on_acknowledged(Ticket ticket, bool accepted, const std::string& why);
  void on_results(UtcTime now);
  void follow_receipts(UtcTime now);
  void keep_courier_notes();
  void store(StoreChanges changes, UtcTime now);
  void note_full_histories(UtcTime now);
  void act(Actions actions, UtcTime now);
  void publish(UtcTime now);
  void heartbeat(UtcTime now, SteadyTime steady);
  void run_drill(UtcTime now);
  void make_courier(std::vector<std::unique_ptr<Notifier>> notifiers);
  std::vector<std::string> subscriptions() const;
  void wake();

  LoadedBridge loaded_;
  Topics topics_;
  OnwardClock clock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Bridge> bridge_;
  std::mutex courier_change_;  // the session's threads wake the courier
  std::unique_ptr<Courier> courier_;
  std::vector<std::unique_ptr<Courier>> retired_;  // with attempts of the config before
  std::set<std::string> under_way_;                // notifiers with an attempt
  std::unique_ptr<MqttSession> session_;
  CommandGuard guard_;
  LogLimit remarks_{200};
  std::vector<RowChange> noted_;  // for the store, beside what the core has
  Unwritten unwritten_;
  UtcTime next_store_try_{};
  std::map<std::string, Publication> confirmations_;  // by topic; wait for the store
  BrokerQueue outgoing_;
  struct InFlight {
    Publication publication;
    std::string notification;  // of an `mqtt` notifier; "" for none
  };
  std::map<Ticket, InFlight> in_flight_;
  std::deque<PendingPublication> notifier_publications_;
  Drill drill_;
  std::string drill_state_;  // as it was stored
  std::uint64_t heartbeats_ = 0;
  std::uint64_t pings_ = 0;
  SteadyTime next_heartbeat_{};
  SteadyTime next_ping_{};
  SteadyTime next_prune_{};
  SteadyTime next_repeat_{};
  std::optional<UtcTime> store_failing_since_;
  bool reload_wanted_ = false;
  bool busy_ = false;  // the broker had something in the last step
  bool news_ = false;  // the core has been given something since it last thought
  SteadyTime next_thought_{};
};

}  // namespace coldwatch
