#include <muParser.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "agent/rules/formula.hpp"

namespace coldwatch {
namespace {

class MuFormula final : public Formula {
 public:
  MuFormula(const std::string& arithmetic, std::size_t operands) : values_(operands, 1.0) {
    for (std::size_t i = 0; i < operands; ++i) {
      parser_.DefineVar("o" + std::to_string(i), &values_[i]);
    }
    parser_.SetExpr(arithmetic);
    parser_.Eval();  // compiles, and throws where it cannot
    if (parser_.GetNumResults() != 1) throw mu::ParserError("expected one result, not a list");
  }

  double evaluate(std::span<const double> values) override {
    std::ranges::copy(values, values_.begin());
    const double result = parser_.Eval();
    return std::isfinite(result) ? result : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  std::vector<double> values_;
  mu::Parser parser_;
};

}  // namespace

extern const bool kHaveFormulas = true;

std::unique_ptr<Formula> Formula::compile(const std::string& arithmetic, std::size_t operands,
                                          std::string& error) {
  try {
    return std::make_unique<MuFormula>(arithmetic, operands);
  } catch (const mu::ParserError& wrong) {
    error = "cannot be read as an expression: " + wrong.GetMsg();
    return nullptr;
  }
}

}  // namespace coldwatch
