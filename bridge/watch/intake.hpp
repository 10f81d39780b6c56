// How much of what one fridge sends is looked at: an agent gone mad, or somebody with its password,
// must cost neither the alarms of the others nor a disk full of history.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "bridge/watch/fridges.hpp"

namespace coldwatch {

class Intake {
 public:
  /// An agent that catches up a week sends thousands of messages at once, and then hardly any.
  static constexpr double kMostAtOnce = 20'000;
  static constexpr double kMostPerSecond = 100;
  /// A thousand events and five hundred alarms with their trends are 3 MB, and may come twice.
  static constexpr double kMostBytesAtOnce = 8e6;
  static constexpr double kMostBytesPerSecond = 64e3;
  /// Each notice, and each alarm that came and went, is kept until it was told, and may be one message.
  static constexpr double kMostNewsAtOnce = 1'000;
  static constexpr double kMostNewsPerSecond = 0.1;
  /// How long nothing was refused until a fridge counts as quiet again.
  static constexpr Milliseconds kQuiet = std::chrono::minutes{10};

  /// False for a message of so many bytes that is not to be looked at.
  bool takes(const FridgeId& id, std::size_t bytes, UtcTime now);
  /// False for what was looked at and is not to be told once.
  bool tells(const FridgeId& id, UtcTime now);

  /// Fridges of which something was refused since the last call for the first time; and those that
  /// are quiet again.
  std::set<FridgeId> take_loud() { return std::exchange(loud_, {}); }
  std::set<FridgeId> take_quiet(UtcTime now);
  /// When take_quiet() has to be called next.
  std::optional<UtcTime> next() const;

 private:
  struct Bucket {
    double left = kMostAtOnce;
    double bytes_left = kMostBytesAtOnce;
    double news_left = kMostNewsAtOnce;
    UtcTime at{};
  };
  Bucket& filled(const FridgeId& id, UtcTime now);
  void refuse(const FridgeId& id, UtcTime now);

  std::map<FridgeId, Bucket> buckets_;
  std::map<FridgeId, UtcTime> refused_;  // when last
  std::set<FridgeId> loud_;
};

}  // namespace coldwatch
