// An Oxford Triton as its control software logs it: the 63 columns, and one row of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulator/fridge.hpp"
#include "tests/simulator/noise.hpp"
#include "tests/simulator/scanner.hpp"

namespace coldwatch::simulator {

std::vector<std::string> triton_columns();

/// Row `number` of a log at unix time `time_s`, as wide as triton_columns().
std::vector<double> triton_row(std::uint64_t number, double time_s, const FridgeState& fridge,
                               const Scanner& scanner, Noise& noise);

}  // namespace coldwatch::simulator
