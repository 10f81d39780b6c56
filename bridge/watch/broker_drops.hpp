// Messages that the broker has dropped, as it counts them itself ($SYS).
#pragma once

#include <optional>
#include <string_view>

#include "common/time.hpp"

namespace coldwatch {

class BrokerDrops {
 public:
  /// Takes the broker's count; how many are new since the last one, none where that is nothing. What is
  /// not a number is ignored.
  std::optional<double> take(std::string_view payload, UtcTime now);
  /// True once when nothing was dropped for kQuiet.
  bool stopped(UtcTime now);
  std::optional<UtcTime> next() const { return until_; }

  static constexpr Milliseconds kQuiet = std::chrono::hours{1};

 private:
  std::optional<double> count_;
  std::optional<UtcTime> until_;
};

}  // namespace coldwatch
