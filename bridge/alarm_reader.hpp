// Alarms as agents send them, read at a quarter of what parse_alarm() takes: in a storm ten thousand
// come in a second.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/messages.hpp"

namespace coldwatch {

/// As parse_alarm(), which is asked wherever anything in `payload` is not as usual: a mistake, a long
/// text, a character beyond ASCII.
std::optional<AlarmMessage> read_alarm(std::string_view payload, std::string& error);

}  // namespace coldwatch
