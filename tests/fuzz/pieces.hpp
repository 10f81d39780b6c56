// Cuts the input of a fuzz target into what arrives one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace coldwatch {

inline constexpr std::size_t kMostPieces = 64;

/// Calls `take(choice, payload)` for each piece: a byte that chooses, and what follows up to a NUL.
template <typename Take>
void for_each_piece(std::string_view input, Take take) {
  for (std::size_t piece = 0; piece < kMostPieces && !input.empty(); ++piece) {
    const auto choice = static_cast<std::uint8_t>(input[0]);
    const std::size_t end = input.find('\0', 1);
    take(choice, input.substr(1, end == input.npos ? end : end - 1));
    input.remove_prefix(end == input.npos ? input.size() : end + 1);
  }
}

}  // namespace coldwatch
