#include "agent/schedule.hpp"

#include <algorithm>
#include <array>

#include "common/text.hpp"

namespace coldwatch {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<std::string_view, 5> kWhich{"1st", "2nd", "3rd", "4th", "last"};
constexpr int kLast = 5;
/// Two months: every schedule is due within them.
constexpr int kMostDaysAhead = 62;

template <std::size_t size>
std::optional<int> index_of(const std::array<std::string_view, size>& words,
                            std::string_view text) {
  const auto found = std::ranges::find(words, text);
  if (found == words.end()) return std::nullopt;
  return static_cast<int>(found - words.begin());
}

std::optional<minutes> parse_time_of_day(std::string_view text) {
  const auto fields = split(text, ':');
  if (fields.size() != 2 || fields[0].size() > 2 || fields[1].size() != 2) return std::nullopt;
  const auto hour = parse_integer(fields[0]);
  const auto minute = parse_integer(fields[1]);
  if (!hour || !minute || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59) {
    return std::nullopt;
  }
  return hours{*hour} + minutes{*minute};
}

bool falls_on(const Schedule& schedule, local_days day) {
  if (schedule.every == Schedule::Every::kDay) return true;
  if (weekday{day} != schedule.weekday) return false;
  if (schedule.every == Schedule::Every::kWeek) return true;
  const year_month_day date{day};
  if (schedule.which == kLast) return year_month_day{day + weeks{1}}.month() != date.month();
  return (unsigned{date.day()} - 1) / 7 + 1 == static_cast<unsigned>(schedule.which);
}

}  // namespace

std::optional<Schedule> parse_schedule(std::string_view text) {
  const std::string lower = lower_ascii(text);
  const auto words = split(lower, ' ');
  Schedule schedule;
  if (words[0] == "daily" && words.size() == 2) {
    schedule.every = Schedule::Every::kDay;
  } else if (words[0] == "weekly" && words.size() == 3) {
    schedule.every = Schedule::Every::kWeek;
  } else if (words[0] == "monthly" && words.size() == 4) {
    schedule.every = Schedule::Every::kMonth;
    const auto which = index_of(kWhich, words[1]);
    if (!which) return std::nullopt;
    schedule.which = *which + 1;
  } else {
    return std::nullopt;
  }
  if (schedule.every != Schedule::Every::kDay) {
    const auto day = index_of(kDays, words[words.size() - 2]);
    if (!day) return std::nullopt;
    schedule.weekday = weekday{static_cast<unsigned>(*day)};
  }
  const auto time = parse_time_of_day(words.back());
  if (!time) return std::nullopt;
  schedule.time = *time;
  return schedule;
}

UtcTime next_time(const Schedule& schedule, UtcTime after, const TimeZone& zone) {
  const auto today = floor<days>(zone.to_local(after));
  for (int ahead = 0; ahead <= kMostDaysAhead; ++ahead) {
    const local_days day = today + days{ahead};
    if (!falls_on(schedule, day)) continue;
    const UtcTime due = zone.to_utc(LocalTime{day + schedule.time});
    if (due > after) return due;
  }
  return after + days{kMostDaysAhead};
}

}  // namespace coldwatch
