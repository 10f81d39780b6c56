// Local times of logs to UTC. Named zones come from the system's database where there is one.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/time.hpp"

namespace coldwatch {

/// A time zone, cheap to copy.
class TimeZone {
 public:
  /// `name` is "local" (this machine's zone), "UTC", or an IANA name such as "Europe/Zurich" (not
  /// on Windows). nullopt, with a sentence in `error`, where there is no such zone.
  static std::optional<TimeZone> find(const std::string& name, std::string& error);

  /// The instant that a clock on the wall of this zone showed as `local`. In the hour that a clock
  /// shows twice, the first instant that is not before `not_before`; in the hour that it skips, the
  /// instant that far after the skip.
  UtcTime to_utc(LocalTime local, std::optional<UtcTime> not_before = std::nullopt) const;

  LocalTime to_local(UtcTime time) const;

  const std::string& name() const;

  struct Data;

 private:
  explicit TimeZone(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

}  // namespace coldwatch
