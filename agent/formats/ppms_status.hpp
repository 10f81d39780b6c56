// The status word of Quantum Design's PPMS: four codes of four bits in one number.
#pragma once

#include <string>
#include <string_view>

namespace coldwatch {

/// The words of one status; "unknown" for a code without meaning.
struct PpmsStatus {
  std::string_view temperature;
  std::string_view magnet;
  std::string_view chamber;
  std::string_view position;
  bool operator==(const PpmsStatus&) const = default;
};

/// `code` is below 65536: temperature in the lowest four bits, then magnet, chamber, position.
PpmsStatus decode_ppms_status(unsigned code);

/// "temperature stable, magnet persistent, chamber purged and sealed, position stopped".
std::string ppms_status_words(unsigned code);

/// `code` without what changes in the ordinary course of a measurement: what is left, differs only
/// where the chamber changes or something fails or recovers.
unsigned ppms_trouble(unsigned code);

}  // namespace coldwatch
