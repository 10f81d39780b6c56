// JSON texts with long lists, put together member by member: as values of nlohmann::json the lists of a
// storm would take ten times the memory of their text, and be the largest thing the bridge ever holds.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "common/messages.hpp"

namespace coldwatch {

/// The text of a list with `to_json` of each element of `range`.
template <typename Range, typename ToJson>
std::string list_text(const Range& range, ToJson to_json) {
  std::string text = "[";
  for (const auto& element : range) {
    if (text.size() > 1) text += ',';
    text += dump(to_json(element));
  }
  return text += ']';
}

/// The text of `object`, which has a member at least, with further members that are JSON texts already.
std::string object_text(
    const nlohmann::json& object,
    std::initializer_list<std::pair<std::string_view, const std::string&>> texts);

}  // namespace coldwatch
