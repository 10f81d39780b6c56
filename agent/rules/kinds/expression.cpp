// The value of an expression over channels; a comparison counts as 1 where it is true and 0 where not.
#include "agent/rules/expression.hpp"

#include "agent/rules/kinds/kinds.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

class ExpressionMeasure final : public Measure {
 public:
  explicit ExpressionMeasure(Expression expression) : expression_(std::move(expression)) {}

  void bind(const Board& board) override { expression_.bind(board); }
  std::span<const Board::Slot> inputs() const override { return expression_.inputs(); }
  std::span<const Board::Slot> learns() const override { return expression_.learns(); }
  double on_row(const Scene& scene, UtcTime time) override {
    return expression_.on_row(scene, time);
  }
  std::optional<double> usual_limit() const override { return 0.5; }
  void check(const Board& board, const std::string& path, Mistakes& mistakes) const override {
    expression_.check(board, path + ".expression", mistakes);
  }
  std::vector<std::string> named(const Board& board) const override {
    return expression_.named(board);
  }
  nlohmann::json state() const override { return expression_.state(); }
  void restore(const nlohmann::json& state) override { expression_.restore(state); }

 private:
  Expression expression_;
};

std::unique_ptr<Measure> read(SettingsReader& rule) {
  const std::string text = rule.required_text("expression");
  if (text.empty()) return nullptr;
  std::string error;
  auto expression = Expression::read(text, error);
  if (!expression) {
    rule.mistake("expression", "\"" + text + "\": " + error);
    return nullptr;
  }
  return std::make_unique<ExpressionMeasure>(std::move(*expression));
}

}  // namespace

extern const MeasureKind kExpression{"expression", read};

}  // namespace coldwatch
