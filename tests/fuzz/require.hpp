// What a fuzz target says when something does not hold for an input.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace coldwatch {

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace coldwatch
