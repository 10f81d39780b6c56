// Finds the stages of a cryostat among its channels, for the phase model.
#pragma once

#include <memory>
#include <optional>

#include "agent/rules/measure.hpp"

namespace coldwatch {

class Stages {
 public:
  Stages();
  /// Looks the stages up: by the library's names "mc", "t4k" and "heater", else by the names that
  /// vendors give them.
  void bind(const Board& board);
  StageFacts facts(const Scene& scene, UtcTime time) const;

 private:
  std::unique_ptr<Measure> coldest_;
  std::optional<Board::Slot> mixing_;
  std::optional<Board::Slot> plate4k_;
  std::optional<Board::Slot> heater_;
};

}  // namespace coldwatch
