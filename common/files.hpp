// Whole small files: read within a bound, or replace so that a crash leaves the old one or the new
// one. Paths are UTF-8 on every platform. Fridge logs are not opened here but by agent/source.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coldwatch {

/// The bytes of `path`; nullopt, with a sentence that names the path in `error`, where it cannot be
/// read, is larger than `max_bytes`, or is no regular file (a pipe could keep the program waiting).
std::optional<std::string> read_file(const std::string& path, std::size_t max_bytes,
                                     std::string& error);

/// Writes `content` beside `path` (what is in the way there is removed, and never followed), flushes it
/// to the disk and renames it over `path`. The new file is readable by its owner only. False, with a
/// sentence in `error`, leaves `path` as it was.
[[nodiscard]] bool replace_file(const std::string& path, std::string_view content,
                                std::string& error);

/// Appends `content` to `path`, which is made where there is none, readable by its owner and group, and
/// flushes it to the disk. False, with a sentence in `error`, may leave a part of it in the file.
[[nodiscard]] bool append_to_file(const std::string& path, std::string_view content,
                                  std::string& error);

/// Every user of the machine may read `path`; on Windows by its access list.
bool is_open_to_everyone(const std::string& path);
/// As above, write.
bool is_writable_by_everyone(const std::string& path);

/// The end of a sentence: how that is taken away here.
std::string how_to_close(const std::string& path);
/// A sentence where `path` is not fit to hold a secret: every user may read or write it. "" elsewhere.
std::string fault_as_secret(const std::string& path);

/// Renames `path` to "<path>.damaged" (replacing an older one), so that it can be looked at later.
void set_file_aside(const std::string& path);

}  // namespace coldwatch
