// What `init` says of the rule library: which rules of which families fit the columns of a log, what
// they judge, and what the others lack.
#pragma once

#include <string>
#include <vector>

#include "agent/rules/library_fit.hpp"

namespace coldwatch {

/// Is there a library with a rule for the columns of this log? `fits` has the best first.
bool some_library_fits(const std::vector<LibraryFit>& fits);

/// Comments about every library, and the keys that switch the best one on; lines of a config.
std::string library_lines(const std::vector<LibraryFit>& fits, const std::string& library_folder);

}  // namespace coldwatch
