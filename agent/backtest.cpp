#include "agent/backtest.hpp"

#include <algorithm>
#include <cstdlib>

#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

Milliseconds distance(UtcTime a, UtcTime b) { return a < b ? b - a : a - b; }

}  // namespace

Backtest::Backtest(RuleEngine engine, std::optional<UtcTime> event)
    : engine_(std::move(engine)), event_(event) {}

void Backtest::on_row(const std::string& stream, const SharedChannels& channels,
                      const RowView& row) {
  if (report_.rows == 0) report_.first = row.time;
  for (const UtcTime now : looks_.until(row.time)) take(engine_.on_tick(now, facts_));
  ++report_.rows;
  report_.last = std::max(report_.last, row.time);
  facts_.newest[stream] = {row.time, row.time};
  take(engine_.on_row(stream, channels, row));
}

void Backtest::take(const std::vector<Transition>& transitions) {
  for (const Transition& one : transitions) {
    if (one.type.empty() || one.type == "snapshot") continue;
    BacktestedRule& rule = rules_[one.rule];
    const AlarmMessage& alarm = one.alarm;
    if (one.type == "clear") {
      if (rule.fired == 0 || rule.fired > rule.firings.size()) continue;
      Firing& firing = rule.firings.back();
      firing.end = alarm.time;
      rule.active += alarm.time - firing.raised;
    } else {
      keep(rule, {alarm.since, alarm.time, std::nullopt, alarm.text});
    }
  }
}

void Backtest::keep(BacktestedRule& rule, Firing firing) {
  ++rule.fired;
  if (event_ &&
      (!rule.lag || distance(firing.raised, *event_) < distance(*event_ + *rule.lag, *event_))) {
    rule.lag = firing.raised - *event_;
  }
  if (rule.firings.size() < kMostFirings) rule.firings.push_back(std::move(firing));
}

BacktestReport Backtest::report() const {
  BacktestReport report = report_;
  report.event = event_;
  for (RuleTally& tally : engine_.tally()) {
    const auto found = rules_.find(tally.rule);
    BacktestedRule rule = found == rules_.end() ? BacktestedRule{} : found->second;
    const bool open = !rule.firings.empty() && !rule.firings.back().end;
    if (open && tally.kind == AlarmKind::kAlarm) {
      rule.active += report.last - rule.firings.back().raised;
    }
    rule.tally = std::move(tally);
    report.rules.push_back(std::move(rule));
  }
  return report;
}

}  // namespace coldwatch
