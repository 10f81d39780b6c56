// What a restart must not lose, in one file that is replaced as a whole: where evaluation and sending
// stand in the logs, the state of the rules, the count of transitions and the unconfirmed events.
//
// Two positions. *evaluated*: the rules have seen every row before it. *acknowledged*: the broker has
// acknowledged every row before it. The log itself is the queue between the two.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/fallback.hpp"
#include "agent/source/follower.hpp"
#include "common/json.hpp"
#include "common/log.hpp"
#include "common/messages.hpp"

namespace coldwatch {

/// What was last published about a rule, so that a state that differs gets a new seq.
struct ToldRule {
  std::uint64_t seq = 0;
  std::string id;
  AlarmState state = AlarmState::kUnknown;
  Severity severity = Severity::kInfo;
  bool operator==(const ToldRule&) const = default;
};

struct AgentState {
  std::string fridge;
  std::string epoch;
  std::uint64_t seq = 0;         // of the last transition or event
  std::uint64_t last_event = 0;  // seq of the last event
  StreamPositions evaluated;
  StreamPositions acknowledged;
  nlohmann::json rules = nlohmann::json::object();  // of RuleEngine::state()
  std::map<std::string, ToldRule> told;             // by rule
  std::vector<EventMessage> events;                 // unconfirmed, in order of seq
  std::map<std::string, FallbackTold> fallback;     // by rule
  UtcTime snapshot_due{};  // by the schedule; the epoch where none is known
  bool operator==(const AgentState&) const = default;
};

/// The file's text.
std::string serialize(const AgentState& state);

/// nullopt, with a sentence in `error`, for anything that is not a state of `fridge` that this version
/// wrote.
std::optional<AgentState> parse_state(std::string_view text, const std::string& fridge,
                                      std::string& error);

class StateFile {
 public:
  explicit StateFile(std::string path) : path_(std::move(path)) {}

  /// The state in the file; a new one, with `now` as its epoch, where there is none yet. A file that
  /// makes no sense is set aside with a warning; one that exists but cannot be read is a
  /// SettingsError, because a new state would replace it.
  AgentState load(const std::string& fridge, UtcTime now) const;

  /// Replaces the file. A failure (full disk, read-only) is one warning an hour: the agent goes on,
  /// and after a crash it repeats the same events with the same ids.
  bool save(const AgentState& state, UtcTime now);

 private:
  std::string path_;
  LogThrottle warnings_{std::chrono::hours{1}};
};

}  // namespace coldwatch
