// Which alarms a route, an inhibition or a shelf means.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/notification.hpp"

namespace coldwatch {

/// What a matcher may ask of an alarm. `site` is the named group of its fridge, or the site of its
/// topics where it is in none.
struct Subject {
  std::string_view site;
  std::string_view fridge;
  std::string_view rule;
  std::string_view cause;
  Severity severity = Severity::kWarning;
};

/// Named conditions that must all hold; without any it matches everything.
struct Matcher {
  /// Key (site, fridge, rule, cause, severity) to the patterns of which one must fit.
  std::map<std::string, std::vector<std::string>> wanted;

  bool matches(const Subject& subject) const;
  bool operator==(const Matcher&) const = default;
};

nlohmann::json to_json(const Matcher& matcher);

/// Reads {"fridge": "f1", "rule": ["a*", "b"]}; nullopt, with a sentence in `error`, for an unknown
/// key or a value that is neither a text nor a list of texts.
std::optional<Matcher> parse_matcher(const nlohmann::json& object, std::string& error);

}  // namespace coldwatch
