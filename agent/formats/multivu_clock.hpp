// The three clocks of Quantum Design's MultiVu: which of them a file's time stamps count by.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/formats/text_lines.hpp"

namespace coldwatch {

/// The header's line FILEOPENTIME: one moment by the stamps' clock and by the clock on the wall.
struct FileOpenTime {
  double stamp;
  LocalTime wall;
};

/// `value` is the line without its key, in any of the known spellings:
/// "35108593.23,02/11/2016,4:32 pm", " 1164777384.812000 11/28/2006, 9:16:24 PM".
std::optional<FileOpenTime> parse_file_open_time(std::string_view value);

class MultiVuClock {
 public:
  MultiVuClock(std::optional<FileOpenTime> opened, TimeZone zone);

  /// nullopt where the stamp tells no time: the controller was restarted since the file was opened,
  /// or nothing in the file says what its numbers count from.
  std::optional<UtcTime> to_utc(double stamp, UtcTime before);

 private:
  enum class Kind {
    kUnix,        // seconds since 1970, UTC
    kLocal,       // seconds since 1899-12-30 by the clock on the wall
    kController,  // seconds of the controller's own, tied to the wall by FILEOPENTIME
    kUntold,      // no FILEOPENTIME: one of the first two if the number is a time of this century
  };
  UtcTime by_wall(double stamp, UtcTime before);

  LocalClock clock_;
  std::optional<FileOpenTime> opened_;
  UtcTime opened_utc_{};
  Kind kind_ = Kind::kUntold;
};

}  // namespace coldwatch
