// Writes rows into log files as the fridge's control software does: named for their local start,
// the head first, then row by row.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "common/time_zone.hpp"

namespace coldwatch::simulator {

/// How rows reach the file.
struct WriteHabits {
  bool buffered = false;             // many rows at once, for a backlog
  std::optional<Milliseconds> torn;  // each row in two pieces, so far apart
};

class LogWriter {
 public:
  LogWriter(std::filesystem::path folder, TimeZone zone, WriteHabits habits);

  /// Begins the file of a log created at `created`: "log 181210 183825.vcl". Throws
  /// std::runtime_error where it exists already or cannot be written.
  void begin(UtcTime created);

  void append(std::string_view row);

  const std::filesystem::path& path() const { return path_; }

 private:
  void write(std::string_view bytes);

  std::filesystem::path folder_;
  TimeZone zone_;
  WriteHabits habits_;
  std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace coldwatch::simulator
