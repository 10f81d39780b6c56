#include "agent/console/table.hpp"

#include <algorithm>
#include <cmath>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr int kLogLines = 3;
constexpr int kOtherLines = 5;  // head, two headings of the table, answer, keys
constexpr int kLeastRules = 3;

struct Widths {
  int rule = 4;
  int value = 5;
  int low = 3;
  int high = 4;
};

constexpr int kSideColumns = 4;
constexpr int kAlarmColumns = 18;
constexpr int kAgeColumns = 6;

std::string limit_words(double limit) { return std::isfinite(limit) ? number_words(limit) : "-"; }

/// The standings that come first have the lowest number.
int urgency(const RuleStanding& rule) {
  if (rule.active()) return rule.severity == Severity::kCritical ? 0 : 1;
  if (rule.waiting) return 2;
  if (!rule.armed) return 4;
  return 3;
}

Style style_of(const RuleStanding& rule) {
  if (rule.active()) {
    return rule.severity == Severity::kCritical ? Style::kCritical : Style::kWarning;
  }
  if (rule.waiting) return Style::kStrong;
  if (!rule.armed || !rule.side) return Style::kFaint;
  return rule.kind == AlarmKind::kAlarm ? Style::kGood : Style::kPlain;
}

std::string alarm_words(const RuleStanding& rule, UtcTime now) {
  if (rule.active()) {
    const std::string severity = rule.severity == Severity::kCritical ? "CRITICAL" : "WARNING";
    return severity + " " + age_words(now - rule.since);
  }
  if (rule.waiting) return "on hold";
  if (!rule.armed) return "not armed";
  if (!rule.side) return "not judged yet";
  return rule.kind == AlarmKind::kAlarm ? "ok" : "notice";
}

std::string side_words(const RuleStanding& rule) {
  return rule.side ? std::string{word(*rule.side)} : "-";
}

Widths widths_of(const std::vector<RuleStanding>& rules) {
  Widths widths;
  for (const RuleStanding& rule : rules) {
    widths.rule = std::max(widths.rule, std::min(24, text_columns(rule.rule)));
    widths.value =
        std::max(widths.value, std::min(14, text_columns(value_words(rule.value, rule.unit))));
    widths.low = std::max(widths.low, std::min(9, text_columns(limit_words(rule.limits.low))));
    widths.high = std::max(widths.high, std::min(9, text_columns(limit_words(rule.limits.high))));
  }
  return widths;
}

Line rule_line(const RuleStanding& rule, const Widths& widths, UtcTime now) {
  const Style style = style_of(rule);
  const bool faint = style == Style::kFaint;
  const Style plain = faint ? Style::kFaint : Style::kPlain;
  const bool known = !std::isnan(rule.value);
  return {
      {fit(rule.rule, widths.rule) + "  ", rule.active() ? Style::kStrong : plain},
      {fit_right(value_words(rule.value, rule.unit), widths.value) + "  ",
       faint ? Style::kFaint : Style::kStrong},
      {fit_right(limit_words(rule.limits.low), widths.low) + "  " +
           fit_right(limit_words(rule.limits.high), widths.high) + "  ",
       Style::kFaint},
      {fit(side_words(rule), kSideColumns) + "  ", plain},
      {fit(alarm_words(rule, now), kAlarmColumns), style},
      {" " + fit_right(known ? age_words(now - rule.value_time) : "-", kAgeColumns) + "  ", plain},
      {rule.active() && !rule.text.empty() ? rule.text : rule.channel,
       rule.active() ? Style::kPlain : Style::kFaint}};
}

Line heading(const Widths& widths) {
  return {{fit("rule", widths.rule) + "  " + fit_right("value", widths.value) + "  " +
               fit_right("low", widths.low) + "  " + fit_right("high", widths.high) + "  " +
               fit("side", kSideColumns) + "  " + fit("alarm", kAlarmColumns) + " " +
               fit_right("age", kAgeColumns) + "  channel",
           Style::kFaint}};
}

std::string clock_words(LocalTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const auto seconds = (second - day).count();
  const auto two = [](auto number) {
    const std::string text = std::to_string(number);
    return text.size() < 2 ? "0" + text : text;
  };
  return two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
}

Line head(const ConsoleFacts& facts) {
  const bool live = facts.log_state == "live";
  Line line{{facts.fridge + "  ", Style::kStrong},
            {"phase " + facts.phase + "  "},
            {"log " + facts.log_state, live ? Style::kGood : Style::kCritical}};
  if (facts.newest_row)
    line.push_back({", newest row " + age_words(facts.now - *facts.newest_row)});
  if (!live && !facts.log_text.empty()) line.push_back({" (" + facts.log_text + ")"});
  line.push_back({"  "});
  line.push_back({facts.connected ? "broker connected" : "broker NOT CONNECTED",
                  facts.connected ? Style::kGood : Style::kCritical});
  if (!facts.connected) line.push_back({" (" + facts.broker + ")"});
  if (facts.unconfirmed_events > 0) {
    line.push_back({"  unconfirmed events: " + std::to_string(facts.unconfirmed_events)});
  }
  if (facts.backlog_bytes > 0) {
    line.push_back({"  " + std::to_string(facts.backlog_bytes / 1024) + " KiB to send"});
  }
  line.push_back({"  " + clock_words(facts.local_now), Style::kFaint});
  return line;
}

Line table_foot(std::size_t rules, int first, int shown) {
  if (rules == 0) return {{"no rule fits this log", Style::kWarning}};
  if (static_cast<int>(rules) <= shown) return {};
  return {
      {"rules " + std::to_string(first + 1) + " to " +
           std::to_string(std::min<std::size_t>(rules, static_cast<std::size_t>(first + shown))) +
           " of " + std::to_string(rules) + "; up and down for the others",
       Style::kFaint}};
}

}  // namespace

std::string value_words(double value, const std::string& unit) {
  if (std::isnan(value)) return "-";
  return unit.empty() ? number_words(value) : number_words(value) + " " + unit;
}

std::string age_words(Milliseconds age) {
  const auto seconds = age.count() / 1000;
  if (seconds < -60) return "ahead";
  if (seconds < 1) return "now";
  if (seconds < 100) return std::to_string(seconds) + " s";
  if (seconds < 100 * 60) return std::to_string(seconds / 60) + " min";
  if (seconds < 100 * 3600) return std::to_string(seconds / 3600) + " h";
  return std::to_string(seconds / 86400) + " d";
}

std::vector<RuleStanding> in_order(std::vector<RuleStanding> rules) {
  std::ranges::stable_sort(rules, [](const RuleStanding& a, const RuleStanding& b) {
    if (urgency(a) != urgency(b)) return urgency(a) < urgency(b);
    return urgency(a) < 2 && a.since > b.since;
  });
  return rules;
}

int rows_for_rules(ScreenSize size) {
  return std::max(kLeastRules, size.rows - kOtherLines - kLogLines);
}

Screen console_screen(const ConsoleFacts& facts, ScreenSize size, int first,
                      const std::vector<std::string>& log, const std::string& answer) {
  const std::vector<RuleStanding> rules = in_order(facts.rules);
  const Widths widths = widths_of(rules);
  const int room = rows_for_rules(size);
  Screen screen{head(facts), {}, heading(widths)};
  for (int i = first; i < std::min(static_cast<int>(rules.size()), first + room); ++i) {
    screen.push_back(rule_line(rules[static_cast<std::size_t>(i)], widths, facts.now));
  }
  screen[1] = table_foot(rules.size(), first, room);
  const auto bottom = static_cast<std::size_t>(std::max(0, size.rows - kLogLines - 2));
  while (screen.size() < bottom) screen.emplace_back();
  const std::size_t skipped = log.size() > kLogLines ? log.size() - kLogLines : 0;
  for (std::size_t i = skipped; i < skipped + kLogLines; ++i) {
    screen.push_back(i < log.size() ? Line{{log[i], Style::kFaint}} : Line{});
  }
  screen.push_back({{answer, Style::kStrong}});
  screen.push_back({{" t ", Style::kStrong},
                    {"send a test   "},
                    {" s ", Style::kStrong},
                    {"send a snapshot   "},
                    {" q ", Style::kStrong},
                    {"exit"}});
  if (screen.size() > static_cast<std::size_t>(size.rows)) {
    screen.resize(static_cast<std::size_t>(std::max(1, size.rows)));
  }
  return screen;
}

}  // namespace coldwatch
