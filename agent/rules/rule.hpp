// One rule at work: its measure, its judge, what arms it, and what is now true of it in words.
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
  /// Slots whose new values can change something; empty where a channel is missing.
  std::span<const Board::Slot> inputs() const { return inputs_; }
  /// Slots whose baselines are to be learned.
  std::vector<Board::Slot> learns() const;

  /// After a row. `fresh` where the row had one of the inputs; other rows only let time pass, which
  /// matters to holds and pending snapshots.
  void on_row(const Scene& scene, UtcTime time, bool fresh, std::vector<Transition>& out);
  /// True where a row without fresh inputs can change something.
  bool waits_for_time() const { return judge_.waiting() || !snapshots_.empty(); }
  void on_tick(const Silence& silence, const Scene& scene, std::vector<Transition>& out);

  bool active() const { return judge_.side() && judge_.side() == settings_.limits.alarm; }
  /// Is an alarm active or about to be? Then nothing is learned.
  bool troubled() const { return settings_.limits.alarm && (active() || judge_.waiting()); }

  /// The state of an alarm; nullopt for a notice, which has none, and for a rule of the library that
  /// does not fit the log.
  std::optional<AlarmMessage> message(const Board& board) const;
  /// Does the log have all it needs? As of the last bind().
  bool fits() const { return fits_; }

  RuleTally tally(const Board& board) const;
  RuleStanding standing(const Board& board) const;

  /// Adds what is wrong against the channels of a log.
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

  bool armed() const { return !when_ || armed_ == true; }
  void count(UtcTime time, double value, bool armed);
  void judge(UtcTime time, double value, const Scene& scene, std::vector<Transition>& out);
  void disarm(UtcTime time, const Scene& scene, std::vector<Transition>& out);
  bool kept(const Scene& scene) const;
  void take_snapshots(const Board& board, UtcTime time, std::vector<Transition>& out);
  void tell(const Judge::Verdict& verdict, std::string text, const Board& board,
            std::vector<Transition>& out);
  std::string words_of(const Judge::Verdict& verdict, const Board& board) const;
  AlarmMessage compose(const Board& board) const;

  RuleSettings settings_;
  std::string fridge_;
  std::unique_ptr<Measure> measure_;
  std::optional<Expression> when_;
  std::vector<Board::Slot> inputs_;
  bool fits_ = false;
  Judge judge_;
  Trend trend_;
  std::optional<bool> armed_;       // nullopt before `when` could be told
  std::string text_;                // of the present side, as it was announced
  UtcTime since_{};                 // of the present state
  UtcTime judged_{};                // the newest row with a number
  double value_ = Board::kNoValue;  // that number
  std::vector<Snapshot> snapshots_;
  double seen_ = Board::kNoValue;  // the newest number, armed or not; only for people who look
  UtcTime seen_time_{};
  RuleTally tally_;  // only its counts
};

}  // namespace coldwatch
