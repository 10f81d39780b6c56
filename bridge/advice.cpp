#include "bridge/advice.hpp"

#include <algorithm>
#include <set>

#include "bridge/alarms/hours.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using Patterns = std::vector<std::string>;

/// True where every text that fits one of `narrow` fits one of `wide` as well. May miss a case.
bool covers(const Patterns& wide, const Patterns& narrow) {
  return std::ranges::all_of(narrow, [&wide](const std::string& one) {
    return std::ranges::any_of(wide, [&one](const std::string& pattern) {
      const bool plain = one.find('*') == one.npos;
      return pattern == "*" || pattern == one || (plain && matches_pattern(pattern, one));
    });
  });
}

/// True where `earlier` takes everything that `later` would match.
bool covers(const Route& earlier, const Route& later) {
  const Hours always;
  if (!covers(earlier.hours.value_or(always), later.hours.value_or(always))) return false;
  return std::ranges::all_of(earlier.match.wanted, [&later](const auto& condition) {
    const auto found = later.match.wanted.find(condition.first);
    return found != later.match.wanted.end() && covers(condition.second, found->second);
  });
}

/// The key of which no value that exists can fit; "" where there is none.
std::string impossible_key(const Matcher& match, const BridgeConfig& config) {
  std::set<std::string> sites{config.site};
  for (const auto& [fridge, site] : config.site_of_fridge) sites.insert(site);
  for (const auto& [key, patterns] : match.wanted) {
    if (patterns.empty()) return key;
    const bool none = key == "site" && std::ranges::none_of(sites, [&](const std::string& site) {
                        return std::ranges::any_of(patterns, [&](const std::string& pattern) {
                          return matches_pattern(pattern, site);
                        });
                      });
    if (none) return key;
  }
  return {};
}

void judge_routes(const BridgeConfig& config, std::vector<std::string>& sentences) {
  for (std::size_t i = 0; i < config.routes.size(); ++i) {
    const std::string path = "routes[" + std::to_string(i) + "].match";
    const Matcher& match = config.routes[i].match;
    if (const std::string key = impossible_key(match, config); !key.empty()) {
      sentences.push_back(path + "." + key + ": can never match, no fridge has such a " + key);
      continue;
    }
    for (std::size_t earlier = 0; earlier < i; ++earlier) {
      const Route& other = config.routes[earlier];
      if (other.go_on || !covers(other, config.routes[i])) continue;
      sentences.push_back(path + ": can never match, routes[" + std::to_string(earlier) +
                          "] takes all of it before");
      break;
    }
  }
}

bool names(const Route& route, const std::string& notifier) {
  const auto has = [&notifier](const std::vector<std::string>& list) {
    return std::ranges::find(list, notifier) != list.end();
  };
  return has(route.to) || std::ranges::any_of(route.escalate, [&has](const EscalationStep& step) {
           return has(step.to);
         });
}

void judge_notifiers(const BridgeConfig& config, const nlohmann::json& json,
                     std::vector<std::string>& sentences) {
  for (std::size_t i = 0; i < config.notifiers.size(); ++i) {
    const std::string path = "notifiers[" + std::to_string(i) + "]";
    const std::string& name = config.notifiers[i].name;
    if (!json.at("notifiers").at(i).contains("language")) {
      sentences.push_back(path + ".language: is missing, so " + name + " is told in English");
    }
    const auto named = [&name](const Route& route) { return names(route, name); };
    if (!config.routes.empty() && std::ranges::none_of(config.routes, named)) {
      sentences.push_back(path + ": no route names " + name +
                          ", it is told only of alarms that no route matches");
    }
  }
}

bool tells_somebody(const Route& route) {
  return !route.to.empty() || std::ranges::any_of(route.escalate, [](const EscalationStep& step) {
    return !step.to.empty();
  });
}

/// Whether some notifier hears of an alarm of this severity about which nothing else is known, at
/// `wall` of a week or once nobody has acknowledged it.
bool is_told(const BridgeConfig& config, Severity severity, const TimeZone& utc, UtcTime wall) {
  const Subject subject{config.site, "any fridge", "any rule", "", severity};
  bool matched = false;
  for (const Route& route : config.routes) {
    if (!route.match.matches(subject)) continue;
    if (route.hours && !is_within(*route.hours, utc, wall)) continue;
    if (tells_somebody(route)) return true;
    matched = true;
    if (!route.go_on) break;
  }
  return !matched;
}

/// When in a week an alarm of this severity reaches nobody; "" where there is no such time.
std::string silent_times(const BridgeConfig& config, Severity severity) {
  constexpr UtcTime kMonday = std::chrono::sys_days{std::chrono::January / 3 / 2000};
  constexpr int kQuartersOfWeek = 7 * 24 * 4;
  std::string error;
  const TimeZone utc = TimeZone::find("UTC", error).value();
  std::optional<UtcTime> first;
  int silent = 0;
  for (int i = 0; i < kQuartersOfWeek; ++i) {
    const UtcTime wall = kMonday + std::chrono::minutes{15} * i;
    if (is_told(config, severity, utc, wall)) continue;
    if (silent++ == 0) first = wall;
  }
  if (silent == 0) return {};
  if (silent == kQuartersOfWeek) return "nobody is told";
  const int day = static_cast<int>((*first - kMonday) / std::chrono::days{1});
  const std::string time = to_rfc3339(*first).substr(11, 5);
  return "at some times (first on " + std::string{day_word(day)} + " at " + time +
         ") nobody is told";
}

}  // namespace

std::vector<std::string> advice(const BridgeConfig& config, const nlohmann::json& json) {
  std::vector<std::string> sentences;
  judge_notifiers(config, json, sentences);
  judge_routes(config, sentences);
  for (const Severity severity : {Severity::kCritical, Severity::kWarning, Severity::kInfo}) {
    const std::string silence = silent_times(config, severity);
    if (silence.empty()) continue;
    sentences.push_back("routes: " + silence + " of an alarm of severity " +
                        std::string{word(severity)} +
                        ", unless a route names its fridge, site, rule or cause");
  }
  return sentences;
}

}  // namespace coldwatch
