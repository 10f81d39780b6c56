// A bridge's core for tests: simulated time, messages as agents send them, and what came out of it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "bridge/bridge.hpp"
#include "common/json.hpp"

namespace coldwatch {

/// The config's defaults with these notifiers, all of type console.
BridgeConfig config_with(const std::vector<std::string>& notifiers);

/// What a fridge's agent says of one rule.
AlarmMessage alarm_message(Severity severity, std::uint64_t seq,
                           AlarmState state = AlarmState::kActive);

/// Delivers at once, or fails as it is told; collects everything else.
class Core {
 public:
  explicit Core(BridgeConfig config = config_with({"c"}));
  /// One that starts at `now`, with grace, from what an earlier one has stored.
  Core(BridgeConfig config, UtcTime now, const Core& before);

  void alarm(const std::string& fridge, const std::string& rule, const AlarmMessage& message);
  void publish(const std::string& topic, const std::string& payload, bool retained = false);
  /// Lets so much time pass, with every step that is due meanwhile.
  void wait(Milliseconds time);
  void step();

  /// What was published since the last call.
  std::vector<Publication> take_published();
  /// The newest payload on a topic below "coldwatch/lab/"; none where there was none.
  const std::string* last(const std::string& topic) const;
  nlohmann::json last_json(const std::string& topic) const;
  /// Messages that arrived as "notifier: intent fridge/rule ...", oldest first; then forgotten.
  std::vector<std::string> take_told();

  Bridge& bridge() { return bridge_; }
  UtcTime now() const { return now_; }

  std::vector<Publication> confirmations;
  std::vector<HistoryEntry> history;
  std::map<std::pair<Table, std::string>, std::string> rows;  // as the store has them
  std::vector<std::string> remarks;
  std::vector<Notification> arrived;
  std::map<std::string, Outcome> outcome;  // by notifier; kSent where it is not set
  std::set<std::string> hanging;           // notifiers that do not answer before answer()

  /// What hangs ends, each as its notifier's outcome says.
  void answer();

 private:
  void deliver(const Notification& message);
  std::vector<Notification> under_way_;
  UtcTime now_{std::chrono::hours{24 * 365 * 50}};
  Bridge bridge_;
  std::vector<Publication> publications_;
  std::size_t given_ = 0;  // of them by take_published()
  std::vector<std::string> told_;
};

}  // namespace coldwatch
