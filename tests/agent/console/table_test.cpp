#include "agent/console/table.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using namespace std::chrono_literals;

constexpr UtcTime kNow{std::chrono::hours{100}};

RuleStanding rule(const std::string& id, std::optional<Side> side, UtcTime since = kNow) {
  return {.rule = id,
          .channel = "Oil Temp",
          .unit = "C",
          .value = 51.25,
          .value_time = kNow - 12s,
          .limits = {.low = 45, .high = 50, .alarm = Side::kHigh},
          .side = side,
          .severity = Severity::kWarning,
          .text = "Oil is hot",
          .since = since};
}

std::string text_of(const Line& line) {
  std::string text;
  for (const Span& span : line) text += span.text;
  return text;
}

std::string text_of(const Screen& screen) {
  std::string text;
  for (const Line& line : screen) text += text_of(line) + "\n";
  return text;
}

ConsoleFacts facts_of(std::vector<RuleStanding> rules) {
  return {.now = kNow,
          .fridge = "triton1",
          .phase = "base",
          .log_state = "live",
          .newest_row = kNow - 3s,
          .connected = true,
          .rules = std::move(rules)};
}

TEST(ConsoleTable, ShowsEveryStandingOfARuleInItsOwnWords) {
  struct Case {
    RuleStanding rule;
    std::string_view alarm;
    std::string_view last;  // the words at the end
  };
  RuleStanding critical = rule("oil", Side::kHigh, kNow - 3min);
  critical.severity = Severity::kCritical;
  RuleStanding waiting = rule("oil", Side::kLow);
  waiting.waiting = true;
  RuleStanding unarmed = rule("oil", Side::kLow);
  unarmed.armed = false;
  RuleStanding notice = rule("oil", Side::kHigh);
  notice.limits.alarm.reset();
  notice.kind = AlarmKind::kNotice;
  const Case cases[] = {
      {rule("oil", Side::kLow), "ok", "Oil Temp"},
      {rule("oil", std::nullopt), "not judged yet", "Oil Temp"},
      {rule("oil", Side::kHigh, kNow - 90s), "WARNING 90 s", "Oil is hot"},
      {critical, "CRITICAL 3 min", "Oil is hot"},
      {waiting, "on hold", "Oil Temp"},
      {unarmed, "not armed", "Oil Temp"},
      {notice, "notice", "Oil Temp"},
  };
  for (const Case& one : cases) {
    const Screen screen = console_screen(facts_of({one.rule}), {}, 0, {}, "");
    const std::string line = text_of(screen[3]);
    const std::string side = one.rule.side ? std::string{word(*one.rule.side)} : "-";
    const std::string expected = "oil   51.25 C   45    50  " + fit(side, 4) + "  " +
                                 fit(one.alarm, 18) + "   12 s  " + std::string{one.last};
    EXPECT_EQ(line, expected);
  }
}

TEST(ConsoleTable, PutsWhatIsWrongOnTop) {
  RuleStanding critical = rule("critical", Side::kHigh, kNow - 1h);
  critical.severity = Severity::kCritical;
  RuleStanding waiting = rule("waiting", Side::kLow);
  waiting.waiting = true;
  RuleStanding unarmed = rule("unarmed", Side::kLow);
  unarmed.armed = false;
  const auto ordered = in_order(
      {unarmed, rule("fine", Side::kLow), rule("older", Side::kHigh, kNow - 2min), waiting,
       rule("newer", Side::kHigh, kNow - 1min), rule("also_fine", std::nullopt), critical});
  std::vector<std::string> ids;
  for (const RuleStanding& one : ordered) ids.push_back(one.rule);
  EXPECT_EQ(ids, (std::vector<std::string>{"critical", "newer", "older", "waiting", "fine",
                                           "also_fine", "unarmed"}));
}

TEST(ConsoleTable, SaysInItsHeadWhatIsWrongWithLogAndBroker) {
  ConsoleFacts facts = facts_of({});
  EXPECT_EQ(text_of(console_screen(facts, {}, 0, {}, "")[0]),
            "triton1  phase base  log live, newest row 3 s  broker connected  00:00:00");
  facts.log_state = "missing";
  facts.log_text = "no such folder";
  facts.newest_row.reset();
  facts.connected = false;
  facts.broker = "mqtt://broker";
  facts.unconfirmed_events = 4;
  facts.backlog_bytes = 20480;
  EXPECT_EQ(text_of(console_screen(facts, {200, 24}, 0, {}, "")[0]),
            "triton1  phase base  log missing (no such folder)  broker NOT CONNECTED "
            "(mqtt://broker)  unconfirmed events: 4  20 KiB to send  00:00:00");
  EXPECT_EQ(text_of(console_screen(facts, {}, 0, {}, "")[1]), "no rule fits this log");
}

TEST(ConsoleTable, FillsEveryWindowAndNoMore) {
  const std::vector<std::string> log{"one", "two", "three", "four"};
  std::vector<RuleStanding> rules;
  for (int i = 0; i < 40; ++i) rules.push_back(rule("rule_" + std::to_string(i), Side::kLow));
  for (const ScreenSize size : {ScreenSize{80, 24}, {200, 60}, {10, 9}, {1, 1}, {40, 2}}) {
    for (const int first : {0, 5, 37}) {
      const Screen screen = console_screen(facts_of(rules), size, first, log, "done");
      EXPECT_EQ(screen.size(), static_cast<std::size_t>(size.rows)) << size.rows;
    }
  }
  const std::string text = text_of(console_screen(facts_of(rules), {80, 24}, 5, log, "done"));
  EXPECT_NE(text.find("rules 6 to 21 of 40"), text.npos) << text;
  EXPECT_EQ(text.find("rule_4 "), text.npos) << text;
  EXPECT_NE(text.find("\ntwo\nthree\nfour\ndone\n t send a test"), text.npos) << text;
}

TEST(ConsoleTable, GivesAnAgeInOneUnit) {
  const std::pair<Milliseconds, std::string_view> cases[] = {
      {0s, "now"},        {999ms, "now"},    {1s, "1 s"},     {99s, "99 s"},
      {100s, "1 min"},    {99min, "99 min"}, {100min, "1 h"}, {99h, "99 h"},
      {24h * 10, "10 d"}, {-5s, "now"},      {-2min, "ahead"}};
  for (const auto& [age, words] : cases) EXPECT_EQ(age_words(age), words);
  EXPECT_EQ(value_words(std::numeric_limits<double>::quiet_NaN(), "K"), "-");
  EXPECT_EQ(value_words(0.0095, ""), "0.0095");
}

}  // namespace
}  // namespace coldwatch
