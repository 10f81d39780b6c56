#include "agent/rules/stages.hpp"

#include "agent/rules/kinds/kinds.hpp"

namespace coldwatch {
namespace {

const ChannelNames kMixing{"mc", "MC RuO2 T(K)", "MC Plate RuO2 T(K)", "MC*T(K)", "M/C*T(K)"};
const ChannelNames kPlate4K{"t4k", "PT2 Plate T(K)", "PT2*T(K)", "4K*T(K)", "2nd Stage Temp (K)"};
const ChannelNames kHeater{"heater", "chamber heater (W)"};

double kelvin(const Scene& scene, std::optional<Board::Slot> slot) {
  if (!slot) return Board::kNoValue;
  return scene.board[*slot].value * (scene.board.channel(*slot).unit == "mK" ? 1e-3 : 1.0);
}

}  // namespace

Stages::Stages() : coldest_(make_extreme(Extreme::kColdest)) {}

void Stages::bind(const Board& board) {
  coldest_->bind(board);
  mixing_ = board.find(kMixing);
  plate4k_ = board.find(kPlate4K);
  heater_ = board.find(kHeater);
}

StageFacts Stages::facts(const Scene& scene, UtcTime time) const {
  return {.coldest = coldest_->on_row(scene, time),
          .dilution = mixing_.has_value(),
          .mixing = kelvin(scene, mixing_),
          .plate4k = kelvin(scene, plate4k_),
          .heater = heater_ ? scene.board[*heater_].value : Board::kNoValue};
}

}  // namespace coldwatch
