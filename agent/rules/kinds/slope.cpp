// How fast a channel changes, per minute, over a window. Two wrong samples of a thermometer bridge do
// not move it, where a plain difference between two points raises a false alarm.

#include "agent/rules/kinds/kinds.hpp"
#include "agent/rules/slope_window.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

constexpr Milliseconds kUsualWindow = std::chrono::minutes{10};
constexpr Milliseconds kShortestWindow = std::chrono::seconds{10};
constexpr Milliseconds kLongestWindow = std::chrono::hours{24 * 31};

class Slope final : public ChannelMeasure {
 public:
  Slope(ChannelNames names, Milliseconds window)
      : ChannelMeasure(std::move(names)), window_(window) {}

  double on_row(const Scene& scene, UtcTime /*time*/) override {
    if (!slot_) return Board::kNoValue;
    const auto& reading = scene.board[*slot_];
    if (reading.value != reading.value) return Board::kNoValue;
    window_.add(reading.time, reading.value);
    return window_.per_minute();
  }

  std::string unit(const Board& board) const override {
    return slot_ ? board.channel(*slot_).unit + "/min" : std::string{};
  }

  nlohmann::json state() const override { return window_.state(); }
  void restore(const nlohmann::json& state) override { window_.restore(state); }

 private:
  SlopeWindow window_;
};

}  // namespace

std::unique_ptr<Measure> make_slope(ChannelNames names, Milliseconds window) {
  return std::make_unique<Slope>(std::move(names), window);
}

extern const MeasureKind kSlope{
    "slope", [](SettingsReader& rule) {
      auto names = read_channel(rule);
      return make_slope(std::move(names),
                        rule.duration("window", kUsualWindow, kShortestWindow, kLongestWindow));
    }};

}  // namespace coldwatch
