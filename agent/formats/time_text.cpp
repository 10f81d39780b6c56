#include "agent/formats/time_text.hpp"

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr double kLastSecond = 253402300799;  // of the year 9999
constexpr double kLongestElapsedS = 3.2e9;    // a hundred years
constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 12> kLongMonths{
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

LocalTime day(int year, unsigned month, unsigned number) {
  return LocalTime{std::chrono::local_days{std::chrono::year{year} / static_cast<int>(month) /
                                           static_cast<int>(number)}};
}

/// What a pattern has found so far.
struct Fields {
  int year = -1;
  int month = -1;
  int day = -1;
  int hour = -1;
  int minute = 0;
  double second = 0;
  int afternoon = -1;  // 1 for PM
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Takes at least one and at most `most` digits off `text`; -1 where there are none.
int take_number(std::string_view& text, std::size_t most) {
  int value = 0;
  std::size_t used = 0;
  for (; used < most && used < text.size() && is_digit(text[used]); ++used) {
    value = 10 * value + (text[used] - '0');
  }
  text.remove_prefix(used);
  return used == 0 ? -1 : value;
}

double take_fraction(std::string_view& text) {
  double value = 0;
  for (double scale = 0.1; !text.empty() && is_digit(text.front()); scale /= 10) {
    value += scale * (text.front() - '0');
    text.remove_prefix(1);
  }
  return value;
}

int take_month(std::string_view& text) {
  const std::string lower = lower_ascii(text.substr(0, 9));
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (!lower.starts_with(kMonths[i])) continue;
    text.remove_prefix(lower.starts_with(kLongMonths[i]) ? kLongMonths[i].size() : 3);
    return static_cast<int>(i) + 1;
  }
  return -1;
}

bool take_second(std::string_view& text, Fields& found) {
  const int whole = take_number(text, 2);
  found.second = whole;
  const bool fraction = text.size() > 1 && (text[0] == '.' || text[0] == ',') && is_digit(text[1]);
  if (fraction) {
    text.remove_prefix(1);
    found.second += take_fraction(text);
  }
  return whole >= 0;
}

bool take_year(std::string_view& text, Fields& found) {
  const std::size_t before = text.size();
  found.year = take_number(text, 4);
  return before - text.size() == 4;
}

bool take_short_year(std::string_view& text, Fields& found) {
  const std::size_t before = text.size();
  found.year = take_number(text, 2);
  if (before - text.size() != 2) return false;
  found.year += found.year < 70 ? 2000 : 1900;
  return true;
}

bool take_half(std::string_view& text, Fields& found) {
  const std::string half = lower_ascii(text.substr(0, 2));
  if (half != "am" && half != "pm") return false;
  found.afternoon = half == "pm" ? 1 : 0;
  text.remove_prefix(2);
  return true;
}

bool take_letter(char letter, std::string_view& text, Fields& found) {
  const auto number = [&text](int& into) { return (into = take_number(text, 2)) >= 0; };
  switch (letter) {
    case 'Y':
      return take_year(text, found);
    case 'y':
      return take_short_year(text, found);
    case 'm':
      return number(found.month);
    case 'b':
      return (found.month = take_month(text)) > 0;
    case 'd':
      return number(found.day);
    case 'H':
      return number(found.hour);
    case 'I':
      return number(found.hour) && found.hour >= 1 && found.hour <= 12;
    case 'M':
      return number(found.minute);
    case 'S':
      return take_second(text, found);
    case 'f':
      found.second += take_fraction(text);
      return true;
    case 'p':
      return take_half(text, found);
    default:
      return false;
  }
}

std::optional<LocalTime> read_pattern(std::string_view pattern, std::string_view text) {
  Fields found;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%' && pattern[i + 1] != '%') {
      if (!take_letter(pattern[++i], text, found)) return std::nullopt;
    } else if (is_blank(pattern[i])) {
      if (text.empty() || !is_blank(text.front())) return std::nullopt;
      while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    } else {
      if (pattern[i] == '%') ++i;
      if (text.empty() || text.front() != pattern[i]) return std::nullopt;
      text.remove_prefix(1);
    }
  }
  if (!text.empty()) return std::nullopt;
  if (found.afternoon >= 0) found.hour = found.hour % 12 + 12 * found.afternoon;
  return make_local_time(found.year, found.month, found.day, found.hour, found.minute,
                         found.second);
}

std::vector<std::string_view> digit_groups(std::string_view name) {
  std::vector<std::string_view> groups;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t begin = at;
    while (at < name.size() && is_digit(name[at])) ++at;
    if (at > begin) groups.push_back(name.substr(begin, at - begin));
    if (at == begin) ++at;
  }
  return groups;
}

}  // namespace

std::optional<TimeText> TimeText::make(std::string_view pattern, std::string& error) {
  constexpr std::array<std::pair<std::string_view, Kind>, 5> kWords{{{"unix", Kind::kUnix},
                                                                     {"unix_ms", Kind::kUnixMs},
                                                                     {"excel", Kind::kExcel},
                                                                     {"labview", Kind::kLabview},
                                                                     {"elapsed", Kind::kElapsed}}};
  for (const auto& [word, kind] : kWords) {
    if (pattern == word) return TimeText{kind, std::string{word}};
  }
  std::string full;
  std::string letters;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      full.push_back(pattern[i]);
      continue;
    }
    const char letter = i + 1 < pattern.size() ? pattern[++i] : '\0';
    if (std::string_view{"YymbdHIpMSfFT%"}.find(letter) == std::string_view::npos) {
      error = "time format \"" + std::string{pattern} + "\": found %" + std::string(1, letter) +
              ", expected one of %Y %y %m %b %d %H %I %p %M %S %f %F %T %%";
      return std::nullopt;
    }
    letters += letter == 'F' ? "Ymd" : letter == 'T' ? "HMS" : std::string{letter};
    full += letter == 'F' ? "%Y-%m-%d" : letter == 'T' ? "%H:%M:%S" : std::string{'%', letter};
  }
  const auto has = [&letters](const char* any) {
    return letters.find_first_of(any) != letters.npos;
  };
  if (!has("Yy") || !has("mb") || !has("d") || !has("HI")) {
    error =
        "time format \"" + std::string{pattern} +
        "\": expected year, month, day and hour, as in \"%Y-%m-%d %H:%M:%S\", or one of the words "
        "unix, unix_ms, excel, labview, elapsed";
    return std::nullopt;
  }
  return TimeText{Kind::kPattern, std::move(full)};
}

std::optional<Stamp> TimeText::read(std::string_view text) const {
  text = trim(text);
  if (kind_ == Kind::kPattern) {
    const auto time = read_pattern(pattern_, text);
    return time ? std::optional{Stamp{*time}} : std::nullopt;
  }
  const auto number = parse_number(text);
  if (!number) return std::nullopt;
  const double seconds = kind_ == Kind::kUnixMs  ? *number / 1000
                         : kind_ == Kind::kExcel ? *number * 86400
                                                 : *number;
  if (!(seconds >= 0 && seconds <= (is_elapsed() ? kLongestElapsedS : kLastSecond)))
    return std::nullopt;
  const LocalTime epoch = kind_ == Kind::kExcel     ? day(1899, 12, 30)
                          : kind_ == Kind::kLabview ? day(1904, 1, 1)
                                                    : LocalTime{};
  return Stamp{epoch + Milliseconds{std::llround(seconds * 1000)}, kind_ != Kind::kExcel};
}

std::string order_by_date(std::string_view name) {
  std::vector<std::string_view> groups = digit_groups(name);
  for (std::size_t i = 0; i + 2 < groups.size(); ++i) {
    const bool day_first =
        groups[i].size() <= 2 && groups[i + 1].size() <= 2 && groups[i + 2].size() == 4;
    if (!day_first) continue;
    std::swap(groups[i], groups[i + 2]);
    std::string order;
    for (const std::string_view group : groups) order += std::string{group} + "-";
    return order;
  }
  return std::string{name};
}

}  // namespace coldwatch
