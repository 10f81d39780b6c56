// Alarms that the bridge raises itself. A condition that holds long enough becomes an alarm like any
// other; it ends when somebody says that it has ended, never by silence.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bridge/config.hpp"
#include "bridge/deadlines.hpp"

namespace coldwatch {

/// Stands in the place of a fridge for alarms about the bridge itself.
inline const std::string kBridgeItself = "_bridge";
/// The epoch of messages that no agent has sent.
inline const std::string kOwnEpoch = "_bridge";

class OwnAlarms {
 public:
  explicit OwnAlarms(std::map<std::string, OwnAlarmSettings> settings)
      : settings_(std::move(settings)) {}
  void configure(std::map<std::string, OwnAlarmSettings> settings) {
    settings_ = std::move(settings);
  }

  /// The condition of `kind` (a name of the config's "own_alarms") holds since `since`. Said again
  /// it changes nothing; with a `hold` of its own, shorter than the config's, it comes sooner, with
  /// this text.
  void begin(const AlarmKey& key, const std::string& kind, const std::string& text, UtcTime since,
             std::optional<Milliseconds> hold = std::nullopt);
  void end(const AlarmKey& key);
  bool holds(const AlarmKey& key) const { return conditions_.contains(key); }

  /// What the alarm book has to take at `now`; `last_seq` says the seq of a key's last message.
  template <typename LastSeq>
  std::vector<std::pair<AlarmKey, AlarmMessage>> advance(UtcTime now, LastSeq last_seq) {
    auto messages = due(now);
    for (auto& [key, message] : messages) message.seq = last_seq(key) + 1;
    return messages;
  }
  std::optional<UtcTime> next() const;

  /// An alarm of this kind that was active when the program ended.
  void restore(const AlarmKey& key, UtcTime since, const std::string& text, Severity severity);

 private:
  struct Condition {
    UtcTime since{};
    std::string text;
    Severity severity = Severity::kWarning;
    bool raised = false;
  };
  std::vector<std::pair<AlarmKey, AlarmMessage>> due(UtcTime now);

  std::map<std::string, OwnAlarmSettings> settings_;
  std::map<AlarmKey, Condition> conditions_;
  std::vector<std::pair<AlarmKey, Condition>> ended_;
  Deadlines<AlarmKey> deadlines_;
};

}  // namespace coldwatch
