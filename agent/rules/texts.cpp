#include "agent/rules/texts.hpp"

#include <algorithm>
#include <vector>

#include "common/text.hpp"

namespace coldwatch {
namespace {

/// "2026-11-22 03:04 UTC": the agent cannot know in which zone its reader lives.
std::string minute_words(UtcTime time) {
  std::string text = to_rfc3339(time);
  text.resize(std::min<std::size_t>(text.size(), 16));
  std::ranges::replace(text, 'T', ' ');
  return text + " UTC";
}

struct Placeholder {
  std::string_view name;
  std::string (*fill)(const TextFacts& facts);
};

constexpr Placeholder kPlaceholders[] = {
    {"value", [](const TextFacts& facts) { return number_words(facts.value); }},
    {"unit", [](const TextFacts& facts) { return std::string{facts.unit}; }},
    {"limit", [](const TextFacts& facts) { return number_words(facts.limit); }},
    {"channel", [](const TextFacts& facts) { return std::string{facts.channel}; }},
    {"fridge", [](const TextFacts& facts) { return std::string{facts.fridge}; }},
    {"since", [](const TextFacts& facts) { return minute_words(facts.since); }},
};

const Placeholder* find_placeholder(std::string_view name) {
  const auto found = std::ranges::find(kPlaceholders, name, &Placeholder::name);
  return found == std::end(kPlaceholders) ? nullptr : &*found;
}

}  // namespace

std::string fill_text(std::string_view text, const TextFacts& facts) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('{');
    out += text.substr(0, open);
    if (open == text.npos) break;
    text.remove_prefix(open);
    const auto close = text.find('}');
    if (close == text.npos) return out.append(text);
    const Placeholder* known = find_placeholder(text.substr(1, close - 1));
    const std::string filled =
        known != nullptr ? known->fill(facts) : std::string{text.substr(0, close + 1)};
    text.remove_prefix(close + 1);
    if (filled.empty() && !out.empty() && out.back() == ' ') out.pop_back();
    out += filled;
  }
  return out;
}

std::optional<std::string> wrong_text(std::string_view text) {
  if (text.size() > kLongestRuleTextBytes) {
    return "found " + std::to_string(text.size()) + " bytes, expected at most " +
           std::to_string(kLongestRuleTextBytes);
  }
  for (auto open = text.find_first_of("{}"); open != text.npos;
       open = text.find_first_of("{}", open)) {
    const auto close = text[open] == '{' ? text.find('}', open) : text.npos;
    if (close == text.npos) return "found a single brace, expected a placeholder such as {value}";
    const auto name = text.substr(open + 1, close - open - 1);
    if (find_placeholder(name) == nullptr) {
      std::vector<std::string> known;
      for (const Placeholder& one : kPlaceholders) known.emplace_back(one.name);
      const std::string hint = nearest(name, known);
      return "found the placeholder {" + std::string{name} + "}, expected " +
             (hint.empty() ? "one of {value} {unit} {limit} {channel} {fridge} {since}"
                           : "{" + hint + "}");
    }
    open = close + 1;
  }
  return std::nullopt;
}

}  // namespace coldwatch
