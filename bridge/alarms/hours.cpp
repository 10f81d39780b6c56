#include "bridge/alarms/hours.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <vector>

#include "common/text.hpp"

namespace coldwatch {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr int kDays = 7;
constexpr std::array<std::string_view, kDays> kDayWords{"mon", "tue", "wed", "thu",
                                                        "fri", "sat", "sun"};

using LocalDay = std::chrono::local_days;

bool begins_on(const Hours& hours, LocalDay day) {
  const unsigned number = std::chrono::weekday{day}.iso_encoding() - 1;
  return (hours.days >> number & 1U) != 0;
}

int length(const Hours& hours) {
  const int span = hours.to_minute - hours.from_minute;
  return span > 0 ? span : span + kMinutesOfDay;
}

struct Stretch {
  UtcTime from;
  UtcTime to;
};

/// Those that begin from the day before `now` to `most` days after it, in order.
std::vector<Stretch> stretches(const Hours& hours, const TimeZone& zone, UtcTime now, int most) {
  const auto today = std::chrono::floor<days>(zone.to_local(now));
  std::vector<Stretch> found;
  for (int i = -1; i <= most; ++i) {
    const LocalDay day = today + days{i};
    if (!begins_on(hours, day)) continue;
    const LocalTime from = day + minutes{hours.from_minute};
    found.push_back({zone.to_utc(from), zone.to_utc(from + minutes{length(hours)})});
  }
  return found;
}

std::bitset<kDays * kMinutesOfDay> week(const Hours& hours) {
  std::bitset<kDays * kMinutesOfDay> minutes_of_week;
  for (int day = 0; day < kDays; ++day) {
    if ((hours.days >> day & 1) == 0) continue;
    for (int i = 0; i < length(hours); ++i) {
      const int minute = day * kMinutesOfDay + hours.from_minute + i;
      minutes_of_week.set(static_cast<std::size_t>(minute) % minutes_of_week.size());
    }
  }
  return minutes_of_week;
}

}  // namespace

std::optional<int> parse_minute(std::string_view text) {
  const auto colon = text.find(':');
  const bool digits = text.find_first_not_of("0123456789:") == text.npos;
  if (!digits || colon == text.npos || colon > 2 || text.size() != colon + 3) return std::nullopt;
  const auto hour = parse_integer(text.substr(0, colon));
  const auto minute = parse_integer(text.substr(colon + 1));
  if (!hour || !minute || *hour < 0 || *minute < 0 || *minute >= 60) return std::nullopt;
  const auto whole = *hour * 60 + *minute;
  return whole <= kMinutesOfDay ? std::optional{static_cast<int>(whole)} : std::nullopt;
}

std::optional<Hours> parse_hours(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == text.npos) return std::nullopt;
  const auto from = parse_minute(trim(text.substr(0, dash)));
  const auto to = parse_minute(trim(text.substr(dash + 1)));
  if (!from || !to || *from == *to || *from == kMinutesOfDay) return std::nullopt;
  return Hours{.from_minute = *from, .to_minute = *to};
}

std::optional<std::uint8_t> parse_day(std::string_view text) {
  const auto found = std::ranges::find(kDayWords, text);
  if (found == kDayWords.end()) return std::nullopt;
  return static_cast<std::uint8_t>(1U << (found - kDayWords.begin()));
}

std::string_view day_word(int day) { return kDayWords.at(static_cast<std::size_t>(day)); }

bool is_within(const Hours& hours, const TimeZone& zone, UtcTime now) {
  return std::ranges::any_of(stretches(hours, zone, now, 0),
                             [now](const Stretch& one) { return one.from <= now && now < one.to; });
}

std::optional<UtcTime> next_change(const Hours& hours, const TimeZone& zone, UtcTime now) {
  const auto all = stretches(hours, zone, now, kDays + 1);
  const auto within = [&all](UtcTime time) {
    return std::ranges::any_of(
        all, [time](const Stretch& one) { return one.from <= time && time < one.to; });
  };
  const bool is = within(now);
  const UtcTime known_until = now + days{kDays};
  std::optional<UtcTime> first;
  for (const Stretch& one : all) {
    for (const UtcTime edge : {one.from, one.to}) {
      if (edge <= now || edge > known_until || within(edge) == is) continue;
      if (!first || edge < *first) first = edge;
    }
  }
  return first;
}

bool covers(const Hours& wide, const Hours& narrow) { return (week(narrow) & ~week(wide)).none(); }

}  // namespace coldwatch
