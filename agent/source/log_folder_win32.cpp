#include <windows.h>

#include <utility>

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

/// Of what a search finds, or of the facts of one path.
template <typename Facts>
FolderItem item_of(std::string name, const Facts& found) {
  return {.name = std::move(name),
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

std::optional<FolderItem> ask_item(const std::string& path) {
  WIN32_FILE_ATTRIBUTE_DATA facts{};
  if (!GetFileAttributesExW(to_wide_path(path).c_str(), GetFileExInfoStandard, &facts)) {
    return std::nullopt;
  }
  return item_of(path.substr(path.find_last_of("/\\") + 1), facts);
}

FolderLevel list_level(const std::string& folder, const std::function<void(FolderItem)>& take) {
  const std::wstring path = to_wide_path(folder);
  WIN32_FILE_ATTRIBUTE_DATA facts{};
  if (!GetFileAttributesExW(path.c_str(), GetFileExInfoStandard, &facts)) return refused(folder);
  const std::wstring slash = path.ends_with(L'\\') ? L"" : L"\\";
  WIN32_FIND_DATAW found{};
  const HANDLE search = FindFirstFileExW((path + slash + L"*").c_str(), FindExInfoBasic, &found,
                                         FindExSearchNameMatch, nullptr, 0);
  if (search == INVALID_HANDLE_VALUE) return refused(folder);
  FolderLevel level{.modified = to_utc(facts.ftLastWriteTime)};
  do {
    const std::wstring_view name = found.cFileName;
    if (name != L"." && name != L"..") take(item_of(from_wide(name), found));
  } while (FindNextFileW(search, &found));
  const bool ended = GetLastError() == ERROR_NO_MORE_FILES;
  FindClose(search);
  return ended ? level : refused(folder);
}

}  // namespace coldwatch
