// The time of the bridge's core: the wall's, but it never goes back.
#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "common/time.hpp"

namespace coldwatch {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Goes on at the pace of the steady clock where somebody turns the wall's clock back, so that a wait
/// of ten seconds never becomes one of ten hours; follows a wall's clock that is turned forward.
class OnwardClock {
 public:
  UtcTime at(UtcTime wall, SteadyTime steady);

 private:
  std::optional<std::pair<UtcTime, SteadyTime>> last_;
};

}  // namespace coldwatch
