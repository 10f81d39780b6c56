// Whether two agents with state files of their own take turns as one fridge: each makes the broker hang
// up on the other, and only their own logs would say so. One that starts anew, was taken over after a
// crash or has lost its state file never comes back as what it was before. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/time.hpp"

namespace coldwatch {

class Twins {
 public:
  /// So many times an epoch has to come back after another one, never this far apart.
  static constexpr int kReturns = 3;
  static constexpr Milliseconds kLongestTurn = std::chrono::minutes{15};

  /// A heartbeat of `epoch`. True where they take turns, false where for kLongestTurn nobody came back;
  /// nullopt where neither is known.
  std::optional<bool> take(const std::string& epoch, UtcTime now);

 private:
  std::vector<std::string> epochs_;  // the newest last
  int returns_ = 0;
  std::optional<UtcTime> since_;  // of the last return, or of the first heartbeat
};

}  // namespace coldwatch
