// JSON texts with long lists, put together member by member: as values of nlohmann::json the lists of a
// storm would take ten times the memory of their text, and be the largest thing the bridge ever holds.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "common/messages.hpp"
#include "common/text.hpp"

namespace coldwatch {

/// Puts one more member into the text of an object, which has a member already: a list, with `to_json` of
/// each element of `range`.
template <typename Range, typename ToJson>
void add_list(std::string& object, std::string_view key, const Range& range, ToJson to_json) {
  object.back() = ',';
  append_json_string(object, key);
  object += ":[";
  bool first = true;
  for (const auto& element : range) {
    if (!std::exchange(first, false)) object += ',';
    object += dump(to_json(element));
  }
  object += "]}";
}

/// The same with a JSON text as the member's value.
inline void add_text(std::string& object, std::string_view key, std::string_view text) {
  object.back() = ',';
  append_json_string(object, key);
  object += ':';
  object += text;
  object += '}';
}

}  // namespace coldwatch
