#define WIN32_LEAN_AND_MEAN
#include <windows.h>
// shellapi.h needs windows.h before it.
#include <shellapi.h>

#include "common/arguments.hpp"
#include "common/wide_win32.hpp"

namespace coldwatch {

std::vector<std::string> utf8_arguments(int /*argc*/, char** /*argv*/) {
  // argv is in the code page of the system, where a path may have lost its letters.
  std::vector<std::string> arguments;
  int count = 0;
  LPWSTR* wide = CommandLineToArgvW(GetCommandLineW(), &count);
  for (int i = 1; i < count; ++i) arguments.push_back(from_wide(wide[i]));
  LocalFree(wide);
  return arguments;
}

}  // namespace coldwatch
