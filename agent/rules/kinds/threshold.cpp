// The value of a channel as it stands in the log: the rule of the original script.
#include "agent/rules/kinds/kinds.hpp"

namespace coldwatch {
namespace {

class Value final : public ChannelMeasure {
 public:
  using ChannelMeasure::ChannelMeasure;

  double on_row(const Scene& scene, UtcTime /*time*/) override {
    return slot_ ? scene.board[*slot_].value : Board::kNoValue;
  }
};

}  // namespace

std::unique_ptr<Measure> make_value(ChannelNames names) {
  return std::make_unique<Value>(std::move(names));
}

extern const MeasureKind kThreshold{
    "threshold", [](SettingsReader& rule) { return make_value(read_channel(rule)); }};

}  // namespace coldwatch
