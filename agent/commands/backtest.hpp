// `coldwatch-agent backtest`: tries the rules of a config on old logs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/backtest.hpp"
#include "agent/config.hpp"
#include "agent/progress.hpp"

namespace coldwatch {

/// Lives through the folder of the config from its beginning, or through `logs` (files or folders)
/// instead of it, one after the other, and tells `progress`. nullopt, with a sentence in `error`, where
/// one cannot be read.
std::optional<BacktestReport> backtest(LoadedConfig loaded, const std::vector<std::string>& logs,
                                       std::optional<UtcTime> event, const Progress& progress,
                                       std::string& error);

}  // namespace coldwatch
