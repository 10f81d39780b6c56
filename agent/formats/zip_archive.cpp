#include "agent/formats/zip_archive.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>

namespace coldwatch {
namespace {

// Fields of the records, as offsets from their signatures (PKWARE APPNOTE 4.3).
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kDirectorySignature = 0x02014b50;
constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kDirectoryBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kLongestComment = 65535;
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr unsigned kEncrypted = 1;
constexpr unsigned kStored = 0;
constexpr unsigned kDeflated = 8;

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint32_t value = 0;
  for (std::size_t i = width; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

bool has_signature(std::string_view bytes, std::size_t at, std::size_t length,
                   std::uint32_t signature) {
  return at <= bytes.size() && bytes.size() - at >= length && number(bytes, at, 4) == signature;
}

/// Where the directory's own record at the end begins; npos where there is none.
std::size_t find_end(std::string_view archive) {
  if (archive.size() < kEndBytes) return std::string_view::npos;
  const std::size_t last = archive.size() - kEndBytes;
  const std::size_t first = last > kLongestComment ? last - kLongestComment : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (number(archive, at, 4) == kEndSignature) return at;
  }
  return std::string_view::npos;
}

/// The packed bytes of the entry whose local header stands at `at`; nullopt where they are not all
/// there.
std::optional<std::string_view> packed_bytes(std::string_view archive, std::size_t at,
                                             std::size_t length) {
  if (!has_signature(archive, at, kLocalBytes, kLocalSignature)) return std::nullopt;
  const std::size_t data =
      at + kLocalBytes + number(archive, at + 26, 2) + number(archive, at + 28, 2);
  if (data > archive.size() || archive.size() - data < length) return std::nullopt;
  return archive.substr(data, length);
}

/// Closes a zlib stream on every way out.
struct InflateEnd {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

bool inflate_all(const ZipEntry& entry, const std::function<bool(std::string_view)>& emit,
                 std::string& error) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
    error = "zlib could not start";
    return false;
  }
  const std::unique_ptr<z_stream, InflateEnd> owner{&stream};
  // zlib only reads from next_in, although its type says otherwise.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(entry.packed.data()));
  stream.avail_in = static_cast<uInt>(entry.packed.size());
  std::array<char, kPieceBytes> piece;
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = piece.size();
    const int result = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = piece.size() - stream.avail_out;
    if (got > 0 && !emit({piece.data(), got})) return false;
    if (result == Z_STREAM_END) return true;
    if (result != Z_OK || got == 0) {
      error = entry.name +
              " cannot be inflated: " + (stream.msg != nullptr ? stream.msg : "it ends too early");
      return false;
    }
  }
}

}  // namespace

std::optional<ZipEntry> find_zip_entry(std::string_view archive,
                                       const std::function<bool(std::string_view name)>& wanted,
                                       std::string& error) {
  error = "the archive is cut off or damaged";
  const std::size_t end = find_end(archive);
  if (end == std::string_view::npos) return std::nullopt;
  std::size_t at = number(archive, end + 16, 4);
  for (std::uint32_t left = number(archive, end + 10, 2); left > 0; --left) {
    if (!has_signature(archive, at, kDirectoryBytes, kDirectorySignature)) return std::nullopt;
    const std::size_t name_bytes = number(archive, at + 28, 2);
    if (archive.size() - at - kDirectoryBytes < name_bytes) return std::nullopt;
    const std::string_view name = archive.substr(at + kDirectoryBytes, name_bytes);
    if (wanted(name)) {
      const auto packed =
          packed_bytes(archive, number(archive, at + 42, 4), number(archive, at + 20, 4));
      if (!packed) return std::nullopt;
      const unsigned method = number(archive, at + 10, 2);
      if ((number(archive, at + 8, 2) & kEncrypted) != 0 ||
          (method != kStored && method != kDeflated)) {
        error = std::string{name} + " is encrypted or packed in an unknown way";
        return std::nullopt;
      }
      return ZipEntry{std::string{name}, *packed, method == kDeflated, number(archive, at + 16, 4),
                      number(archive, at + 24, 4)};
    }
    at += kDirectoryBytes + name_bytes + number(archive, at + 30, 2) + number(archive, at + 32, 2);
  }
  error = "the archive does not hold the file that was looked for";
  return std::nullopt;
}

bool unpack(const ZipEntry& entry, std::uint64_t max_bytes,
            const std::function<bool(std::string_view piece)>& take, std::string& error) {
  if (entry.size > max_bytes) {
    error = entry.name + " unpacks to " + std::to_string(entry.size) + " bytes, expected at most " +
            std::to_string(max_bytes);
    return false;
  }
  std::uint64_t size = 0;
  uLong crc = crc32(0, nullptr, 0);
  const auto emit = [&](std::string_view piece) {
    size += piece.size();
    if (size > entry.size) {
      error = entry.name + " is larger than the archive's directory says";
      return false;
    }
    crc = crc32(crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size()));
    return take(piece);
  };
  const bool whole = entry.deflated ? inflate_all(entry, emit, error) : emit(entry.packed);
  if (!whole) return false;
  if (size == entry.size && crc == entry.crc) return true;
  error = entry.name + " is damaged: its check sum differs";
  return false;
}

}  // namespace coldwatch
