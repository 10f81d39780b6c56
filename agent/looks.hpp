// When a running agent would have looked at the silence between two rows, for those who live through a
// log again: once a minute, because rules about silence judge minutes.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "common/time.hpp"

namespace coldwatch {

class Looks {
 public:
  static constexpr Milliseconds kEvery = std::chrono::minutes{1};
  /// Of a longer gap only the beginning is lived through minute by minute.
  static constexpr Milliseconds kLongest = std::chrono::hours{6};

  /// The moments since the last call, up to the row at `time`; none before the first row, and none
  /// where the time of the rows goes back.
  std::vector<UtcTime> until(UtcTime time) {
    if (!looked_) looked_ = time;
    if (time - *looked_ < kEvery) return {};
    std::vector<UtcTime> looks;
    const UtcTime end = std::min(time, *looked_ + kLongest);
    for (UtcTime now = *looked_ + kEvery; now <= end; now += kEvery) looks.push_back(now);
    looked_ = time;
    return looks;
  }

 private:
  std::optional<UtcTime> looked_;
};

}  // namespace coldwatch
