// Tells whether a file is still the one that was read: by a hash of its first bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/source/log_file.hpp"

namespace coldwatch {

/// So much of the start of a file tells it from another: the headers of logs name a date in it.
inline constexpr std::size_t kFingerprintBytes = 1024;
/// Fewer could be those of any file.
inline constexpr std::size_t kFewestTellingBytes = 64;

/// "<count>:<hash>" of the first kFingerprintBytes of `head`, or of all where there are fewer.
std::string fingerprint(std::string_view head);

/// Does `file` still begin with what `known` was made of? False for a file that is shorter, nullopt
/// where it cannot be read.
std::optional<bool> begins_with(LogFile& file, std::string_view known);

/// How many bytes `known` was made of; 0 for a text that is no fingerprint.
std::size_t fingerprint_bytes(std::string_view known);

}  // namespace coldwatch
