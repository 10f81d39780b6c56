// A bridge in simulated time with a store in memory and notifiers that fail as they are told, and
// what people would believe who read every message that arrived.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "bridge/bridge.hpp"

namespace coldwatch {

/// What a reader of one notifier believes of one alarm.
struct Belief {
  bool open = false;
  Severity severity = Severity::kInfo;
};

class Lab {
 public:
  explicit Lab(BridgeConfig config);

  void at(Milliseconds wait);  // lets so much time pass
  void alarm(const std::string& fridge, const std::string& rule, AlarmState state,
             Severity severity);
  void repeat_alarms(const std::string& fridge);  // as an agent that comes back
  void late_message(const std::string& fridge, const std::string& rule);  // contradicts, but is old
  void connection(bool up);  // of the bridge to the broker
  void status(const std::string& fridge, bool online);
  void command(const std::string& verb, const std::string& payload);
  void set_outcome(const std::string& notifier, Outcome outcome);
  void crash();
  void restart();
  bool running() const { return bridge_ != nullptr; }

  /// What was wrong so far, one sentence a line; "" while everything holds.
  const std::string& faults() const { return faults_; }
  const std::string& log() const { return log_; }
  /// Compares what every reader believes with what the agents said last.
  void compare_with_truth();
  /// What must hold between any two steps: the bridge knows what its readers believe, and nothing that
  /// is due and can be told waits (I5, I7).
  void check_between_steps();
  int arrived() const { return arrived_; }

 private:
  void settle();
  void step();
  void catch_up();
  void check_told(const Teller& teller, const AlarmKey& key, const Told& told);
  void deliver(const Notification& notification);
  void say(const AlarmKey& key);
  void read(const Notification& notification, bool first_attempt);
  void believe(const std::string& notifier, const NotificationItem& item, bool first_attempt);
  void fault(const std::string& text);
  void publish(const std::string& topic, const std::string& payload, bool retained);

  struct Truth {
    AlarmState state = AlarmState::kNormal;
    Severity severity = Severity::kInfo;
    std::uint64_t seq = 0;
    UtcTime since{};
  };
  BridgeConfig config_;
  TimeZone zone_;
  UtcTime now_{std::chrono::hours{24 * 365 * 50}};
  std::unique_ptr<Bridge> bridge_;
  std::uint64_t lives_ = 0;
  UtcTime quiet_until_{};  // end of the last start's grace
  bool connected_ = true;
  std::map<std::pair<Table, std::string>, std::string> store_;
  std::map<AlarmKey, Truth> truth_;          // what the agents have said
  std::map<AlarmKey, AlarmState> known_;     // what a bridge that ran has heard of it
  std::map<AlarmKey, std::uint64_t> heard_;  // the seq of that
  std::map<std::string, bool> online_;
  std::map<std::string, std::uint64_t> seq_;
  std::map<std::string, Outcome> outcome_;
  std::map<std::pair<std::string, AlarmKey>, Belief> beliefs_;
  std::map<std::string, std::string> contents_;  // by id, of attempts that may have arrived
  std::set<std::string> read_;
  std::string faults_;
  std::string log_;
  int arrived_ = 0;
};

/// One random timeline; the faults that it found, with its log, or "".
std::string random_timeline(std::uint32_t seed);

/// How many a test tries: `usual`, or what the environment's COLDWATCH_TIMELINES asks for.
std::uint32_t timelines(std::uint32_t usual);

}  // namespace coldwatch
