// The report of a backtest as a table and as JSON.
#include <algorithm>

#include "agent/backtest.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

std::string minute_text(UtcTime time) {
  std::string text = to_rfc3339(time).substr(0, 16);
  std::ranges::replace(text, 'T', ' ');
  return text;
}

std::string cell(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text + "  ";
}

/// "" where a rule can fire.
std::string why_never(const RuleTally& tally) {
  if (!tally.missing.empty()) return tally.missing;
  if (tally.rows == 0) return "no number in the whole log";
  if (tally.kind == AlarmKind::kAlarm && tally.armed == 0) return "was never armed";
  return {};
}

std::string lag_words(Milliseconds lag) {
  return lag < Milliseconds{0} ? duration_words(-lag) + " before" : duration_words(lag) + " after";
}

std::string row_of(const BacktestedRule& rule, bool event) {
  const RuleTally& tally = rule.tally;
  const bool alarm = tally.kind == AlarmKind::kAlarm;
  std::string line = cell(tally.rule, 20);
  line += cell(alarm ? std::string{word(tally.severity)} : "notice", 8);
  line += cell(std::to_string(rule.fired), 5);
  line += cell(rule.fired == 0 ? "" : minute_text(rule.firings.front().raised), 16);
  line += cell(rule.fired == 0 || !alarm ? "" : duration_words(rule.active), 12);
  if (event) line += cell(rule.lag ? lag_words(*rule.lag) : "", 18);
  if (const std::string never = why_never(tally); !never.empty()) return line + never + "\n";
  if (tally.nearest && tally.limit) {
    line += number_words(*tally.nearest) + " (limit " + number_words(*tally.limit) + ") at " +
            minute_text(tally.nearest_time);
  }
  return line + "\n";
}

json firing_json(const Firing& firing) {
  json object{{"since", to_rfc3339(firing.since)},
              {"raised", to_rfc3339(firing.raised)},
              {"text", firing.text}};
  if (firing.end) object["end"] = to_rfc3339(*firing.end);
  return object;
}

json rule_json(const BacktestedRule& rule) {
  const RuleTally& tally = rule.tally;
  json object{{"rule", tally.rule},
              {"kind", word(tally.kind)},
              {"severity", word(tally.severity)},
              {"fired", rule.fired},
              {"active_s", std::chrono::duration<double>(rule.active).count()},
              {"rows", tally.rows},
              {"rows_armed", tally.armed},
              {"firings", json::array()}};
  for (const Firing& firing : rule.firings) object["firings"].push_back(firing_json(firing));
  if (tally.limit) object["limit"] = *tally.limit;
  if (tally.nearest) {
    object["nearest"] = *tally.nearest;
    object["nearest_time"] = to_rfc3339(tally.nearest_time);
  }
  if (const std::string never = why_never(tally); !never.empty()) object["never"] = never;
  if (rule.lag) object["lag_s"] = std::chrono::duration<double>(*rule.lag).count();
  return object;
}

}  // namespace

std::string backtest_table(const BacktestReport& report) {
  std::string table = std::to_string(report.rows) + " rows";
  if (report.rows > 0) {
    table += " from " + minute_text(report.first) + " to " + minute_text(report.last) + " UTC";
  }
  table += "\n\n" + cell("rule", 20) + cell("severity", 8) + cell("fired", 5) +
           cell("first told", 16) + cell("active", 12);
  if (report.event) table += cell("event", 18);
  table += "nearest to its limit, or why it could never fire\n";
  for (const BacktestedRule& rule : report.rules) {
    table += row_of(rule, report.event.has_value());
  }
  return table;
}

std::string backtest_json(const BacktestReport& report) {
  json object{{"rows", report.rows}, {"rules", json::array()}};
  if (report.rows > 0) {
    object["first_time"] = to_rfc3339(report.first);
    object["last_time"] = to_rfc3339(report.last);
  }
  if (report.event) object["event"] = to_rfc3339(*report.event);
  for (const BacktestedRule& rule : report.rules) object["rules"].push_back(rule_json(rule));
  return dump(object) + "\n";
}

}  // namespace coldwatch
