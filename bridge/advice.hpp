// What `check` says of a config that is right but may not be meant: warnings, not mistakes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bridge/config.hpp"

namespace coldwatch {

/// A sentence, with its key in front, for each notifier without a language, each route that can never
/// match, each notifier that no route names, and each severity that nobody is told of. `json` is the
/// config as it stands in the file.
std::vector<std::string> advice(const BridgeConfig& config, const nlohmann::json& json);

}  // namespace coldwatch
