// Reads any text log of one row a line and one number a column. What differs from program to program
// is in a layout: the formats leiden, attodry and delimited are layouts and nothing else.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/formats/format.hpp"
#include "agent/formats/time_text.hpp"

namespace coldwatch {

/// What is known of a column by its name.
struct ColumnNote {
  std::string name;
  std::string unit;
  double scale = 1;     // of the number in the log
  std::string partner;  // a column that must be above zero where this one is a reading
};

struct DelimitedLayout {
  /// Stands for one or more blanks or tabs as separator.
  static constexpr char kBlanks = ' ';

  char separator = ',';
  bool decimal_comma = false;     // a comma in a number is a decimal mark (so is a dot)
  TimeText time;                  // how the time column is written
  std::string time_column = "1";  // its number, from 1, or its name
  std::string date_column;        // a second column with the day, put before the time; "" for none
  std::optional<TimeText> start;  // of the line that tells the start, where `time` is elapsed
  char stale_mark = '\0';         // before a number: it was measured too long ago
  std::vector<ColumnNote> notes;
  /// Names of all columns by their count, for files that have none.
  std::vector<std::vector<std::string>> known_names;
};

/// A row is a line whose time column is a time. What comes before the first one is header: of its
/// lines the first with as many fields as that row are the names; else they are those of the config,
/// of a sibling, of the layout, or "column 2".
Opened open_delimited(const DelimitedLayout& layout, const FileContext& context,
                      std::string_view head);

/// The value of an option, or `otherwise`.
std::string option_or(const FileContext& context, const std::string& key, std::string otherwise);

/// A sentence about the first option that is not among `known`; "" where there is none.
std::string unknown_option(const FileContext& context, std::span<const std::string_view> known);

/// Does `name` end in one of the endings of text logs, with no NUL in `head`?
bool looks_like_text(std::string_view name, std::string_view head);

}  // namespace coldwatch
