// Lists of thousands of alarms in JSON texts: as values of nlohmann::json they would take ten times the
// memory of their text, and be the largest thing the bridge ever holds.
#pragma once

#include <iterator>
#include <string>

namespace coldwatch {

/// Appends a list, with what `write` appends of each element of `range`.
template <typename Range, typename Write>
void append_list(std::string& out, const Range& range, Write write) {
  constexpr std::size_t kMore = 16;  // that a later element may be longer than the first one
  out += '[';
  const std::size_t begin = out.size();
  bool first = true;
  for (const auto& element : range) {
    if (!first) out += ',';
    write(out, element);
    // At once, because each time that a text outgrows its place it needs the place of two.
    if (first) out.reserve(begin + (out.size() - begin + kMore) * std::size(range));
    first = false;
  }
  out += ']';
}

}  // namespace coldwatch
