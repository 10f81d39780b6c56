// What `coldwatch-bridge alarms` and `history` print: tables for people, or JSON.
#pragma once

#include <string>
#include <vector>

#include "bridge/store.hpp"
#include "common/time_zone.hpp"

namespace coldwatch {

/// The alarms that are not over, the worst first; every alarm that was ever seen with `all`.
std::string alarms_table(const std::vector<StoredRow>& rows, bool all, const TimeZone& zone,
                         UtcTime now);
std::string alarms_json(const std::vector<StoredRow>& rows, bool all, UtcTime now);

std::string history_table(const std::vector<HistoryLine>& lines, const TimeZone& zone);
std::string history_json(const std::vector<HistoryLine>& lines);

}  // namespace coldwatch
