#include "agent/rules/formula.hpp"

namespace coldwatch {

extern const bool kHaveFormulas = false;

std::unique_ptr<Formula> Formula::compile(const std::string& /*arithmetic*/,
                                          std::size_t /*operands*/, std::string& error) {
  error =
      "this build of the agent has no expressions, because muParser was not found when it was "
      "made; use rules without `when`, `expression` and derived channels, or another build";
  return nullptr;
}

}  // namespace coldwatch
