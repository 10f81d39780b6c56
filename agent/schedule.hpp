// When snapshots are due by themselves: "daily 12:00", "weekly tue 12:00", "monthly 2nd tue 12:00".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/time.hpp"
#include "common/time_zone.hpp"

namespace coldwatch {

struct Schedule {
  enum class Every { kDay, kWeek, kMonth } every = Every::kDay;
  std::chrono::weekday weekday{};  // not for kDay
  int which = 1;                   // of the month: 1st to 4th, or 5 for the last
  std::chrono::minutes time{};     // of the local day
  bool operator==(const Schedule&) const = default;
};

/// nullopt for anything but the three forms. The month's weeks are 1st, 2nd, 3rd, 4th and last.
std::optional<Schedule> parse_schedule(std::string_view text);

/// The first time after `after` at which the schedule is due.
UtcTime next_time(const Schedule& schedule, UtcTime after, const TimeZone& zone);

}  // namespace coldwatch
