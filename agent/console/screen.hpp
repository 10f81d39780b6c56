// What a terminal shows: lines of text in a few styles, which each platform has its own way to write.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldwatch {

enum class Style : std::uint8_t { kPlain, kStrong, kFaint, kGood, kWarning, kCritical };

struct Span {
  std::string text;  // UTF-8 without control characters
  Style style = Style::kPlain;
  bool operator==(const Span&) const = default;
};

using Line = std::vector<Span>;
using Screen = std::vector<Line>;

struct ScreenSize {
  int columns = 80;
  int rows = 24;
  bool operator==(const ScreenSize&) const = default;
};

/// Columns that `text` takes: two for each wide character of East Asia, none for a combining mark.
int text_columns(std::string_view text);

/// `text` cut, with "…" at its end, or filled up with blanks, so that it takes exactly `columns`.
std::string fit(std::string_view text, int columns);

/// The same, with the blanks before the text.
std::string fit_right(std::string_view text, int columns);

/// The line without what goes beyond `columns`.
Line clipped(const Line& line, int columns);

}  // namespace coldwatch
