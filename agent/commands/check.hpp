// `coldwatch-agent check`: every mistake in the config at once, also those that show only against the
// log, before a person relies on it.
#pragma once

#include <string>

#include "agent/live/tcp_link.hpp"
#include "common/time.hpp"

namespace coldwatch {

struct CheckResult {
  bool ok = false;
  std::string report;  // for people: the mistakes, one a line, or what was found to be right
};

/// Reads the config `file` and looks into the log folder where it exists here; a folder that does not
/// is a remark and no mistake, because a config may be checked on another machine. A live
/// source is asked for one round of readings; none is a remark as well, not least because a controller
/// may have no room for a second client beside the agent.
CheckResult check(const std::string& file, UtcTime now, const LiveClock& clock);

}  // namespace coldwatch
