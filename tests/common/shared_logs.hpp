// Where the real logs of real fridges lie on this machine, if they do.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace coldwatch {

/// The folder of real logs: $COLDWATCH_SHARED/logs, or ../shared/logs beside the project. A test
/// that needs them and gets nullopt calls GTEST_SKIP() and says so.
inline std::optional<std::string> shared_logs() {
  const char* set = std::getenv("COLDWATCH_SHARED");
  const std::filesystem::path shared =
      set != nullptr ? std::filesystem::path{set}
                     : std::filesystem::path{COLDWATCH_SOURCE}.parent_path() / "shared";
  std::error_code ignored;
  if (!std::filesystem::is_directory(shared / "logs", ignored)) return std::nullopt;
  return (shared / "logs").string();
}

}  // namespace coldwatch
