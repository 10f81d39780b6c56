#include "bridge/onward_clock.hpp"

namespace coldwatch {
namespace {

/// A step of the wall's clock that is more than its usual correction.
constexpr Milliseconds kClockStep = std::chrono::seconds{2};

}  // namespace

UtcTime OnwardClock::at(UtcTime wall, SteadyTime steady) {
  if (!last_) last_ = {wall, steady};
  const UtcTime onward = last_->first + std::chrono::floor<Milliseconds>(steady - last_->second);
  const UtcTime now = wall > onward + kClockStep ? wall : onward;
  if (now != onward) last_ = {now, steady};
  return now;
}

}  // namespace coldwatch
