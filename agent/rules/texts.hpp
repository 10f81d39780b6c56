// Texts of rules with placeholders in braces: {value} {unit} {limit} {channel} {fridge} {since}.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/time.hpp"

namespace coldwatch {

inline constexpr std::size_t kLongestRuleTextBytes = 1000;

struct TextFacts {
  double value;
  double limit;
  std::string_view unit;
  std::string_view channel;  // as the log names it
  std::string_view fridge;
  UtcTime since;
};

/// The text with its placeholders replaced; a unit that is not known leaves no double blank.
std::string fill_text(std::string_view text, const TextFacts& facts);

/// What is wrong with a text of the config: an unknown placeholder (with the nearest known one), a
/// brace without its other half, more than kLongestRuleTextBytes. nullopt where nothing is.
std::optional<std::string> wrong_text(std::string_view text);

}  // namespace coldwatch
