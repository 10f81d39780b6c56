// The state table of one alarm: what a happening makes of it, and why. On-delay and off-delay live in
// the agent, so a raise is unacknowledged at once and a clear ends at once.
#pragma once

#include <string_view>

namespace coldwatch {

/// Where an alarm stands. Stale, shelved, inhibited and flapping are flags beside it, never states.
enum class Standing {
  kNormal,
  kUnacknowledged,
  kAcknowledged,
  kReturned,  // back to normal, but nobody has acknowledged a latching alarm
};

/// The word of the wire: "normal", "unacknowledged", "acknowledged", "returned_unacknowledged".
std::string_view word(Standing standing);

inline bool is_active(Standing standing) {
  return standing == Standing::kUnacknowledged || standing == Standing::kAcknowledged;
}

enum class Happening { kRaise, kClear, kAcknowledge, kUnacknowledge, kAcknowledgeTimeout };

/// How the severity of a raise compares with the one that stands.
enum class SeverityMove { kSame, kHigher, kLower };

enum class Reason {
  kNothing,  // nothing changes
  kBegan,    // a new episode
  kRose,     // in severity; voids an acknowledgement
  kFell,     // in severity
  kEnded,
  kReturned,  // ended, but is latched until somebody acknowledges
  kAcknowledged,
  kUnacknowledged,  // taken back
  kRealarmed,       // the acknowledgement ran out
};

struct Transition {
  Standing next = Standing::kNormal;
  Reason reason = Reason::kNothing;
  bool operator==(const Transition&) const = default;
};

Transition transition(Standing standing, Happening happening, SeverityMove move, bool latch);

}  // namespace coldwatch
