#include <windows.h>

#include "common/time_zone.hpp"

namespace coldwatch {
namespace {

/// Minutes west of UTC (the system's sign) at `time`, by the rules of that year.
Milliseconds offset_at(UtcTime time, bool utc) {
  if (utc) return Milliseconds{0};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const auto rest = (time - day).count();
  SYSTEMTIME instant{};
  instant.wYear = static_cast<WORD>(int{date.year()});
  instant.wMonth = static_cast<WORD>(unsigned{date.month()});
  instant.wDay = static_cast<WORD>(unsigned{date.day()});
  instant.wHour = static_cast<WORD>(rest / 3600000);
  instant.wMinute = static_cast<WORD>(rest / 60000 % 60);
  instant.wSecond = static_cast<WORD>(rest / 1000 % 60);
  TIME_ZONE_INFORMATION zone{};
  SYSTEMTIME local{};
  if (!GetTimeZoneInformationForYear(instant.wYear, nullptr, &zone) ||
      !SystemTimeToTzSpecificLocalTime(&zone, &instant, &local)) {
    return Milliseconds{0};
  }
  const auto wall = make_local_time(local.wYear, local.wMonth, local.wDay, local.wHour,
                                    local.wMinute, local.wSecond);
  return wall->time_since_epoch() -
         std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
}

}  // namespace

struct TimeZone::Data {
  std::string name;
  bool utc;
};

std::optional<TimeZone> TimeZone::find(const std::string& name, std::string& error) {
  if (name == "local" || name.empty())
    return TimeZone{std::make_shared<const Data>(Data{"local", false})};
  if (name == "UTC") return TimeZone{std::make_shared<const Data>(Data{"UTC", true})};
  error = "\"" + name + "\" is no known time zone (on Windows expected \"local\" or \"UTC\")";
  return std::nullopt;
}

UtcTime TimeZone::to_utc(LocalTime local, std::optional<UtcTime> not_before) const {
  // An offset holds for a local time if it is also the offset at the instant it leads to.
  const UtcTime naive{local.time_since_epoch()};
  const Milliseconds before = offset_at(naive - std::chrono::hours{24}, data_->utc);
  const Milliseconds after = offset_at(naive + std::chrono::hours{24}, data_->utc);
  const UtcTime first = naive - before;
  const UtcTime second = naive - after;
  const bool first_holds = offset_at(first, data_->utc) == before;
  const bool second_holds = offset_at(second, data_->utc) == after;
  if (first_holds && second_holds) return not_before && first < *not_before ? second : first;
  return second_holds ? second : first;
}

LocalTime TimeZone::to_local(UtcTime time) const {
  return LocalTime{time.time_since_epoch() + offset_at(time, data_->utc)};
}

const std::string& TimeZone::name() const { return data_->name; }

}  // namespace coldwatch
