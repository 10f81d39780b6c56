// How one rule stands right now, for people who look: the console's table and `status`.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "agent/rules/judge.hpp"
#include "common/messages.hpp"

namespace coldwatch {

struct RuleStanding {
  std::string rule;
  std::string channel;  // as the log names it; "" where there is no single one
  std::string unit;
  double value = std::numeric_limits<double>::quiet_NaN();  // the newest number, armed or not
  UtcTime value_time{};                                     // of the row that gave it
  Limits limits;
  std::optional<Side> side;  // nullopt before the first verdict
  bool waiting = false;      // beyond a limit, but not yet for as long as its hold
  bool armed = true;
  AlarmKind kind = AlarmKind::kAlarm;
  Severity severity = Severity::kInfo;  // of the side, before the first verdict of the alarm side
  std::string text;                     // of the side, as it was announced
  UtcTime since{};                      // of the side

  bool active() const { return side && limits.alarm == side; }
};

}  // namespace coldwatch
