// What a column of a log is: its key for topics and rules, its own name, its unit.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coldwatch {

struct Channel {
  std::string key;       // [A-Za-z0-9_]+, unique in its fridge
  std::string name;      // as the log has it, UTF-8
  std::string unit;      // as the log spells it: "K", "mBar", "Ohm"; "" where unknown
  std::string quantity;  // temperature, pressure, resistance, ...; "" where unknown
  bool operator==(const Channel&) const = default;
};
using Channels = std::vector<Channel>;
using SharedChannels = std::shared_ptr<const Channels>;

/// Channels from the names of a log: keys made unique ("T", "T_2"), "column_7" where the seventh name
/// has no letter or digit of ASCII, unit taken from the name's own
/// brackets ("Dewar (mBar)", "T1(K)") or from the table of columns that have none.
Channels make_channels(std::span<const std::string> names);

/// The unit that `name` carries in its last brackets, else the known one of a column without; "".
std::string unit_of(std::string_view name);

/// The quantity that a unit measures: "mBar" is "pressure"; "" for an unknown unit.
std::string_view quantity_of(std::string_view unit);

}  // namespace coldwatch
