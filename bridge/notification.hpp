// What one message to people says, as a value: made by reconcile, kept by the outbox, turned into the
// words and markup of a service by bridge/notifiers.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/shared_list.hpp"
#include "common/messages.hpp"
#include "common/name.hpp"
#include "common/time.hpp"

namespace coldwatch {

/// Identity of an alarm. Severity, value and text are attributes, never identity.
struct AlarmKey {
  Name site;
  Name fridge;
  Name rule;
  auto operator<=>(const AlarmKey&) const = default;
};

/// Why an alarm stands in a message.
enum class Intent {
  kOpen,
  kEscalate,
  kLower,
  kRepeat,
  kRealarm,
  kStale,
  kFresh,
  kFlap,
  kStill,
  kClear,
  kReturnUnacked,
  kOccurredAndCleared,
  kNotice,
};

/// The word of the wire and of `replay`: "open", "return_unacked", ...
std::string_view word(Intent intent);
std::optional<Intent> parse_intent(std::string_view text);

/// One alarm in a message.
struct NotificationItem {
  Intent intent = Intent::kOpen;
  AlarmKey key;
  Severity severity = Severity::kWarning;
  Name text;
  Name channel;
  std::optional<double> value;  // now, or at the end for an end
  Name unit;
  std::optional<double> limit;
  UtcTime since{};               // of the alarm, by the agent's clock
  std::optional<UtcTime> until;  // of its end
  int count = 1;                 // how often it came and went since it was last told
  bool stale = false;            // its source is silent: the state is the last one known
  Name acknowledged_by;          // "" where nobody has
  Name cause;
  Name playbook;
  std::vector<TrendPoint> trend;
  bool operator==(const NotificationItem&) const = default;
};

using Items = SharedList<NotificationItem>;

/// One message on one notifier.
struct Notification {
  std::string id;  // the same for every attempt of this content; new for new content
  std::string notifier;
  std::string incident;  // ULID
  int number = 0;        // of the message within the incident on this notifier, from 0
  std::string title;     // frozen at the first message of the incident, so that mail threads hold
  std::string question;  // in a first message, a title that guesses at the cause; else ""
  Severity severity = Severity::kWarning;  // highest of items and active
  bool quiet = false;                      // an end, or a state while shelved: no sound, no mention
  bool all_clear = false;                  // nothing of the incident is active any more
  bool may_be_duplicate = false;           // another bridge may have told it, which is not heard
  int escalation_step = 0;
  Items items;         // the difference to what was told
  Items active;        // every member that is active now, those in items included
  UtcTime time{};      // when it was first tried
  std::string thread;  // what the service returned for the first message: Slack ts, message id; ""
  bool operator==(const Notification&) const = default;
};

/// How much of each of the two lists of alarms is written, and whether with the trends.
struct ListLimits {
  std::size_t alarms = std::numeric_limits<std::size_t>::max();
  std::size_t bytes = std::numeric_limits<std::size_t>::max();  // of their JSON, trends apart
  bool trends = true;
};
nlohmann::json to_json(const Notification& notification, const ListLimits& limits = {});
/// The same for the store, as a text at the end of `out`: without a value of nlohmann::json for each of
/// thousands of alarms, and with one list of them where both are the same.
void append_stored(std::string& out, const Notification& notification);
/// Reads what either has written.
std::optional<Notification> parse_notification(const nlohmann::json& object);

/// How one attempt ended. The first that fits, in this order (alerting.md 3.0).
enum class Outcome {
  kSent,       // the server said, in its own words, that it has the message
  kRetry,      // certainly not taken, trying again can help
  kAmbiguous,  // may have been taken: try again with the same id
  kRefused,    // this message will never be taken: too long, bad request
  kBroken,  // nothing will be taken until a person changes something: token, address, certificate
};
std::string_view word(Outcome outcome);

struct DeliveryResult {
  std::string notifier;
  std::string notification;  // id
  Outcome outcome = Outcome::kRetry;
  std::string detail;                       // the server's answer in words, without secrets
  std::optional<Milliseconds> retry_after;  // asked for by the server, already within bounds
  std::string thread;  // what later messages of the incident refer to; "" where nothing
};

}  // namespace coldwatch
