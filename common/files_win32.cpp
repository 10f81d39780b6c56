#include <aclapi.h>
#include <windows.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "common/files.hpp"
#include "common/wide_win32.hpp"

namespace coldwatch {
namespace {

constexpr int kReplaceTries = 5;
constexpr DWORD kReplacePauseMs = 20;

class Handle {
 public:
  explicit Handle(HANDLE handle) : handle_(handle) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (valid()) CloseHandle(handle_);
  }
  bool valid() const { return handle_ != INVALID_HANDLE_VALUE; }
  HANDLE get() const { return handle_; }

 private:
  HANDLE handle_;
};

std::string reason(const std::string& path, const char* what) {
  return path + ": " + what + ": " + last_error_text();
}

bool write_all(HANDLE file, std::string_view content) {
  while (!content.empty()) {
    DWORD written = 0;
    if (!WriteFile(file, content.data(), static_cast<DWORD>(content.size()), &written, nullptr)) {
      return false;
    }
    content.remove_prefix(written);
  }
  return FlushFileBuffers(file) != 0;
}

/// The groups that everybody who can use the machine belongs to.
bool is_everyone(PSID who) {
  constexpr std::array kEveryone{WinWorldSid, WinAuthenticatedUserSid, WinBuiltinUsersSid};
  return std::ranges::any_of(kEveryone,
                             [who](auto group) { return IsWellKnownSid(who, group) != 0; });
}

bool lets_everyone(DWORD rights, PACL list) {
  if (list == nullptr) return true;  // no list at all forbids nothing
  for (DWORD i = 0; i < list->AceCount; ++i) {
    void* entry = nullptr;
    if (!GetAce(list, i, &entry)) continue;
    auto* allowed = static_cast<ACCESS_ALLOWED_ACE*>(entry);
    const bool counts = allowed->Header.AceType == ACCESS_ALLOWED_ACE_TYPE &&
                        (allowed->Header.AceFlags & INHERIT_ONLY_ACE) == 0;
    if (counts && (allowed->Mask & rights) != 0 && is_everyone(&allowed->SidStart)) return true;
  }
  return false;
}

bool everyone_may(DWORD rights, const std::string& path) {
  std::wstring wide = to_wide_path(path);
  PACL list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (GetNamedSecurityInfoW(wide.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr,
                            nullptr, &list, nullptr, &descriptor) != ERROR_SUCCESS) {
    return false;
  }
  const bool may = lets_everyone(rights, list);
  LocalFree(descriptor);
  return may;
}

}  // namespace

bool is_open_to_everyone(const std::string& path) {
  return everyone_may(FILE_READ_DATA | GENERIC_READ | GENERIC_ALL, path);
}

bool is_writable_by_everyone(const std::string& path) {
  return everyone_may(
      FILE_WRITE_DATA | FILE_APPEND_DATA | WRITE_DAC | WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL,
      path);
}

std::string how_to_close(const std::string& path) {
  const std::wstring folder = std::filesystem::absolute(to_wide(path)).parent_path().wstring();
  const std::string icacls = "icacls \"" + from_wide(folder) + "\"";
  return "from its folder with " + icacls + " /inheritance:d and " + icacls +
         " /remove *S-1-1-0 *S-1-5-11 *S-1-5-32-545";
}

std::optional<std::string> read_file(const std::string& path, std::size_t max_bytes,
                                     std::string& error) {
  const Handle file{CreateFileW(to_wide_path(path).c_str(), GENERIC_READ,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr)};
  if (!file.valid()) {
    error = reason(path, "cannot be opened");
    return std::nullopt;
  }
  std::string content;
  char buffer[16384];
  for (;;) {
    DWORD count = 0;
    if (!ReadFile(file.get(), buffer, sizeof buffer, &count, nullptr)) {
      error = reason(path, "cannot be read");
      return std::nullopt;
    }
    if (count == 0) return content;
    content.append(buffer, count);
    if (content.size() > max_bytes) {
      error = path + ": is larger than " + std::to_string(max_bytes) + " bytes";
      return std::nullopt;
    }
  }
}

bool replace_file(const std::string& path, std::string_view content, std::string& error) {
  const std::string beside = path + ".new";
  {
    const Handle file{CreateFileW(to_wide_path(beside).c_str(), GENERIC_WRITE, 0, nullptr,
                                  CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr)};
    if (!file.valid()) {
      error = reason(beside, "cannot be created");
      return false;
    }
    if (!write_all(file.get(), content)) {
      error = reason(beside, "cannot be written");
      return false;
    }
  }
  // A virus scanner or a backup may hold the old file for a moment.
  for (int attempt = 0; attempt < kReplaceTries; ++attempt) {
    if (MoveFileExW(to_wide_path(beside).c_str(), to_wide_path(path).c_str(),
                    MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
      return true;
    }
    error = reason(path, "cannot be replaced");
    Sleep(kReplacePauseMs);
  }
  return false;
}

bool append_to_file(const std::string& path, std::string_view content, std::string& error) {
  const Handle file{CreateFileW(to_wide_path(path).c_str(), FILE_APPEND_DATA,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr)};
  if (!file.valid()) {
    error = reason(path, "cannot be opened");
    return false;
  }
  if (!write_all(file.get(), content)) {
    error = reason(path, "cannot be written");
    return false;
  }
  return true;
}

void set_file_aside(const std::string& path) {
  MoveFileExW(to_wide_path(path).c_str(), to_wide_path(path + ".damaged").c_str(),
              MOVEFILE_REPLACE_EXISTING);
}

}  // namespace coldwatch
