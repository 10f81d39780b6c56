// Alarms as agents send them, read in an eighth of the instructions that parse_alarm() takes: in a storm
// ten thousand come in a second.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/messages.hpp"

namespace coldwatch {

/// As parse_alarm(), which is asked wherever anything in `payload` is not as usual: a mistake, a long
/// text, a character beyond ASCII, a member that is not known here.
std::optional<AlarmMessage> read_alarm(std::string_view payload, std::string& error);

}  // namespace coldwatch
