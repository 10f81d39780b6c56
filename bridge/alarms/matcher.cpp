#include "bridge/alarms/matcher.hpp"

#include <algorithm>
#include <array>

#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::array<std::string_view, 5> kKeys{"site", "fridge", "rule", "cause", "severity"};
constexpr std::size_t kMostPatterns = 1000;

std::string_view value_of(const Subject& subject, std::string_view key) {
  if (key == "site") return subject.site;
  if (key == "fridge") return subject.fridge;
  if (key == "rule") return subject.rule;
  if (key == "cause") return subject.cause;
  return word(subject.severity);
}

bool is_list_of_texts(const nlohmann::json& value) {
  return value.is_array() && value.size() <= kMostPatterns &&
         std::ranges::all_of(value, [](const auto& one) { return one.is_string(); });
}

/// A severity that does not exist would make a route that never matches.
bool names_a_severity(const std::string& pattern) {
  return pattern.find('*') != pattern.npos || parse_severity(pattern).has_value();
}

}  // namespace

bool Matcher::matches(const Subject& subject) const {
  return std::ranges::all_of(wanted, [&subject](const auto& condition) {
    const std::string_view value = value_of(subject, condition.first);
    return std::ranges::any_of(condition.second, [value](const std::string& pattern) {
      return matches_pattern(pattern, value);
    });
  });
}

nlohmann::json to_json(const Matcher& matcher) { return matcher.wanted; }

std::optional<Matcher> parse_matcher(const nlohmann::json& object, std::string& error) {
  if (!object.is_object()) {
    error = "expected an object such as {\"fridge\": \"f1\"}";
    return std::nullopt;
  }
  Matcher matcher;
  for (const auto& [key, value] : object.items()) {
    if (std::ranges::find(kKeys, key) == kKeys.end()) {
      error = one_line(key, 60) + ": unknown key, expected site, fridge, rule, cause or severity";
      return std::nullopt;
    }
    if (value.is_string()) {
      matcher.wanted[key] = {value.get<std::string>()};
    } else if (is_list_of_texts(value)) {
      matcher.wanted[key] = value.get<std::vector<std::string>>();
    } else {
      error = key + ": expected a text or a list of texts";
      return std::nullopt;
    }
  }
  if (const auto severity = matcher.wanted.find("severity"); severity != matcher.wanted.end()) {
    const auto wrong = std::ranges::find_if_not(severity->second, names_a_severity);
    if (wrong != severity->second.end()) {
      error =
          "severity: found \"" + one_line(*wrong, 60) + "\", expected info, warning or critical";
      return std::nullopt;
    }
  }
  return matcher;
}

}  // namespace coldwatch
