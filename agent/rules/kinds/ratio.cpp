// A channel divided by what is usual for it on this fridge in the present phase. No number before the
// baseline is learned, and none in a phase in which the channel has none.
#include "agent/rules/kinds/kinds.hpp"

namespace coldwatch {
namespace {

class Ratio final : public ChannelMeasure {
 public:
  using ChannelMeasure::ChannelMeasure;

  std::span<const Board::Slot> learns() const override { return inputs(); }

  double on_row(const Scene& scene, UtcTime /*time*/) override {
    if (!slot_) return Board::kNoValue;
    const double usual =
        scene.baselines.median(scene.board.channel(*slot_).key, scene.phase.phase());
    return usual == 0 ? Board::kNoValue : scene.board[*slot_].value / usual;
  }

  std::string unit(const Board& /*board*/) const override { return {}; }
};

}  // namespace

std::unique_ptr<Measure> make_ratio(ChannelNames names) {
  return std::make_unique<Ratio>(std::move(names));
}

extern const MeasureKind kRatio{
    "ratio", [](SettingsReader& rule) { return make_ratio(read_channel(rule)); }};

}  // namespace coldwatch
