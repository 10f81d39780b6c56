#include "bridge/alarms/routes.hpp"

#include <algorithm>

namespace coldwatch {
namespace {

bool names(const std::vector<std::string>& list, std::string_view notifier) {
  return std::ranges::find(list, notifier) != list.end();
}

void ask_again(std::optional<UtcTime> at, Audience& answer) {
  if (at) answer.from = answer.from ? std::min(*answer.from, *at) : at;
}

void ask(const Route& route, std::string_view notifier, std::optional<UtcTime> unattended_since,
         UtcTime now, Audience& answer) {
  if (names(route.to, notifier)) {
    answer.routed = true;
    return;
  }
  if (!unattended_since) return;
  for (std::size_t i = 0; i < route.escalate.size(); ++i) {
    const EscalationStep& step = route.escalate[i];
    if (!names(step.to, notifier)) continue;
    const UtcTime from = *unattended_since + step.after;
    if (from <= now && !answer.routed) {
      answer.routed = true;
      answer.step = static_cast<int>(i) + 1;
    } else if (from > now) {
      ask_again(from, answer);
    }
  }
}

}  // namespace

Audience audience(const BridgeConfig& config, std::string_view notifier, const Subject& subject,
                  std::optional<UtcTime> unattended_since, const TimeZone& zone, UtcTime now) {
  Audience answer;
  // A notifier that fails cannot tell that it does.
  if (subject.rule == kNotifierFailing + std::string{notifier}) return answer;
  bool matched = false;
  for (const Route& route : config.routes) {
    if (!route.match.matches(subject)) continue;
    if (route.hours) {
      ask_again(next_change(*route.hours, zone, now), answer);
      if (!is_within(*route.hours, zone, now)) continue;
    }
    matched = true;
    ask(route, notifier, unattended_since, now, answer);
    if (!route.go_on) break;
  }
  if (!matched) answer.routed = true;
  return answer;
}

}  // namespace coldwatch
