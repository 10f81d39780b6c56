// One rule at work: its measure, its judge, and what is now true of it in words.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "agent/rules/engine.hpp"
#include "agent/rules/rule_settings.hpp"
#include "agent/rules/trend.hpp"

namespace coldwatch {

class Rule {
 public:
  Rule(ReadRule read, std::string fridge);

  void bind(const Board& board);
  std::span<const Board::Slot> inputs() const { return measure_->inputs(); }

  /// After a row. `fresh` where the row had one of the inputs; other rows only let time pass, which
  /// matters to holds and pending snapshots.
  void on_row(const Board& board, UtcTime time, bool fresh, std::vector<Transition>& out);
  /// True where a row without fresh inputs can change something.
  bool waits_for_time() const { return judge_.waiting() || !snapshots_.empty(); }

  /// The state of an alarm; nullopt for a notice, which has none.
  std::optional<AlarmMessage> message(const Board& board) const;

  void check(const Board& board, Mistakes& mistakes) const;
  const RuleSettings& settings() const { return settings_; }

  nlohmann::json state() const;
  /// Takes over what state() of a rule with the same settings gave; the state of other settings
  /// changes nothing. Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);
  /// As at a first start.
  void forget();

 private:
  struct Snapshot {
    UtcTime due;
    std::string text;
  };

  void take_snapshots(const Board& board, UtcTime time, std::vector<Transition>& out);
  void tell(const Judge::Verdict& verdict, const Board& board, std::vector<Transition>& out);
  AlarmMessage compose(const Board& board) const;

  RuleSettings settings_;
  std::string fridge_;
  std::unique_ptr<Measure> measure_;
  Judge judge_;
  Trend trend_;
  std::string text_;  // of the present side, as it was announced
  UtcTime since_{};   // of the present state
  UtcTime judged_{};  // the newest row with a number
  double value_;      // that number; NaN before the first
  std::vector<Snapshot> snapshots_;
};

}  // namespace coldwatch
