#include "agent/reading/changes.hpp"

#include <algorithm>

namespace coldwatch {
namespace {

constexpr std::size_t kMostNamed = 8;

std::string joined(const std::vector<std::string>& parts, const char* separator) {
  std::string text;
  for (std::size_t i = 0; i < std::min(parts.size(), kMostNamed); ++i) {
    text += (i == 0 ? "" : separator) + parts[i];
  }
  if (parts.size() > kMostNamed) {
    text += " and " + std::to_string(parts.size() - kMostNamed) + " more";
  }
  return text;
}

std::vector<std::string> names_only_in(const Channels& one, const Channels& other) {
  std::vector<std::string> names;
  for (const Channel& channel : one) {
    if (std::ranges::find(other, channel.key, &Channel::key) == other.end()) {
      names.push_back(channel.name);
    }
  }
  return names;
}

}  // namespace

std::string describe_changes(const Channels& before, const Channels& after) {
  std::vector<std::string> changes;
  const auto added = names_only_in(after, before);
  const auto removed = names_only_in(before, after);
  if (!added.empty()) changes.push_back("new columns: " + joined(added, ", "));
  if (!removed.empty()) changes.push_back("columns gone: " + joined(removed, ", "));
  for (const Channel& channel : after) {
    const auto old = std::ranges::find(before, channel.key, &Channel::key);
    if (old == before.end()) continue;
    if (old->unit != channel.unit) {
      changes.push_back("the unit of " + channel.name + " was \"" + old->unit + "\", is \"" +
                        channel.unit + "\"");
    } else if (old->name != channel.name) {
      changes.push_back(old->name + " is now called " + channel.name);
    }
  }
  if (changes.empty() && before != after) return "the columns stand in another order";
  return joined(changes, "; ");
}

}  // namespace coldwatch
