#include "agent/rules/stages.hpp"

#include "agent/rules/kinds/kinds.hpp"

namespace coldwatch {
namespace {

const ChannelNames kMixing{"mc", "MC RuO2 T(K)", "MC Plate RuO2 T(K)", "MC*T(K)", "M/C*T(K)"};
const ChannelNames kPlate4K{"t4k", "PT2 Plate T(K)", "PT2*T(K)", "4K*T(K)", "2nd Stage Temp (K)"};
const ChannelNames kHeater{"heater", "chamber heater (W)"};

/// An older reading says nothing of the present: a scanner may stand on one channel for days.
constexpr Milliseconds kOldest = std::chrono::minutes{30};

double kelvin(const Scene& scene, std::optional<Board::Slot> slot, UtcTime time) {
  if (!slot || time - scene.board[*slot].time > kOldest) return Board::kNoValue;
  return scene.board[*slot].value * (scene.board.channel(*slot).unit == "mK" ? 1e-3 : 1.0);
}

}  // namespace

Stages::Stages() : coldest_(make_extreme(Extreme::kColdest, kOldest)) {}

void Stages::bind(const Board& board) {
  coldest_->bind(board);
  mixing_ = board.find(kMixing);
  plate4k_ = board.find(kPlate4K);
  heater_ = board.find(kHeater);
}

StageFacts Stages::facts(const Scene& scene, UtcTime time) const {
  return {.coldest = coldest_->on_row(scene, time),
          .dilution = mixing_.has_value(),
          .mixing = kelvin(scene, mixing_, time),
          .plate4k = kelvin(scene, plate4k_, time),
          .heater = heater_ ? scene.board[*heater_].value : Board::kNoValue};
}

}  // namespace coldwatch
