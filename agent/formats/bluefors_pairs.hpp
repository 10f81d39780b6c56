// The Bluefors files with many numbers in a line: maxigauge, Channels, Status and heaters. Their
// columns are keys in the lines themselves, and come and go. bluefors.cpp shows the lines.
#pragma once

#include <memory>

#include "agent/formats/format.hpp"

namespace coldwatch {

/// A reader whose channels are the keys of all lines in `head`, and of later ones as they appear. A
/// key that a line leaves out is invalid in its row.
std::unique_ptr<FileReader> make_bluefors_pairs_reader(const FileContext& context, bool gauges,
                                                       std::string_view head);

}  // namespace coldwatch
