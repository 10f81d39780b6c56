// Who commanded what, as the text of an event, and how many of those there may be: a flood of commands
// must not push alarms out of the journal of events, nor fill a bridge's history.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/requests.hpp"
#include "common/time.hpp"

namespace coldwatch {

/// "declare by Ann: phase warming for 12 h; asked with {...}".
std::string trail_words(const Request& request, const Reply& reply);

class CommandTrail {
 public:
  /// Events about commands that wait for a bridge's confirmation.
  static constexpr std::size_t kMostWaiting = 100;
  /// Commands that change something may come so many at once, and then one in kPause.
  static constexpr int kMostAtOnce = 20;
  static constexpr Milliseconds kPause = std::chrono::seconds{5};
  /// Of those that were refused one in this time has an event.
  static constexpr Milliseconds kBetweenRefusals = std::chrono::minutes{1};

  /// A command that changes something may be carried out now; it counts.
  bool may_act(UtcTime now);
  /// The text of the event about a command, `waiting` of whose kind are not confirmed; nullopt where
  /// it has none, and the next one says that it was there.
  std::optional<std::string> entry(const std::string& words, const Reply& reply,
                                   std::size_t waiting, UtcTime now);

 private:
  int left_ = kMostAtOnce;
  UtcTime refilled_{};
  UtcTime refusal_told_{};
  std::uint64_t untold_ = 0;
};

}  // namespace coldwatch
