// UTF-8 and the UTF-16 of the Windows interfaces, for *_win32.cpp files only.
#pragma once

#include <string>
#include <string_view>

namespace coldwatch {

std::wstring to_wide(std::string_view utf8);
std::string from_wide(std::wstring_view wide);

/// `path` in the form that has no limit of 260 characters where it is absolute.
std::wstring to_wide_path(std::string_view utf8_path);

/// The system's sentence for the calling thread's last error.
std::string last_error_text();

}  // namespace coldwatch
