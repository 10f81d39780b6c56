#include "common/wide_win32.hpp"

#include <windows.h>

#include <algorithm>

namespace coldwatch {

std::wstring to_wide(std::string_view utf8) {
  const int size = static_cast<int>(utf8.size());
  std::wstring wide(
      static_cast<std::size_t>(MultiByteToWideChar(CP_UTF8, 0, utf8.data(), size, nullptr, 0)),
      L'\0');
  MultiByteToWideChar(CP_UTF8, 0, utf8.data(), size, wide.data(), static_cast<int>(wide.size()));
  return wide;
}

std::string from_wide(std::wstring_view wide) {
  const int size = static_cast<int>(wide.size());
  std::string utf8(static_cast<std::size_t>(WideCharToMultiByte(CP_UTF8, 0, wide.data(), size,
                                                                nullptr, 0, nullptr, nullptr)),
                   '\0');
  WideCharToMultiByte(CP_UTF8, 0, wide.data(), size, utf8.data(), static_cast<int>(utf8.size()),
                      nullptr, nullptr);
  return utf8;
}

std::wstring to_wide_path(std::string_view utf8_path) {
  std::wstring path = to_wide(utf8_path);
  std::ranges::replace(path, L'/', L'\\');
  const bool drive = path.size() > 3 && path[1] == L':' && path[2] == L'\\';
  const bool share = path.starts_with(L"\\\\") && !path.starts_with(L"\\\\?\\");
  if (drive) return L"\\\\?\\" + path;
  if (share) return L"\\\\?\\UNC" + path.substr(1);
  return path;
}

std::string last_error_text() {
  const DWORD code = GetLastError();
  wchar_t buffer[512];
  const DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                                      nullptr, code, 0, buffer, 512, nullptr);
  std::string text = from_wide({buffer, length});
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == '.')) {
    text.pop_back();
  }
  return text + " (error " + std::to_string(code) + ")";
}

}  // namespace coldwatch
