// Small VeriCold logs for tests: one pressure and one sensor with its t, T and R.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "tests/simulator/vcl_bytes.hpp"

namespace coldwatch {

inline constexpr double kVclBegin = 1'544'485'165;  // 2018-12-10T23:39:25Z

inline const std::vector<std::string>& small_vcl_names() {
  static const std::vector<std::string> kNames{"LineSize(bytes)", "LineNumber", "Time(secs)",
                                               "P1 Tank (Bar)",   "MC t(s)",    "MC T(K)",
                                               "MC R(Ohm)"};
  return kNames;
}

/// The bytes before the first row. `created` tells one log from another.
inline std::string small_vcl_head(const std::string& created = "2018-12-10T18:38:25") {
  return simulator::vcl_head(small_vcl_names(), "C:/logs/fridge/log.vcl", created);
}

/// A row a minute from kVclBegin on; its pressure is `id`, its sensor good.
inline std::string small_vcl_row(int number, double id) {
  const double time = kVclBegin + 60.0 * number;
  return simulator::vcl_row(std::vector<double>{56, double(number), time, id, time - 10, 4, 1000});
}

/// Rows `first` to `last` (both included); the id of each is its number plus `id_offset`.
inline std::string small_vcl_rows(int first, int last, double id_offset = 0) {
  std::string rows;
  for (int number = first; number <= last; ++number) {
    rows += small_vcl_row(number, number + id_offset);
  }
  return rows;
}

}  // namespace coldwatch
