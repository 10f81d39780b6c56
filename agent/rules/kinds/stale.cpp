// Minutes by which the next row of a group of streams is overdue: none is so long as the usual interval
// times `times`, or `after` if that is longer, has not passed. The newest row of any stream of the group
// counts, because a scanner may stand on one channel for days.
#include <algorithm>

#include "agent/rules/measure.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr Milliseconds kUsualFloor = std::chrono::minutes{5};
constexpr Milliseconds kFirstLook = std::chrono::minutes{2};
constexpr double kUsualTimes = 5;
/// Silence that is allowed before the cadence of a log is known.
constexpr Milliseconds kUnlearned = std::chrono::hours{1};

class Stale final : public Measure {
 public:
  Stale(std::vector<std::string> streams, Milliseconds floor, double times)
      : streams_(std::move(streams)), floor_(floor), times_(times) {}

  void bind(const Board& /*board*/) override {}
  std::span<const Board::Slot> inputs() const override { return {}; }
  double on_row(const Scene& /*scene*/, UtcTime /*time*/) override { return Board::kNoValue; }

  double on_tick(const Silence& silence) override {
    if (!first_tick_) first_tick_ = silence.now;
    std::optional<Milliseconds> age;
    std::optional<Milliseconds> cadence;
    for (const auto& [stream, known] : silence.cadences) {
      if (!mine(stream)) continue;
      if (const auto usual = known.usual()) cadence = std::min(cadence.value_or(*usual), *usual);
      const Milliseconds own = age_of(stream, known, silence);
      if (!age || own < *age) age = own, newest_ = known.newest();
    }
    const auto times = [this](Milliseconds usual) {
      return std::chrono::duration_cast<Milliseconds>(usual * times_);
    };
    const Milliseconds allowed = std::max(floor_, cadence ? times(*cadence) : kUnlearned);
    // A log whose clock is an hour slow looks an hour old until its next row has arrived.
    const Milliseconds look = std::max(kFirstLook, 2 * cadence.value_or(Milliseconds{0}));
    if (!age || silence.now - *first_tick_ < std::min(look, allowed)) return Board::kNoValue;
    return std::chrono::duration<double, std::ratio<60>>(*age - allowed).count();
  }

  std::string unit(const Board& /*board*/) const override { return "min"; }
  std::optional<UtcTime> since() const override { return newest_; }
  std::optional<double> usual_limit() const override { return 0; }
  void check(const Board& /*board*/, const std::string& /*path*/,
             Mistakes& /*mistakes*/) const override {}

 private:
  struct Arrival {
    UtcTime row;
    bool live = false;  // a newer row has come since the first look
  };

  bool mine(const std::string& stream) const {
    return std::ranges::any_of(streams_, [&stream](const std::string& pattern) {
      return matches_pattern(pattern, stream);
    });
  }

  /// By the moment at which the newest row was read, where rows have come while we looked; else by the
  /// time in the row, because a file found at the start may have ended days ago.
  Milliseconds age_of(const std::string& stream, const Cadence& known, const Silence& silence) {
    const auto read = silence.facts.newest.find(stream);
    if (read == silence.facts.newest.end()) return silence.now - known.newest();
    const auto [row, at] = read->second;
    const auto [arrival, is_new] = arrivals_.try_emplace(stream, Arrival{row});
    if (arrival->second.row != row) arrival->second = {row, true};
    return silence.now - (arrival->second.live ? at : std::min(row, at));
  }

  std::vector<std::string> streams_;
  Milliseconds floor_;
  double times_;
  std::optional<UtcTime> first_tick_;
  UtcTime newest_{};
  std::map<std::string, Arrival> arrivals_;
};

}  // namespace

extern const MeasureKind kStale{"stale", [](SettingsReader& rule) -> std::unique_ptr<Measure> {
                                  auto streams = rule.texts("streams", {"*"});
                                  const auto floor = rule.duration("after", kUsualFloor);
                                  return std::make_unique<Stale>(
                                      std::move(streams), floor,
                                      rule.number("times", kUsualTimes, 1, 1000));
                                }};

}  // namespace coldwatch
