// Everything that a measure may look at: the newest values, what is usual, and where the fridge is.
#pragma once

#include "agent/rules/baseline.hpp"
#include "agent/rules/board.hpp"
#include "agent/rules/phase.hpp"

namespace coldwatch {

struct Scene {
  Board board;
  Baselines baselines;
  PhaseModel phase;
};

}  // namespace coldwatch
