#include "bridge/ids.hpp"

namespace coldwatch {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Appends the lowest 5 * `digits` bits of `value` in Crockford's base 32.
void append(std::string& text, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) text += kDigits[(value >> (5 * i)) & 31];
}

/// FNV-1a, begun from `seed`.
std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash ^ (hash >> 29);
}

std::string begin_with(UtcTime time) {
  std::string text;
  append(text, static_cast<std::uint64_t>(time.time_since_epoch().count()) & 0xFFFFFFFFFFFF, 10);
  return text;
}

}  // namespace

std::string IdMaker::make(UtcTime now) {
  if (++count_ == 0) ++seed_;
  std::string text = begin_with(now);
  append(text, seed_, 12);  // the lowest 60 of the 80 random bits come from the seed
  append(text, count_, 4);
  return text;
}

std::string id_of(UtcTime time, std::string_view origin) {
  std::string text = begin_with(time);
  append(text, hash_of(origin, 0xCBF29CE484222325), 8);
  append(text, hash_of(origin, 0x9E3779B97F4A7C15), 8);
  return text;
}

}  // namespace coldwatch
