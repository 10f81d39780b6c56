#include "bridge/ids.hpp"

#include <string_view>

namespace coldwatch {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Appends the lowest 5 * `digits` bits of `value` in Crockford's base 32.
void append(std::string& text, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) text += kDigits[(value >> (5 * i)) & 31];
}

}  // namespace

std::string IdMaker::make(UtcTime now) {
  if (++count_ == 0) ++seed_;
  std::string text;
  append(text, static_cast<std::uint64_t>(now.time_since_epoch().count()) & 0xFFFFFFFFFFFF, 10);
  append(text, seed_, 12);  // the lowest 60 of the 80 random bits come from the seed
  append(text, count_, 4);
  return text;
}

}  // namespace coldwatch
