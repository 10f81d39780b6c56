#include "common/time.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "common/text.hpp"

namespace coldwatch {
namespace {

using std::chrono::days;
using std::chrono::floor;

constexpr int kLastYear = 9999;  // that RFC 3339 can write
constexpr Milliseconds kLongestDuration = std::chrono::hours{24 * 3653};

struct Unit {
  std::string_view name;
  double milliseconds;
};
constexpr std::array<Unit, 5> kUnits{
    {{"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}}};

/// Reads exactly `digits` digits at `at` and moves on; -1 where there are fewer.
int take_digits(std::string_view text, std::size_t& at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t end = at + digits; at < end; ++at) {
    if (text[at] < '0' || text[at] > '9') return -1;
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

bool take(std::string_view text, std::size_t& at, std::string_view any_of) {
  if (at >= text.size() || any_of.find(text[at]) == std::string_view::npos) return false;
  ++at;
  return true;
}

double take_fraction(std::string_view text, std::size_t& at) {
  double value = 0;
  double scale = 0.1;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
    value += scale * (text[at] - '0');
  }
  return value;
}

/// Minutes east of UTC; nullopt where the rest of the text is not a zone.
std::optional<int> take_zone(std::string_view text, std::size_t& at) {
  if (take(text, at, "Zz")) return at == text.size() ? std::optional{0} : std::nullopt;
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
  const int sign = text[at++] == '-' ? -1 : 1;
  const int hours = take_digits(text, at, 2);
  if (hours < 0 || hours > 23 || !take(text, at, ":")) return std::nullopt;
  const int minutes = take_digits(text, at, 2);
  if (minutes < 0 || minutes > 59 || at != text.size()) return std::nullopt;
  return sign * (hours * 60 + minutes);
}

}  // namespace

std::string to_rfc3339(UtcTime time) {
  std::string text;
  append_rfc3339(text, time);
  return text;
}

void append_rfc3339(std::string& out, UtcTime time) {
  const auto day = floor<days>(time);
  const std::chrono::year_month_day date{day};
  const auto rest = static_cast<unsigned>((time - day).count());
  // By hand, because a dozen times are written of every alarm of a storm.
  char text[] = "0000-00-00T00:00:00.000Z";
  const auto put = [&text](std::size_t end, unsigned number) {
    for (; number > 0; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
  };
  put(4, static_cast<unsigned>(std::clamp(int{date.year()}, 0, kLastYear)));
  put(7, unsigned{date.month()});
  put(10, unsigned{date.day()});
  put(13, rest / 3600000);
  put(16, rest / 60000 % 60);
  put(19, rest / 1000 % 60);
  put(23, rest % 1000);
  out.append(text, sizeof text - 1);
}

std::optional<LocalTime> make_local_time(int year, int month, int day, int hour, int minute,
                                         double second) {
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (year < 1 || year > 9999 || month < 1 || day < 1 || !date.ok()) return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  if (!(second >= 0 && second < 61)) return std::nullopt;
  return LocalTime{std::chrono::local_days{date}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + Milliseconds{std::llround(second * 1000)};
}

std::optional<UtcTime> parse_rfc3339(std::string_view text) {
  std::size_t at = 0;
  const int year = take_digits(text, at, 4);
  if (year < 0 || !take(text, at, "-")) return std::nullopt;
  const int month = take_digits(text, at, 2);
  if (month < 0 || !take(text, at, "-")) return std::nullopt;
  const int day = take_digits(text, at, 2);
  if (day < 0 || !take(text, at, "Tt ")) return std::nullopt;
  const int hour = take_digits(text, at, 2);
  if (hour < 0 || !take(text, at, ":")) return std::nullopt;
  const int minute = take_digits(text, at, 2);
  if (minute < 0 || !take(text, at, ":")) return std::nullopt;
  const int second = take_digits(text, at, 2);
  if (second < 0) return std::nullopt;
  const double fraction = take(text, at, ".") ? take_fraction(text, at) : 0;
  const auto zone = take_zone(text, at);
  const auto local = make_local_time(year, month, day, hour, minute, second + fraction);
  if (!zone || !local) return std::nullopt;
  const UtcTime time = UtcTime{local->time_since_epoch()} - std::chrono::minutes{*zone};
  // A zone may carry it out of the years that can be written.
  const auto year_there = std::chrono::year_month_day{floor<days>(time)}.year();
  if (int{year_there} < 1 || int{year_there} > kLastYear) return std::nullopt;
  return time;
}

std::optional<Milliseconds> parse_duration(std::string_view text) {
  const auto unit_at = text.find_first_not_of("0123456789.");
  if (unit_at == 0 || unit_at == std::string_view::npos) return std::nullopt;
  const auto number = parse_number(text.substr(0, unit_at));
  if (!number) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (text.substr(unit_at) != unit.name) continue;
    const double total = *number * unit.milliseconds;
    if (!(total >= 0) || total > static_cast<double>(kLongestDuration.count())) return std::nullopt;
    return Milliseconds{std::llround(total)};
  }
  return std::nullopt;
}

std::string duration_text(Milliseconds duration) {
  const auto count = duration.count();
  if (count == 0) return "0s";
  for (auto unit = kUnits.rbegin(); unit != kUnits.rend(); ++unit) {
    const auto size = static_cast<Milliseconds::rep>(unit->milliseconds);
    if (count % size == 0) return std::to_string(count / size) + std::string{unit->name};
  }
  return std::to_string(count) + "ms";
}

std::vector<DurationPart> duration_parts(Milliseconds duration) {
  const auto seconds = std::chrono::round<std::chrono::seconds>(duration).count();
  const auto two = [](long long large, const char* large_unit, long long small,
                      const char* small_unit) {
    std::vector<DurationPart> parts{{large, large_unit}};
    if (small != 0) parts.push_back({small, small_unit});
    return parts;
  };
  if (seconds < 60) return {{seconds, "s"}};
  if (seconds < 3600) return two(seconds / 60, "min", seconds % 60, "s");
  if (seconds < 86400) return two(seconds / 3600, "h", seconds / 60 % 60, "min");
  return two(seconds / 86400, "d", seconds / 3600 % 24, "h");
}

std::string duration_words(Milliseconds duration) {
  std::string words;
  for (const auto& [count, unit] : duration_parts(duration)) {
    words += (words.empty() ? "" : " ") + std::to_string(count) + " " + std::string{unit};
  }
  return words;
}

}  // namespace coldwatch
