// The command line's way to a running bridge: a command by MQTT, and its answer.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bridge/loaded.hpp"

namespace coldwatch {

/// Sends `_bridge/<id>/cmd/<verb>` with `payload` and waits for the answer, which is returned. Throws
/// SettingsError with a sentence where the broker or the bridge does not answer in time. `requester`
/// is unique to this call.
std::string ask_bridge(const LoadedBridge& loaded, const std::string& verb, nlohmann::json payload,
                       const std::string& requester);

}  // namespace coldwatch
