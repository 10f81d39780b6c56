#include "agent/console/screen.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace coldwatch {
namespace {

constexpr std::string_view kCut = "…";

/// Wide in every terminal: Hangul, CJK, full-width forms, and the pictures beyond the basic plane.
constexpr std::array<std::pair<char32_t, char32_t>, 7> kWide{{{0x1100, 0x115F},
                                                              {0x2E80, 0xA4CF},
                                                              {0xAC00, 0xD7A3},
                                                              {0xF900, 0xFAFF},
                                                              {0xFE30, 0xFE6F},
                                                              {0xFF00, 0xFF60},
                                                              {0x1F300, 0x3FFFD}}};

int columns_of(char32_t character) {
  if (character >= 0x300 && character <= 0x36F) return 0;
  const bool wide = std::ranges::any_of(kWide, [character](const auto& range) {
    return character >= range.first && character <= range.second;
  });
  return wide ? 2 : 1;
}

/// The character at the beginning of UTF-8 text, and how many bytes it has.
std::pair<char32_t, std::size_t> first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (size == 1 || size > text.size()) return {lead, 1};
  char32_t character = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return {character, size};
}

/// The longest beginning of `text` that takes at most `columns`, and the columns it takes.
std::pair<std::string_view, int> beginning(std::string_view text, int columns) {
  std::size_t end = 0;
  int taken = 0;
  while (end < text.size()) {
    const auto [character, size] = first_character(text.substr(end));
    const int more = columns_of(character);
    if (taken + more > columns) break;
    taken += more;
    end += size;
  }
  return {text.substr(0, end), taken};
}

std::string blanks(int count) { return std::string(static_cast<std::size_t>(count), ' '); }

/// The text, cut where it is too long, and the columns that are left.
std::pair<std::string, int> cut(std::string_view text, int columns) {
  const auto [whole, taken] = beginning(text, columns);
  if (whole.size() == text.size()) return {std::string{text}, columns - taken};
  if (columns < 1) return {"", 0};
  const auto [shorter, less] = beginning(text, columns - 1);
  return {std::string{shorter} + std::string{kCut}, columns - 1 - less};
}

}  // namespace

int text_columns(std::string_view text) {
  int columns = 0;
  while (!text.empty()) {
    const auto [character, size] = first_character(text);
    columns += columns_of(character);
    text.remove_prefix(size);
  }
  return columns;
}

std::string fit(std::string_view text, int columns) {
  const auto [kept, left] = cut(text, columns);
  return kept + blanks(left);
}

std::string fit_right(std::string_view text, int columns) {
  const auto [kept, left] = cut(text, columns);
  return blanks(left) + kept;
}

Line clipped(const Line& line, int columns) {
  Line kept;
  for (const Span& span : line) {
    const int taken = text_columns(span.text);
    if (taken <= columns) {
      kept.push_back(span);
      columns -= taken;
      continue;
    }
    if (columns > 0) kept.push_back({cut(span.text, columns).first, span.style});
    break;
  }
  return kept;
}

}  // namespace coldwatch
