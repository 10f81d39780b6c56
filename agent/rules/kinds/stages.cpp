// The phase as a number, and the coldest and the warmest thermometer, for expressions.
#include <cmath>

#include "agent/rules/kinds/kinds.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

/// A measure of all thermometers of the cryostat, which are in kelvin; water and oil are not. A set
/// point is no reading.
class Thermometers : public Measure {
 public:
  void bind(const Board& board) override {
    slots_.clear();
    factors_.clear();
    for (Board::Slot slot = 0; slot < board.size(); ++slot) {
      const Channel& channel = board.channel(slot);
      if (channel.quantity != "temperature" || (channel.unit != "K" && channel.unit != "mK"))
        continue;
      if (lower_ascii(channel.name).find("set") != std::string::npos) continue;
      slots_.push_back(slot);
      factors_.push_back(channel.unit == "K" ? 1.0 : 1e-3);
    }
  }
  std::span<const Board::Slot> inputs() const override { return slots_; }
  void check(const Board& /*board*/, const std::string& /*path*/,
             Mistakes& /*mistakes*/) const override {}

 protected:
  std::vector<Board::Slot> slots_;
  std::vector<double> factors_;  // kelvin in one unit of the slot
};

class PhaseNumber final : public Thermometers {
 public:
  double on_row(const Scene& scene, UtcTime /*time*/) override {
    const Phase phase = scene.phase.phase();
    return phase == Phase::kUnknown ? Board::kNoValue : static_cast<double>(phase);
  }
};

class PhaseAge final : public Thermometers {
 public:
  double on_row(const Scene& scene, UtcTime time) override {
    if (scene.phase.phase() == Phase::kUnknown) return Board::kNoValue;
    return std::chrono::duration<double>(time - scene.phase.since()).count();
  }
};

class ExtremeTemperature final : public Thermometers {
 public:
  ExtremeTemperature(Extreme extreme, std::optional<Milliseconds> max_age)
      : extreme_(extreme), max_age_(max_age) {}

  double on_row(const Scene& scene, UtcTime time) override {
    double found = Board::kNoValue;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (max_age_ && time - scene.board[slots_[i]].time > *max_age_) continue;
      const double value = scene.board[slots_[i]].value * factors_[i];
      found = extreme_ == Extreme::kColdest ? std::fmin(found, value) : std::fmax(found, value);
    }
    return found;
  }
  std::string unit(const Board& /*board*/) const override { return "K"; }

 private:
  Extreme extreme_;
  std::optional<Milliseconds> max_age_;
};

}  // namespace

std::unique_ptr<Measure> make_phase() { return std::make_unique<PhaseNumber>(); }

std::unique_ptr<Measure> make_phase_age() { return std::make_unique<PhaseAge>(); }

std::unique_ptr<Measure> make_extreme(Extreme extreme, std::optional<Milliseconds> max_age) {
  return std::make_unique<ExtremeTemperature>(extreme, max_age);
}

}  // namespace coldwatch
