// Arithmetic over numbered operands o0, o1, ...: the only user of muParser. A build without muParser
// compiles formula_absent.cpp instead, says so, and has no expressions.
#pragma once

#include <memory>
#include <span>
#include <string>

namespace coldwatch {

/// Was this program built with expressions?
extern const bool kHaveFormulas;

class Formula {
 public:
  /// nullptr, with a sentence in `error`, for what is not arithmetic over `operands` operands.
  static std::unique_ptr<Formula> compile(const std::string& arithmetic, std::size_t operands,
                                          std::string& error);
  virtual ~Formula() = default;
  /// The result for these values of the operands; NaN where it is not a finite number.
  virtual double evaluate(std::span<const double> values) = 0;
};

}  // namespace coldwatch
