// What `coldwatch-bridge alarms` and `history` print: tables for people, or JSON.
#pragma once

#include <string>
#include <vector>

#include "bridge/store.hpp"
#include "common/time_zone.hpp"

namespace coldwatch {

struct AlarmQuery {
  Matcher match;     // without a condition, every alarm
  bool all = false;  // those that are over as well
};

/// Rows of the store as a list of alarms, the worst first. `config` knows the fridges' named groups.
std::string alarms_table(const std::vector<StoredRow>& rows, const AlarmQuery& query,
                         const BridgeConfig& config, const TimeZone& zone, UtcTime now);
std::string alarms_json(const std::vector<StoredRow>& rows, const AlarmQuery& query,
                        const BridgeConfig& config, UtcTime now);

std::string history_table(const std::vector<HistoryLine>& lines, const TimeZone& zone);
std::string history_json(const std::vector<HistoryLine>& lines);

}  // namespace coldwatch
