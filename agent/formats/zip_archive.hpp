// One file out of a zip archive that lies in memory. Whatever is wrong with the archive, as in one
// that is still being written, is a sentence and never half a file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace coldwatch {

/// An entry of the archive's directory, which stands at its end and is written last.
struct ZipEntry {
  std::string name;
  std::string_view packed;  // its bytes in the archive
  bool deflated = false;    // else stored as they are
  std::uint32_t crc = 0;    // of the bytes unpacked
  std::uint64_t size = 0;   // unpacked
};

/// The first entry, in order of the directory, that `wanted` accepts. nullopt, with a sentence in
/// `error`, where there is none, the archive is cut off or damaged, or the entry is encrypted.
std::optional<ZipEntry> find_zip_entry(std::string_view archive,
                                       const std::function<bool(std::string_view name)>& wanted,
                                       std::string& error);

/// Unpacks `entry` piece by piece into `take`, which returns false to stop. False, with a sentence in
/// `error`, where it was stopped, is damaged, larger than `max_bytes`, or not what the directory says.
bool unpack(const ZipEntry& entry, std::uint64_t max_bytes,
            const std::function<bool(std::string_view piece)>& take, std::string& error);

}  // namespace coldwatch
