// Who is to hear of an alarm: a flat list of routes, the first that matches unless it says "continue".
#pragma once

#include <optional>
#include <string_view>

#include "bridge/config.hpp"

namespace coldwatch {

struct Audience {
  bool routed = false;
  int step = 0;                 // of the escalation that brought it here; 0 for the route itself
  std::optional<UtcTime> from;  // when that may change, where nobody acknowledges before
};

/// Whether `notifier` is to hear of `subject` at `now`. `unattended_since` is none where somebody has
/// it in hand. An alarm that no route matches goes to every notifier, rather than to nobody; so does
/// one outside the hours of all routes that match it.
Audience audience(const BridgeConfig& config, std::string_view notifier, const Subject& subject,
                  std::optional<UtcTime> unattended_since, const TimeZone& zone, UtcTime now);

}  // namespace coldwatch
