// `coldwatch-bridge replay`: the core of the bridge in simulated time, with a store in memory and
// notifiers that only know "down" and "up". The same input gives the same output, byte for byte.
#pragma once

#include <functional>
#include <istream>
#include <ostream>
#include <string>

#include "bridge/config.hpp"

namespace coldwatch {

/// "t" 0 of every timeline.
inline constexpr UtcTime kReplayStart = std::chrono::sys_days{std::chrono::January / 1 / 2000};

/// Takes a message to its notifier and says how that ended; in simulated time it takes none.
using Deliver = std::function<DeliveryResult(const Notification& notification, UtcTime now)>;

/// The config for a replay: nothing in it is needed to reach a service or a broker, so only what the
/// core knows is read, and without any notifier there is the console "c".
BridgeConfig read_replay_config(const std::string& file, Mistakes& mistakes);

/// Reads the timeline (JSON lines in order of "t", in seconds) and writes a line for each message
/// that arrives; with `deliver` every message goes there instead. False, with a sentence that names
/// the line in `error`, where the timeline is wrong.
bool replay(const BridgeConfig& config, std::istream& timeline, std::ostream& out,
            std::string& error, const Deliver& deliver = {});

}  // namespace coldwatch
