// `coldwatch-agent check`: every mistake in the config at once, also those that show only against the
// log, before a person relies on it.
#pragma once

#include <string>

#include "common/time.hpp"

namespace coldwatch {

struct CheckResult {
  bool ok = false;
  std::string report;  // for people: the mistakes, one a line, or what was found to be right
};

/// Reads the config `file` and looks into the log folder where it exists here; a folder that does not
/// is a remark and no mistake, because a config may be checked on another machine.
CheckResult check(const std::string& file, UtcTime now);

}  // namespace coldwatch
