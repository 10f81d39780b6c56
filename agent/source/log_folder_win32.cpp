#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>

#include "agent/source/log_folder.hpp"
#include "common/wide_win32.hpp"

namespace coldwatch {
namespace {

constexpr long long kTicksPerMillisecond = 10'000;
constexpr long long kMillisecondsFrom1601To1970 = 11'644'473'600'000;

std::uint64_t join(DWORD high, DWORD low) { return (std::uint64_t{high} << 32) | low; }

UtcTime to_utc(const FILETIME& time) {
  const auto ticks = static_cast<long long>(join(time.dwHighDateTime, time.dwLowDateTime));
  return UtcTime{Milliseconds{ticks / kTicksPerMillisecond - kMillisecondsFrom1601To1970}};
}

FolderItem item_of(const WIN32_FIND_DATAW& found) {
  return {.name = from_wide(found.cFileName),
          .is_folder = (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0,
          .size = join(found.nFileSizeHigh, found.nFileSizeLow),
          .modified = to_utc(found.ftLastWriteTime)};
}

/// A server that cannot be reached is missing as well: its files are not deleted.
FolderLevel refused(const std::string& folder) {
  const DWORD code = GetLastError();
  const bool missing = code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND ||
                       code == ERROR_BAD_NETPATH || code == ERROR_BAD_NET_NAME ||
                       code == ERROR_NOT_READY;
  return {.state = missing ? Listing::State::kMissing : Listing::State::kUnreadable,
          .error = folder + ": " + last_error_text()};
}

}  // namespace

FolderLevel list_level(const std::string& folder) {
  const std::wstring path = to_wide_path(folder);
  const DWORD attributes = GetFileAttributesW(path.c_str());
  if (attributes == INVALID_FILE_ATTRIBUTES) return refused(folder);
  const bool is_file = (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
  const std::wstring slash = path.ends_with(L'\\') ? L"" : L"\\";
  WIN32_FIND_DATAW found{};
  const HANDLE search =
      FindFirstFileExW((is_file ? path : path + slash + L"*").c_str(), FindExInfoBasic, &found,
                       FindExSearchNameMatch, nullptr, 0);
  if (search == INVALID_HANDLE_VALUE) return refused(folder);
  FolderLevel level{.is_file = is_file};
  do {
    const std::wstring_view name = found.cFileName;
    if (name != L"." && name != L"..") level.items.push_back(item_of(found));
  } while (FindNextFileW(search, &found));
  const bool ended = GetLastError() == ERROR_NO_MORE_FILES;
  FindClose(search);
  return ended ? level : refused(folder);
}

}  // namespace coldwatch
