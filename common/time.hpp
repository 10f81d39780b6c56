// Instants, durations and their texts. Nothing here reads a clock: `now` is an argument everywhere,
// and only the two main.cpp files ask for it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldwatch {

using Milliseconds = std::chrono::milliseconds;
using UtcTime = std::chrono::sys_time<Milliseconds>;
using LocalTime = std::chrono::local_time<Milliseconds>;

/// "2026-11-22T03:04:05.678Z": RFC 3339, UTC, always with milliseconds.
std::string to_rfc3339(UtcTime time);
void append_rfc3339(std::string& out, UtcTime time);

/// Any RFC 3339 date-time, with fraction and zone offset; nullopt for anything else, for a day that
/// does not exist, and for years outside 1 to 9999.
std::optional<UtcTime> parse_rfc3339(std::string_view text);

/// Days of the proleptic Gregorian calendar put together with a time of day; nullopt where a field
/// is out of range. Second 60 is taken as the first of the next minute.
std::optional<LocalTime> make_local_time(int year, int month, int day, int hour, int minute,
                                         double second);

/// A config duration: a number with one of the units ms, s, m, h, d ("90s", "1.5h", "7d").
/// nullopt for anything else, for negatives and for more than ten years.
std::optional<Milliseconds> parse_duration(std::string_view text);

/// The shortest config text of a duration: 90000 ms is "90s", 7200000 ms is "2h".
std::string duration_text(Milliseconds duration);

/// One unit of a duration for people: "d", "h", "min" or "s".
struct DurationPart {
  long long count = 0;
  std::string_view unit;
};
/// The largest unit, and the next where it is not 0.
std::vector<DurationPart> duration_parts(Milliseconds duration);

/// A duration for people, at most two units: "45 s", "1 h 12 min", "3 d 4 h".
std::string duration_words(Milliseconds duration);

}  // namespace coldwatch
