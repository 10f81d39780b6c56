#include <date/tz.h>

#include "common/time_zone.hpp"

namespace coldwatch {

struct TimeZone::Data {
  std::string name;
  const date::time_zone* zone;
};

std::optional<TimeZone> TimeZone::find(const std::string& name, std::string& error) {
  try {
    const date::time_zone* zone =
        name == "local" || name.empty() ? date::current_zone() : date::locate_zone(name);
    return TimeZone{std::make_shared<const Data>(Data{zone->name(), zone})};
  } catch (const std::exception& exception) {
    error = "\"" + name +
            "\" is no known time zone (expected \"local\", \"UTC\" or a name such as "
            "\"Europe/Zurich\"): " +
            exception.what();
    return std::nullopt;
  }
}

UtcTime TimeZone::to_utc(LocalTime local, std::optional<UtcTime> not_before) const {
  const date::local_time<Milliseconds> wall{local.time_since_epoch()};
  const date::local_info info = data_->zone->get_info(wall);
  const UtcTime first{local.time_since_epoch() - info.first.offset};
  if (info.result != date::local_info::ambiguous) return first;
  const UtcTime second{local.time_since_epoch() - info.second.offset};
  return not_before && first < *not_before ? second : first;
}

LocalTime TimeZone::to_local(UtcTime time) const {
  return LocalTime{time.time_since_epoch() + data_->zone->get_info(time).offset};
}

const std::string& TimeZone::name() const { return data_->name; }

}  // namespace coldwatch
