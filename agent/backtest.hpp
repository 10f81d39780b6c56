// Tries rules on history before anybody trusts them: how often would each have fired, when, for how
// long, how near did it come, and which could never have fired?
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/looks.hpp"
#include "agent/rules/engine.hpp"

namespace coldwatch {

/// One time at which a rule was active; for a notice, one announcement.
struct Firing {
  UtcTime since;               // when the limit was crossed
  UtcTime raised;              // when it was told, after its hold
  std::optional<UtcTime> end;  // nullopt where the log ends first
  std::string text;
};

struct BacktestedRule {
  RuleTally tally;
  std::size_t fired = 0;
  std::vector<Firing> firings;  // the first kMostFirings
  Milliseconds active{0};       // all together
  /// Of the firing told nearest to the event: when it was told, minus the event.
  std::optional<Milliseconds> lag;
};

struct BacktestReport {
  std::uint64_t rows = 0;
  UtcTime first{};
  UtcTime last{};
  std::optional<UtcTime> event;
  std::vector<BacktestedRule> rules;
};

/// Lives through rows as the agent would have, with a look at the silence between them every minute.
class Backtest {
 public:
  static constexpr std::size_t kMostFirings = 1000;

  Backtest(RuleEngine engine, std::optional<UtcTime> event);

  void on_row(const std::string& stream, const SharedChannels& channels, const RowView& row);
  std::uint64_t rows() const { return report_.rows; }
  /// The report on everything so far.
  BacktestReport report() const;

 private:
  void take(const std::vector<Transition>& transitions);
  void keep(BacktestedRule& rule, Firing firing);

  RuleEngine engine_;
  std::optional<UtcTime> event_;
  TickFacts facts_;
  Looks looks_;
  BacktestReport report_;
  std::map<std::string, BacktestedRule> rules_;
};

/// A table for people: what fired, what came near, what never could.
std::string backtest_table(const BacktestReport& report);
/// The same for programs: one object in one line.
std::string backtest_json(const BacktestReport& report);

}  // namespace coldwatch
