// Any text log of one row a line, described by the config: a lab's own LabVIEW or Python logger.
//
//   # Cryostat 3                                        header lines, as many as there are
//   Date;Time;T stage (K);P can (mbar);Level (%)        names, units in brackets
//   05.03.2024;10:11:12;4,213;1,5E-3;87                 rows, from the first line that has a time
//
// Only where the config says "format": "delimited". Options, with their defaults:
//   separator     ","            one character, or the words tab, blanks (any run of them)
//   time_format   "%Y-%m-%d %H:%M:%S"   see time_text.hpp; also unix, unix_ms, excel, labview, elapsed
//   time_column   "1"            number or name of the column of times
//   date_column   ""             a second one with the day; time_format is then that of the day, a
//                                blank, and that of the time
//   start_format  ""             where time_format is elapsed: of the line that tells the start
//   decimal       "."            "," reads a comma in a number as a decimal mark
// Names come from the file, else from the config. A field that is no number is invalid; a row with
// another number of fields than the others is skipped.
//
// Files whose names differ only in digits are one stream and follow each other by the date in the
// name (year first, or day first where the year comes last), else by name.
#include <algorithm>
#include <array>

#include "agent/formats/delimited_reader.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const Format kDelimited;

namespace {

constexpr std::array<std::string_view, 6> kOptions{"separator",   "time_format",  "time_column",
                                                   "date_column", "start_format", "decimal"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string stream_of(std::string_view name) {
  std::string letters;
  const std::string_view base = name.substr(name.rfind('/') + 1);
  for (const char c : base.substr(0, base.rfind('.'))) letters.push_back(is_digit(c) ? ' ' : c);
  const std::string key = key_of(lower_ascii(letters));
  return key == "_" ? "main" : key;
}

Recognition recognise(std::string_view name, std::string_view head) {
  if (!looks_like_text(name, head)) return {};
  return {.mine = true,
          .stream = stream_of(name),
          .order = order_by_date(name),
          .why = "is a text file"};
}

/// '\0' where the option is wrong.
char separator_of(const std::string& option) {
  if (option == "tab" || option == "\t") return '\t';
  if (option == "blanks") return DelimitedLayout::kBlanks;
  const bool one = option.size() == 1 && !is_digit(option[0]) && option[0] != '.' &&
                   option[0] != '-' && option[0] != ' ';
  return one ? option[0] : '\0';
}

Opened open(const FileContext& context, std::string_view head) {
  if (std::string why = unknown_option(context, kOptions); !why.empty()) return {.why = why};
  std::string error;
  const auto time = TimeText::make(option_or(context, "time_format", "%Y-%m-%d %H:%M:%S"), error);
  if (!time) return {.why = "option time_format: " + error};
  DelimitedLayout layout{.time = *time,
                         .time_column = option_or(context, "time_column", "1"),
                         .date_column = option_or(context, "date_column", "")};
  const std::string separator = option_or(context, "separator", ",");
  layout.separator = separator_of(separator);
  if (layout.separator == '\0') {
    return {.why = "option separator: found \"" + separator +
                   "\", expected one character, \"tab\" or \"blanks\""};
  }
  const std::string decimal = option_or(context, "decimal", ".");
  layout.decimal_comma = decimal == ",";
  if ((decimal != "." && decimal != ",") || (layout.decimal_comma && layout.separator == ',')) {
    return {.why = "option decimal: found \"" + decimal +
                   "\", expected \".\" or, with another separator than \",\", \",\""};
  }
  const std::string start = option_or(context, "start_format", "");
  if (!start.empty()) layout.start = TimeText::make(start, error);
  if (start.empty() == time->is_elapsed() || (!start.empty() && !layout.start)) {
    return {.why =
                "option start_format: " +
                (error.empty() ? "expected with time_format \"elapsed\", and only then" : error)};
  }
  return open_delimited(layout, context, head);
}

}  // namespace

const Format kDelimited{.name = "delimited",
                        .title = "Text log described by the config",
                        .recognise = recognise,
                        .open = open,
                        .only_by_name = true};

}  // namespace coldwatch
