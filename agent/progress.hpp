// How far long work has come, for a person who waits for it.
#pragma once

#include <cstdint>
#include <functional>

#include "common/time.hpp"

namespace coldwatch {

/// Called often: `rows` lived through so far, the newest of them at `time`.
using Progress = std::function<void(std::uint64_t rows, UtcTime time)>;

}  // namespace coldwatch
