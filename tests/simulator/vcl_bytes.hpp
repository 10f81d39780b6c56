// The bytes of a VeriCold log: 1 KiB of text, 5 KiB of comment, 184 column names of 32 bytes, 256
// bytes of axis settings, and from 0x3000 on rows of little-endian doubles.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace coldwatch::simulator {

/// Everything before the first row. `created` is local time, "2018-12-10T18:38:25".
std::string vcl_head(std::span<const std::string> columns, std::string_view path,
                     std::string_view created);

std::string vcl_row(std::span<const double> values);

}  // namespace coldwatch::simulator
