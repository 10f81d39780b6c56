#include <windows.h>

#include <algorithm>

#include "agent/source/log_file.hpp"
#include "common/wide_win32.hpp"

namespace coldwatch {
namespace {

HANDLE to_handle(std::intptr_t value) { return reinterpret_cast<HANDLE>(value); }

std::uint64_t join(DWORD high, DWORD low) { return (std::uint64_t{high} << 32) | low; }

bool is_missing(DWORD code) {
  return code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND ||
         code == ERROR_DELETE_PENDING;
}

}  // namespace

LogFile::LogFile(const std::string& path) : path_(path) {
  const HANDLE handle = CreateFileW(to_wide_path(path).c_str(), GENERIC_READ,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (handle == INVALID_HANDLE_VALUE) {
    const DWORD code = GetLastError();
    refuse(is_missing(code) ? State::kMissing : State::kUnreadable, path, last_error_text());
    return;
  }
  handle_ = reinterpret_cast<std::intptr_t>(handle);
  BY_HANDLE_FILE_INFORMATION facts{};
  if (!GetFileInformationByHandle(handle, &facts)) {
    refuse(State::kUnreadable, path, last_error_text());
    return;
  }
  state_ = State::kOpen;
  identity_ = std::to_string(facts.dwVolumeSerialNumber) + ":" +
              std::to_string(join(facts.nFileIndexHigh, facts.nFileIndexLow));
  size_ = join(facts.nFileSizeHigh, facts.nFileSizeLow);
  changed_ = static_cast<std::int64_t>(
      join(facts.ftLastWriteTime.dwHighDateTime, facts.ftLastWriteTime.dwLowDateTime));
}

LogFile::~LogFile() {
  if (handle_ != -1) CloseHandle(to_handle(handle_));
}

std::optional<std::size_t> LogFile::read(std::uint64_t offset, std::span<char> to) {
  std::size_t done = 0;
  while (done < to.size()) {
    OVERLAPPED where{};
    where.Offset = static_cast<DWORD>(offset + done);
    where.OffsetHigh = static_cast<DWORD>((offset + done) >> 32);
    const auto wanted = static_cast<DWORD>(std::min<std::size_t>(to.size() - done, 1U << 30));
    DWORD count = 0;
    if (!ReadFile(to_handle(handle_), to.data() + done, wanted, &count, &where)) {
      if (GetLastError() == ERROR_HANDLE_EOF) break;
      error_ = path_ + ": " + last_error_text();
      return std::nullopt;
    }
    if (count == 0) break;
    done += count;
  }
  return done;
}

}  // namespace coldwatch
