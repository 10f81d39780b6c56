// The programs' own log: one line a message, to standard error with the level in front, as journald
// and a console want it. Credentials never reach it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "common/time.hpp"

namespace coldwatch {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// Messages below `level` are dropped from now on; the default is kInfo.
void set_log_level(LogLevel level);

/// Lines (without their end) go to `sink` from now on and not to standard error, for a program that
/// draws on the whole terminal; an empty one takes that back. It is called by the thread that logs.
void set_log_sink(std::function<void(std::string_view line)> sink);

/// Writes one line; control characters in `text` become blanks, so that a payload cannot forge one.
void log(LogLevel level, std::string_view text);

inline void log_info(std::string_view text) { log(LogLevel::kInfo, text); }
inline void log_warning(std::string_view text) { log(LogLevel::kWarning, text); }
inline void log_error(std::string_view text) { log(LogLevel::kError, text); }

/// Lets the first message of each subject through and then one an interval, so that ten thousand
/// bad records do not become ten thousand lines.
class LogThrottle {
 public:
  explicit LogThrottle(Milliseconds interval) : interval_(interval) {}
  /// True where a message about `subject` is due at `now`.
  bool due(const std::string& subject, UtcTime now);

 private:
  static constexpr std::size_t kMostSubjects = 1000;
  Milliseconds interval_;
  std::map<std::string, UtcTime> last_;
};

/// Lets `most` lines of a minute through, whatever they are about, and says how many it kept back.
class LogLimit {
 public:
  explicit LogLimit(std::size_t most) : most_(most) {}
  /// Logs `text` as information where there is room left in this minute.
  void info(std::string_view text, UtcTime now);

 private:
  std::size_t most_;
  UtcTime began_{};
  std::size_t count_ = 0;
};

}  // namespace coldwatch
