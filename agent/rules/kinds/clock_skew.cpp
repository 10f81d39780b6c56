// Minutes by which the times in the log differ from this PC's clock more than they may: rows from the
// future, or fresh rows that say they are old (a wrong time zone, the end of daylight saving).
#include <algorithm>
#include <cmath>

#include "agent/rules/measure.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using Minutes = std::chrono::duration<double, std::ratio<60>>;

constexpr Milliseconds kMostAhead = std::chrono::minutes{2};
constexpr Milliseconds kMostBehind = std::chrono::minutes{45};
/// Rows of a backlog are old as well, but each is old by another time.
constexpr Milliseconds kSteadyWithin = std::chrono::minutes{1};
constexpr int kLeastSteady = 3;

class ClockSkew final : public Measure {
 public:
  void bind(const Board& /*board*/) override {}
  std::span<const Board::Slot> inputs() const override { return {}; }
  double on_row(const Scene& /*scene*/, UtcTime /*time*/) override { return Board::kNoValue; }

  double on_tick(const Silence& silence) override {
    double worst = Board::kNoValue;
    for (const auto& [stream, newest] : silence.facts.newest) {
      const auto [row, read] = newest;
      Seen& seen = seen_[stream];
      if (seen.row != row) {
        const Milliseconds behind = read - row;
        const auto change = behind > seen.behind ? behind - seen.behind : seen.behind - behind;
        seen = {row, behind, change <= kSteadyWithin ? seen.steady + 1 : 1};
      }
      const double ahead = Minutes(-seen.behind - kMostAhead).count();
      const double late = Minutes(seen.behind - kMostBehind).count();
      worst = std::fmax(worst, seen.steady >= kLeastSteady ? std::max(ahead, late) : ahead);
    }
    return worst;
  }

  std::string unit(const Board& /*board*/) const override { return "min"; }
  std::optional<double> usual_limit() const override { return 0; }
  void check(const Board& /*board*/, const std::string& /*path*/,
             Mistakes& /*mistakes*/) const override {}

 private:
  struct Seen {
    UtcTime row{};
    Milliseconds behind{0};
    int steady = 0;  // rows in a row that were late by the same time
  };
  std::map<std::string, Seen> seen_;
};

}  // namespace

extern const MeasureKind kClockSkew{"clock_skew",
                                    [](SettingsReader& /*rule*/) -> std::unique_ptr<Measure> {
                                      return std::make_unique<ClockSkew>();
                                    }};

}  // namespace coldwatch
