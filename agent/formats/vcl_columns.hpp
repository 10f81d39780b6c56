// Which columns of a VeriCold row are readings, and which ones vouch for them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "agent/reading/channel.hpp"

namespace coldwatch {

/// Indices named `row` count the columns of the file, indices named `channel` the channels.
struct VclColumns {
  static constexpr std::size_t kFacts = 3;  // LineSize, LineNumber, Time: facts of the row
  static constexpr int kNone = -1;

  static constexpr int kTime = 2;  // of the facts

  /// "<name> t(s)", "<name> T(K)", "<name> R(Ohm)"; any of them may be missing. The row's own time
  /// stands in for a missing t or R, because it vouches for everything.
  struct Sensor {
    std::size_t stamp_in_row = kTime;
    std::size_t resistance_in_row = kTime;
    int temperature_channel = kNone;
    int resistance_channel = kNone;
  };
  /// An even count of whole sensors side by side in the row, t, T and R each: nearly all that there
  /// are. Their T and R are the channels from `channel` on.
  struct Triples {
    std::size_t row_byte;
    std::size_t channel;
    std::size_t count;
  };
  /// Other columns that stand side by side in the row and as channels.
  struct Run {
    std::size_t row_byte;
    std::size_t channel;
    std::size_t count;
  };
  std::vector<Triples> triples;
  std::vector<Run> runs;
  std::vector<Sensor> sensors;  // all of them
  std::vector<Sensor> loose;    // those that are not in `triples`
  SharedChannels channels;      // all but the facts and the t(s) columns
};

/// From all names of a file, in its order; the first kFacts are the facts.
VclColumns make_vcl_columns(std::span<const std::string> names);

}  // namespace coldwatch
