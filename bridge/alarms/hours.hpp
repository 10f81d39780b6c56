// Times of the day on the wall of a time zone, on some days of the week: quiet hours, and when a route
// holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/time_zone.hpp"

namespace coldwatch {

inline constexpr int kMinutesOfDay = 24 * 60;
inline constexpr std::uint8_t kEveryDay = 0b111'1111;

/// From `from_minute` of the day up to, but not including, `to_minute`, which lies on the next day
/// where it is not after `from_minute`.
struct Hours {
  int from_minute = 0;
  int to_minute = kMinutesOfDay;
  std::uint8_t days = kEveryDay;  // on which it begins; bit 0 is Monday
  bool operator==(const Hours&) const = default;
};

/// "22:00" as minutes of the day; "24:00" is the end of the day.
std::optional<int> parse_minute(std::string_view text);
/// "22:00-07:00", on every day.
std::optional<Hours> parse_hours(std::string_view text);
/// "mon" to "sun" as its bit.
std::optional<std::uint8_t> parse_day(std::string_view text);
/// "mon" for 0.
std::string_view day_word(int day);

/// Where the wall's clock is set back an end is the first of the two instants that it shows; where it
/// skips a time, that time is as long after the skip.
bool is_within(const Hours& hours, const TimeZone& zone, UtcTime now);
/// The next instant at which is_within() turns into its opposite; none where it never does.
std::optional<UtcTime> next_change(const Hours& hours, const TimeZone& zone, UtcTime now);

/// True where `narrow` holds at no time at which `wide` does not.
bool covers(const Hours& wide, const Hours& narrow);

}  // namespace coldwatch
