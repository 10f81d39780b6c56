#include "agent/rules/expression.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "agent/rules/kinds/kinds.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

std::unique_ptr<Measure> measure_of(const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::kChannel:
      return make_value({operand.channel});
    case Operand::Kind::kRate:
      return make_slope({operand.channel}, operand.window);
    case Operand::Kind::kAge:
      return make_missing({operand.channel});
    case Operand::Kind::kRatio:
      return make_ratio({operand.channel});
    case Operand::Kind::kPhase:
      return make_phase();
    case Operand::Kind::kPhaseAge:
      return make_phase_age();
    case Operand::Kind::kColdest:
      return make_extreme(Extreme::kColdest);
    case Operand::Kind::kWarmest:
      return make_extreme(Extreme::kWarmest);
  }
  return nullptr;
}

}  // namespace

std::optional<Expression> Expression::read(std::string_view text, std::string& error) {
  auto parts = read_expression_text(text, error);
  if (!parts) return std::nullopt;
  Expression expression;
  expression.formula_ = Formula::compile(parts->arithmetic, parts->operands.size(), error);
  if (!expression.formula_) return std::nullopt;
  expression.operands_ = std::move(parts->operands);
  for (const Operand& operand : expression.operands_) {
    expression.measures_.push_back(measure_of(operand));
  }
  expression.values_.resize(expression.operands_.size());
  return expression;
}

void Expression::bind(const Board& board) {
  inputs_.clear();
  learns_.clear();
  for (const auto& measure : measures_) {
    measure->bind(board);
    std::ranges::copy(measure->inputs(), std::back_inserter(inputs_));
    std::ranges::copy(measure->learns(), std::back_inserter(learns_));
  }
}

double Expression::on_row(const Scene& scene, UtcTime time) {
  bool valid = true;
  for (std::size_t i = 0; i < measures_.size(); ++i) {
    values_[i] = measures_[i]->on_row(scene, time);
    valid = valid && !std::isnan(values_[i]);
  }
  return valid ? formula_->evaluate(values_) : Board::kNoValue;
}

void Expression::check(const Board& board, const std::string& path, Mistakes& mistakes) const {
  const auto words = expression_words();
  for (const std::string& name : channels()) {
    if (!board.find(name)) mistakes.push_back(missing_channel(board, {name}, path, words));
  }
}

std::vector<std::string> Expression::channels() const {
  std::vector<std::string> names;
  for (const Operand& operand : operands_) {
    const bool known = std::ranges::find(names, operand.channel) != names.end();
    if (!operand.channel.empty() && !known) names.push_back(operand.channel);
  }
  return names;
}

std::vector<std::string> Expression::named(const Board& board) const {
  std::vector<std::string> names;
  for (const std::string& name : channels()) {
    if (const auto slot = board.find(name)) names.push_back(board.channel(*slot).name);
  }
  return names;
}

nlohmann::json Expression::state() const {
  nlohmann::json state = nlohmann::json::array();
  for (const auto& measure : measures_) state.push_back(measure->state());
  return state;
}

void Expression::restore(const nlohmann::json& state) {
  for (std::size_t i = 0; i < measures_.size(); ++i) measures_[i]->restore(state.at(i));
}

}  // namespace coldwatch
