// What is known at one moment, for those who decide what to tell of it.
#pragma once

#include "bridge/alarms/alarm_book.hpp"
#include "bridge/alarms/gates.hpp"
#include "bridge/alarms/incidents.hpp"
#include "bridge/alarms/recent.hpp"
#include "bridge/config.hpp"

namespace coldwatch {

struct World {
  const BridgeConfig& config;
  const AlarmBook& book;
  const Incidents& incidents;
  const Inhibitions& inhibitions;
  const std::vector<Shelf>& shelves;
  const RecentAlarms& recent;
  const TimeZone& zone;
  std::size_t fridges = 0;     // known ones, for "6 of 8 fridges"
  Milliseconds told_later{0};  // so long it is left to other bridges to tell what is due
  bool cut_off = false;        // ... which may tell it as well

  Subject subject(const Alarm& alarm) const {
    return {config.site_of(alarm.key), alarm.key.fridge, alarm.key.rule, alarm.message.cause,
            alarm.severity()};
  }
};

/// The first gate that is closed for `alarm` on a notifier: shelved, inhibited, quiet hours.
Gate gate_of(const World& world, const Alarm& alarm, const NotifierSettings& notifier, UtcTime now);

}  // namespace coldwatch
