// The messages that both programs know, as values, and their JSON (schemas/*.schema.json). What
// comes from the wire is hostile until a parse function has returned it.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/name.hpp"
#include "common/time.hpp"

namespace coldwatch {

/// A message on its way to the broker.
struct Publication {
  std::string topic;
  std::string payload;
  int qos = 1;
  bool retain = false;
  std::optional<std::chrono::seconds> expiry;  // MQTT 5 message expiry; ignored under 3.1.1
  std::string correlation_data = {};           // MQTT 5 answer to a request; ignored under 3.1.1
  bool operator==(const Publication&) const = default;
};

enum class Severity { kInfo, kWarning, kCritical };
enum class AlarmState { kNormal, kActive, kUnknown };
enum class AlarmKind { kAlarm, kNotice };

std::string_view word(Severity severity);
std::string_view word(AlarmState state);
std::string_view word(AlarmKind kind);
std::optional<Severity> parse_severity(std::string_view text);

inline constexpr std::size_t kLongestTrend = 120;
/// What is longer on arrival is cut, and control characters become blanks: of one fridge a thousand
/// alarms are kept, in several places at once. Agents stay below.
inline constexpr std::size_t kLongestAlarmTextBytes = 1000;  // of a text, and of a playbook
inline constexpr std::size_t kLongestEventTextBytes = 4000;  // a snapshot's has all the values

/// One point of a trend: unix time in seconds, value in the unit of the channel.
using TrendPoint = std::pair<double, double>;

/// `<fridge>/alarm/<rule>`: the present state of one rule. Fridge and rule stand in the topic. Of
/// thousands that stand at once most say the same: what repeats is a Name, kept once.
struct AlarmMessage {
  AlarmState state = AlarmState::kUnknown;
  AlarmKind kind = AlarmKind::kAlarm;
  Severity severity = Severity::kInfo;
  Name text;     // one sentence for people
  Name channel;  // key of the channel judged; "" where the rule has none
  std::optional<double> value;
  Name unit;
  std::optional<double> limit;
  UtcTime time{};         // "t": of the row that was judged last
  UtcTime since{};        // of the row at which the present state began
  Name epoch;             // identity of the agent's state file
  std::uint64_t seq = 0;  // the fridge's transitions, counted; survives restarts
  std::string id;         // deterministic identity of the transition into this state
  Name cause;             // what several fridges share; "" where none
  bool latch = false;
  Name rules_rev;
  Name playbook;  // what to do first; "" where the rule does not say
  std::vector<TrendPoint> trend;
  bool operator==(const AlarmMessage&) const = default;
};

nlohmann::json to_json(const AlarmMessage& message);
/// The same as a text at the end of `out`, but without the trend.
void append_without_trend(std::string& out, const AlarmMessage& message);

/// nullopt, with a sentence that names the key in `error`, for anything that is not a valid
/// message.
std::optional<AlarmMessage> parse_alarm(std::string_view payload, std::string& error);

/// `<fridge>/event`: one entry of the history, append-only. `type` is one of raise, clear, change
/// (of severity or text), notice, snapshot, format_changed, gap, instrument, test, fallback.
struct EventMessage {
  std::string id;
  std::string type;
  std::string rule;                         // "" where the event belongs to none
  AlarmState state = AlarmState::kUnknown;  // of the rule after the event
  Severity severity = Severity::kInfo;
  std::string text;
  std::string channel;
  std::optional<double> value;
  std::string unit;
  UtcTime time{};
  UtcTime since{};
  std::string epoch;
  std::uint64_t seq = 0;
  std::uint64_t previous = 0;  // seq of the event before this one in the epoch; 0 where not known
  bool replay = false;         // the row was older than 5 minutes when it was judged: never a page
  std::string cause;
  std::string file;  // where in the log: relative path and row, "" where not from a row
  std::string row;
  bool operator==(const EventMessage&) const = default;
};

nlohmann::json to_json(const EventMessage& message);
std::optional<EventMessage> parse_event(std::string_view payload, std::string& error);

/// `<fridge>/health`: the heartbeat. Only what a bridge judges by stands here; the agent adds more.
struct HealthMessage {
  UtcTime time{};
  std::string epoch;
  std::uint64_t n = 0;   // counts up by one a heartbeat since the agent's start
  std::string log;       // live, stale, missing, unreadable
  std::string log_text;  // the sentence behind a state other than live
  std::optional<double> row_age_s;
  std::uint64_t unconfirmed_events = 0;
};
std::optional<HealthMessage> parse_health(std::string_view payload, std::string& error);

/// Parses a payload within `kLargestPayloadBytes` and a depth of 8; nullopt, with a sentence in
/// `error`, for anything else than a JSON object.
std::optional<nlohmann::json> parse_payload(std::string_view payload, std::string& error);
inline constexpr std::size_t kLargestPayloadBytes = 256 * 1024;
/// Of what is counted in a message or a state file: what every reader of JSON can tell apart.
inline constexpr std::uint64_t kHighestCount = std::uint64_t{1} << 53;

/// `value` as compact UTF-8 JSON; broken UTF-8 becomes U+FFFD instead of an exception.
std::string dump(const nlohmann::json& value);

}  // namespace coldwatch
