// Times as logs write them, after a pattern that the config or the format gives.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/time.hpp"

namespace coldwatch {

/// A time before its zone is known.
struct Stamp {
  LocalTime time;
  bool utc = false;  // `time` is UTC already
  bool operator==(const Stamp&) const = default;
};

/// How a log writes its times. Either a pattern of strftime's letters
///   %Y %y %m %b %d %H %I %p %M %S %f %F %T %%
/// where %S takes a fraction with it, %b is an English month, a blank stands for any blanks and every
/// other character for itself; or one of the words
///   unix     seconds since 1970-01-01 UTC          unix_ms   milliseconds
///   excel    days since 1899-12-30, local          labview   seconds since 1904-01-01 UTC
///   elapsed  seconds since the start, which the log tells elsewhere (read as since 1970, UTC)
class TimeText {
 public:
  /// nullopt, with a sentence in `error`, for an unknown letter or a pattern that tells no hour of a day.
  static std::optional<TimeText> make(std::string_view pattern, std::string& error);

  /// nullopt where the whole of `text`, without blanks around it, is no such time.
  std::optional<Stamp> read(std::string_view text) const;

  bool is_elapsed() const { return kind_ == Kind::kElapsed; }
  const std::string& pattern() const { return pattern_; }

 private:
  enum class Kind { kPattern, kUnix, kUnixMs, kExcel, kLabview, kElapsed };
  TimeText(Kind kind, std::string pattern) : kind_(kind), pattern_(std::move(pattern)) {}

  Kind kind_;
  std::string pattern_;  // with %F and %T written out
};

/// A text by which file names sort by the date in them: "log 05-03-2024 10.txt" is "2024-03-05-10-".
/// Names whose year does not come last are as they are.
std::string order_by_date(std::string_view name);

}  // namespace coldwatch
