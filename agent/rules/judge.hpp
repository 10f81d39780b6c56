// The two limits of a rule: on which side of them is a number, and since when? Above `high` the
// judge is on its high side, below `low` on its low side, in between it stays where it is; NaN
// changes nothing. Time is that of the rows.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "common/time.hpp"

namespace coldwatch {

enum class Side : std::uint8_t { kLow, kHigh };

constexpr Side other(Side side) { return side == Side::kLow ? Side::kHigh : Side::kLow; }
std::string_view word(Side side);

struct Limits {
  double low = 0;
  double high = 0;
  Side initial = Side::kHigh;  // where it stays if the first number lies in between
  std::optional<Side> alarm;   // the side that is an alarm; none in a notice
  Milliseconds hold{0};        // how long the alarm side must last before it counts
  Milliseconds clear_hold{0};  // the same for its end; in a notice `hold` serves both sides
};

class Judge {
 public:
  /// The side that is true from now on. `first` where nothing was judged before.
  struct Verdict {
    Side side;
    bool first;
    UtcTime since;  // of the row at which the number went there, before any hold
    bool operator==(const Verdict&) const = default;
  };

  explicit Judge(Limits limits) : limits_(limits) {}

  /// Judges one number. An alarm must hold even when it is the first thing seen; any other first
  /// side counts at once. A hold goes on through NaN, and starts again where the clock was set
  /// back.
  std::optional<Verdict> judge(UtcTime time, double value);
  /// The same for a side that was found in another way (a rule that is no longer armed).
  std::optional<Verdict> settle(UtcTime time, Side side);

  /// As at the start: nothing judged, nothing waiting.
  void forget() { side_.reset(), pending_.reset(); }

  /// nullopt before the first verdict.
  std::optional<Side> side() const { return side_; }
  bool waiting() const { return pending_.has_value(); }
  const Limits& limits() const { return limits_; }

  nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);

 private:
  struct Pending {
    Side side;
    UtcTime since;
  };
  Milliseconds delay_to(Side side) const;

  Limits limits_;
  std::optional<Side> side_;
  std::optional<Pending> pending_;
};

}  // namespace coldwatch
