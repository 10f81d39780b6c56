#include "agent/source/fingerprint.hpp"

#include <cstdint>
#include <cstdio>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::uint64_t kFnvBasis = 0xcbf29ce484222325;
constexpr std::uint64_t kFnvPrime = 0x100000001b3;

std::string hash(std::string_view bytes) {
  std::uint64_t value = kFnvBasis;
  for (const char byte : bytes) {
    value = (value ^ static_cast<unsigned char>(byte)) * kFnvPrime;
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

}  // namespace

std::string fingerprint(std::string_view head) {
  head = head.substr(0, kFingerprintBytes);
  return std::to_string(head.size()) + ":" + hash(head);
}

std::size_t fingerprint_bytes(std::string_view known) {
  const auto count = parse_integer(known.substr(0, known.find(':')));
  if (!count || *count < 0 || *count > static_cast<long long>(kFingerprintBytes)) return 0;
  return static_cast<std::size_t>(*count);
}

std::optional<bool> begins_with(LogFile& file, std::string_view known) {
  const auto head = read_some(file, 0, fingerprint_bytes(known));
  if (!head) return std::nullopt;
  return fingerprint(*head) == known;
}

}  // namespace coldwatch
