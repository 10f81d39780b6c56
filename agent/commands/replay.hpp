// `coldwatch-agent replay`: what would have been published if the agent had lived through a log, with
// no broker and no clock. Every row is judged at its own time, so nothing is a replay in the sense of
// the wire, and the same log gives the same output, byte for byte.
//
// For each row in order: its `live` message, then what the rules make of it (`alarm/<rule>`, `event`);
// after the rows of a message its `rows/<stream>`. Between two rows, a look a minute at what rules make
// of the silence, and at the schedule of snapshots. Left out is what belongs to a connection or a clock:
// status, info, health and readings. The epoch is "replay".
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config.hpp"
#include "agent/progress.hpp"
#include "common/messages.hpp"

namespace coldwatch {

/// `{"topic","qos","retain","payload"}` and a line end. A JSON payload stands in the line as the value
/// that it is, any other one as a text.
std::string replay_line(const Publication& publication);

/// Replays the folder of the config from its beginning, or `logs` (files or folders) instead of it, one
/// after the other. `write` gets the lines, `progress` how far it has come. False, with a sentence in
/// `error`, where a log cannot be read.
bool replay(LoadedConfig loaded, const std::vector<std::string>& logs,
            const std::function<void(std::string_view)>& write, const Progress& progress,
            std::string& error);

}  // namespace coldwatch
