// The language of `when`, `expression` and derived channels, as far as it is ours: which words name
// something of the fridge. What remains is plain arithmetic over numbered operands, for formula.hpp.
//
//   channels      by key (MC_RuO2_T_K), by name in quotes ("MC RuO2 T(K)"), by a name of the library
//   rate(T, 10m)  change per minute over a window     age(T)    seconds since the last good value
//   ratio(T)      value / learned baseline            phase     compared with a phase in quotes
//   phase_age     seconds since the phase began
//   any T < 100 K   coldest < 100: true if one good thermometer is below (likewise > and all);
//                   coldest and warmest are those of all channels in K or mK, in kelvin
//   and or        as && and ||; "=" as "=="; functions min max abs sqrt exp ln log10 sign rint
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/time.hpp"

namespace coldwatch {

struct Operand {
  enum class Kind { kChannel, kRate, kAge, kRatio, kPhase, kPhaseAge, kColdest, kWarmest };
  Kind kind = Kind::kChannel;
  std::string channel;     // "" for the last four
  Milliseconds window{0};  // of a rate
  bool operator==(const Operand&) const = default;
};

struct ExpressionText {
  std::string arithmetic;         // "o0 < 100 && o1 == 4"
  std::vector<Operand> operands;  // o0, o1, ...
};

inline constexpr std::size_t kLongestExpressionBytes = 1000;
inline constexpr std::size_t kMostOperands = 32;

/// nullopt, with a sentence in `error`, for an unknown function or phase, a bad window, a quote without
/// its end, a character that no expression has, and for too much of anything.
std::optional<ExpressionText> read_expression_text(std::string_view text, std::string& error);

/// Words that stand where a channel may: phase, coldest, ...
std::vector<std::string> expression_words();

}  // namespace coldwatch
