#include "agent/event_id.hpp"

#include <cstdint>

namespace coldwatch {
namespace {

// FNV-1a, 64 bit (draft-eastlake-fnv): identities need no secrecy, only few collisions.
constexpr std::uint64_t kOffset = 0xcbf29ce484222325;
constexpr std::uint64_t kPrime = 0x100000001b3;

std::uint64_t add(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  return (hash ^ 0xFF) * kPrime;  // 0xFF occurs in no UTF-8 text: it marks the end of a part
}

void append_hex(std::string& out, std::uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[value >> shift & 15];
}

}  // namespace

std::string event_id(std::initializer_list<std::string_view> parts) {
  std::uint64_t first = kOffset;
  std::uint64_t second = add(kOffset, "second");
  for (const std::string_view part : parts) {
    first = add(first, part);
    second = add(second, part);
  }
  std::string id;
  append_hex(id, first);
  append_hex(id, second);
  return id;
}

}  // namespace coldwatch
