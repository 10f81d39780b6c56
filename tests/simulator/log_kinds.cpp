#include <array>

#include "tests/simulator/written_log.hpp"

namespace coldwatch::simulator {

std::span<const LogKind> log_kinds() {
  static constexpr std::array kKinds{
      LogKind{"triton-xl", write_triton_xl},
      LogKind{"dr200", write_dr200},
      LogKind{"bluefors", [](const LogPlan& plan) { return write_bluefors(plan, false); }},
      LogKind{"bluefors-old", [](const LogPlan& plan) { return write_bluefors(plan, true); }},
      LogKind{"leiden-tc", [](const LogPlan& plan) { return write_leiden_tc(plan, false); }},
      LogKind{"leiden-tc-comma", [](const LogPlan& plan) { return write_leiden_tc(plan, true); }},
      LogKind{"leiden-fp", write_leiden_fp},
      LogKind{"ppms", write_multivu},
      LogKind{"xs400", write_xs400}};
  return kKinds;
}

}  // namespace coldwatch::simulator
