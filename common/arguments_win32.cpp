#include <windows.h>
// shellapi.h needs windows.h before it.
#include <shellapi.h>

#include <filesystem>

#include "common/arguments.hpp"
#include "common/wide_win32.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestPathUnits = 32768;

}  // namespace

std::vector<std::string> utf8_arguments(int /*argc*/, char** /*argv*/) {
  // argv is in the code page of the system, where a path may have lost its letters.
  std::vector<std::string> arguments;
  int count = 0;
  LPWSTR* wide = CommandLineToArgvW(GetCommandLineW(), &count);
  for (int i = 1; i < count; ++i) arguments.push_back(from_wide(wide[i]));
  LocalFree(wide);
  return arguments;
}

std::string program_folder() {
  std::wstring path(kLongestPathUnits, L'\0');
  const DWORD length = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
  if (length == 0 || length == path.size()) return "";
  const std::u8string folder =
      std::filesystem::path{path.substr(0, length)}.parent_path().generic_u8string();
  return {folder.begin(), folder.end()};
}

}  // namespace coldwatch
