// Takes the readings out of one row of a VeriCold log and judges them, as fast as they can be copied:
// a year of them is read in one go.
#pragma once

#include <cstring>
#include <string_view>

#include "agent/formats/vcl_columns.hpp"
#include "agent/reading/row.hpp"

namespace coldwatch {

/// The little-endian float64 at `offset` bytes.
inline double number_at(std::string_view bytes, std::size_t offset) {
  double value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

/// Sets the values of `slot`, and the quality of those that are not good. `row` is whole, with its
/// facts; a sensor is stale when its t(s) is more than `stale_after_s` older than the row.
void take_vcl_row(const VclColumns& columns, std::string_view row, double stale_after_s,
                  RowBatch::Slot& slot);

}  // namespace coldwatch
