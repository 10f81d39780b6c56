#include "common/topics.hpp"

#include <algorithm>

namespace coldwatch {
namespace {

constexpr std::size_t kLongestLevel = 64;

std::string_view take_level(std::string_view& rest) {
  const auto slash = rest.find('/');
  const std::string_view level = rest.substr(0, slash);
  rest = slash == rest.npos ? std::string_view{} : rest.substr(slash + 1);
  return level;
}

bool all_levels_allowed(std::string_view rest) {
  while (!rest.empty()) {
    if (!is_topic_level(take_level(rest))) return false;
  }
  return true;
}

}  // namespace

bool is_topic_level(std::string_view text) {
  return !text.empty() && text.size() <= kLongestLevel && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string Topics::of(std::string_view fridge, std::string_view kind) const {
  return prefix_ + std::string{fridge} + "/" + std::string{kind};
}

std::string Topics::of(std::string_view fridge, std::string_view kind,
                       std::string_view name) const {
  return of(fridge, kind) + "/" + std::string{name};
}

std::string Topics::bridge(std::string_view id, std::string_view rest) const {
  return of(kBridgeLevel, id, rest);
}

std::optional<TopicParts> parse_topic(std::string_view root, std::string_view topic) {
  if (!topic.starts_with(root) || topic.size() <= root.size() || topic[root.size()] != '/') {
    return std::nullopt;
  }
  std::string_view rest = topic.substr(root.size() + 1);
  if (rest.ends_with('/') || !all_levels_allowed(rest)) return std::nullopt;
  TopicParts parts;
  parts.site = take_level(rest);
  parts.fridge = take_level(rest);
  parts.kind = take_level(rest);
  parts.name = rest;
  if (parts.kind.empty()) return std::nullopt;
  return parts;
}

}  // namespace coldwatch
