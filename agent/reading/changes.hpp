// What differs between two lists of channels, in words: for the event format_changed.
#pragma once

#include <string>

#include "agent/reading/channel.hpp"

namespace coldwatch {

/// "2 columns are new: A, B; 1 is gone: C; the unit of D was K, is mK"; "" where nothing differs.
std::string describe_changes(const Channels& before, const Channels& after);

}  // namespace coldwatch
