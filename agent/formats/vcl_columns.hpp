// Which columns of a VeriCold row are readings, and which ones vouch for them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agent/reading/channel.hpp"

namespace coldwatch {

/// Indices named `row` count the columns of the file, indices named `channel` the channels.
struct VclColumns {
  static constexpr std::size_t kFacts = 3;  // LineSize, LineNumber, Time: facts of the row
  static constexpr int kNone = -1;

  /// "<name> t(s)", "<name> T(K)", "<name> R(Ohm)"; any of them may be missing.
  struct Sensor {
    std::string name;
    int stamp_in_row = kNone;
    int resistance_in_row = kNone;
    int temperature_channel = kNone;
    int resistance_channel = kNone;
  };
  std::vector<std::uint16_t> row_of_channel;
  std::vector<Sensor> sensors;
  SharedChannels channels;  // all but the facts and the t(s) columns
};

/// From all names of a file, in its order; the first kFacts are the facts.
VclColumns make_vcl_columns(std::span<const std::string> names);

}  // namespace coldwatch
