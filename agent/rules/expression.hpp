// An expression over the channels of a fridge (expression_text.hpp has the language). One operand that
// has no valid value makes the whole expression invalid, not zero.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/rules/expression_text.hpp"
#include "agent/rules/formula.hpp"
#include "agent/rules/measure.hpp"

namespace coldwatch {

class Expression {
 public:
  /// nullopt, with a sentence in `error`, for what is no expression.
  static std::optional<Expression> read(std::string_view text, std::string& error);

  void bind(const Board& board);
  std::span<const Board::Slot> inputs() const { return inputs_; }
  std::span<const Board::Slot> learns() const { return learns_; }
  /// Call for every row that has an input; NaN where an operand has no valid value.
  double on_row(const Scene& scene, UtcTime time);
  /// Adds a mistake at `path` for each channel that the board does not have.
  void check(const Board& board, const std::string& path, Mistakes& mistakes) const;
  /// Names of the channels, as written.
  std::vector<std::string> channels() const;
  /// The names in the log of those that it has.
  std::vector<std::string> named(const Board& board) const;

  nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);

 private:
  std::vector<Operand> operands_;
  std::vector<std::unique_ptr<Measure>> measures_;  // of the operands
  std::unique_ptr<Formula> formula_;
  std::vector<double> values_;
  std::vector<Board::Slot> inputs_;
  std::vector<Board::Slot> learns_;
};

}  // namespace coldwatch
