// Every mistake that a person can make in a rule is named with its place.
#include "tests/agent/rules/rules_helper.hpp"

namespace coldwatch {
namespace {

struct Wrong {
  const char* rule;
  const char* path;
  const char* text;
};

std::string all(const Mistakes& mistakes) { return describe(mistakes, "agent.json"); }

TEST(RuleConfig, TakesWhatIsRight) {
  const char* good[] = {
      R"({"id": "a", "channel": "T", "high": {"at": 1, "severity": "critical", "text": "hot"}})",
      R"({"id": "a", "channel": ["T", "M*"], "low": {"at": 1, "severity": "warning", "text": "x"},
          "high": {"at": 1, "text": "y"}, "initial": "low", "hold": "2m", "clear_hold": "10m",
          "latch": true, "cause": "pulse_tube", "playbook": "Look.", "source": "judgement"})",
      R"({"id": "base", "channel": "T", "high": {"at": 10},
          "low": {"at": 0.05, "text": "{channel} at {value} {unit}", "snapshot_after": "2h"}})"};
  for (const char* rule : good) {
    EXPECT_EQ(all(ReadEngine{std::string{R"({"rules": [)"} + rule + "]}"}.mistakes), "") << rule;
  }
}

TEST(RuleConfig, NamesWhatIsWrong) {
  const Wrong wrong[] = {
      {R"({"channel": "T", "high": {"at": 1, "text": "x"}})", "rules[0].id",
       "is missing and has no default"},
      {R"({"id": "a b", "channel": "T", "high": {"at": 1, "text": "x"}})", "rules[0].id",
       "found \"a b\", expected letters, digits, _ and - only, at most 64, because it becomes a "
       "topic "
       "level"},
      {R"({"id": "a", "high": {"at": 1, "text": "x"}})", "rules[0].channel",
       "is missing and has no default"},
      {R"({"id": "a", "channel": [], "high": {"at": 1, "text": "x"}})", "rules[0].channel",
       "found an empty list, expected at least one name"},
      {R"({"id": "a", "channel": "T"})", "rules[0]",
       "has neither \"low\" nor \"high\", expected at least one of them"},
      {R"({"id": "a", "channel": "T", "high": {"text": "x"}})", "rules[0].high.at",
       "is missing and has no default"},
      {R"({"id": "a", "channel": "T", "low": {"at": 30, "text": "x"}, "high": {"at": 29}})",
       "rules[0].low.at",
       "found 30, expected at most high.at (29): between the two the rule stays on its side"},
      {R"({"id": "a", "channel": "T", "high": {"at": 1, "severity": "warning"}})",
       "rules[0].high.text", "is missing: without one the alarm could not be announced"},
      {R"({"id": "a", "channel": "T", "high": {"at": 1}, "low": {"at": 0}})", "rules[0]",
       "no side has a text or is an alarm, so that nothing could be announced"},
      {R"({"id": "a", "channel": "T", "high": {"at": "1", "text": "x"}})", "rules[0].high.at",
       "found \"1\", expected a number"},
      {R"({"id": "a", "channel": "T", "high": {"at": 1, "text": "x", "severty": "info"}})",
       "rules[0].high.severty", "unknown key, did you mean \"severity\"?"},
      {R"({"id": "a", "channel": "T", "high": {"at": 1, "text": "{valu}"}})", "rules[0].high.text",
       "found the placeholder {valu}, expected {value}"},
      {R"({"id": "a", "channel": "T", "holt": "2m", "high": {"at": 1, "text": "x"}})",
       "rules[0].holt", "unknown key, did you mean \"hold\"?"},
      {R"({"id": "a", "channel": "T", "cause": "cooling water", "high": {"at": 1, "text": "x"}})",
       "rules[0].cause",
       "found \"cooling water\", expected letters, digits, _ and - only, at most 64"},
      {R"({"id": "a", "channel": "T", "latch": true, "high": {"at": 1, "text": "x"}})",
       "rules[0].latch", "belongs to an alarm, and neither side is one"},
      {R"({"id": "a", "channel": "T", "clear_hold": "1m", "high": {"at": 1, "text": "x"}})",
       "rules[0].clear_hold", "belongs to an alarm; in a notice \"hold\" serves both sides"},
  };
  for (const Wrong& one : wrong) {
    const auto mistakes = ReadEngine{std::string{R"({"rules": [)"} + one.rule + "]}"}.mistakes;
    EXPECT_EQ(all(mistakes), all({{one.path, one.text}})) << one.rule;
  }
}

TEST(RuleConfig, NamesWordsAndDurationsThatAreNone) {
  const Wrong wrong[] = {
      {R"("initial": "middle")", "rules[0].initial", "found \"middle\""},
      {R"("hold": 120)", "rules[0].hold", "found 120, expected a duration"},
      {R"("hold": "2 minutes")", "rules[0].hold", "found \"2 minutes\", expected a duration"},
      {R"("kind": "treshold")", "rules[0].kind", "found \"treshold\""},
      {R"("low": [])", "rules[0].low", "found [], expected an object"},
  };
  for (const Wrong& one : wrong) {
    const auto text = std::string{R"({"rules": [{"id": "a", "channel": "T", "high": {"at": 1,
        "text": "x"}, )"} +
                      one.rule + "}]}";
    const auto mistakes = ReadEngine{text}.mistakes;
    ASSERT_EQ(mistakes.size(), 1U) << text << all(mistakes);
    EXPECT_EQ(mistakes[0].path, one.path);
    EXPECT_EQ(mistakes[0].text.substr(0, std::string_view{one.text}.size()), one.text);
  }
}

TEST(RuleConfig, WantsOneAlarmSideAndOneRuleOfAName) {
  const char* side = R"({"at": 1, "severity": "critical", "text": "x"})";
  const auto both = std::string{R"({"rules": [{"id": "a", "channel": "T", "high": )"} + side +
                    R"(, "low": )" + side + "}]}";
  EXPECT_EQ(
      all(ReadEngine{both}.mistakes),
      all({{"rules[0].low.severity",
            "both sides are alarms, so that none could end; make one of them \"info\", or two "
            "rules"}}));
  const auto rule = std::string{R"({"id": "a", "channel": "T", "high": )"} + side + "}";
  EXPECT_EQ(all(ReadEngine{R"({"rules": [)" + rule + ", " + rule + "]}"}.mistakes),
            all({{"rules[1].id", "found \"a\", which rules[0] has already"}}));
  EXPECT_EQ(ReadEngine{R"({"rules": {}})"}.mistakes.size(), 1U);
  EXPECT_EQ(ReadEngine{R"({"rules": [1]})"}.mistakes.at(0).path, "rules[0]");
}

TEST(RuleConfig, NamesTheNearestChannelOfTheLog) {
  ReadEngine read{R"json({"rules": [
      {"id": "a", "channel": "MC RuO2 T(K)", "high": {"at": 1, "text": "x"}},
      {"id": "b", "channel": "MC RuO T(K)", "high": {"at": 1, "text": "x"}},
      {"id": "c", "channel": ["Compressor", "Zz"], "high": {"at": 1, "text": "x"}}]})json"};
  ASSERT_EQ(all(read.mistakes), "");
  const auto channels = std::make_shared<const Channels>(
      Channels{{"MC_RuO2_T_K", "MC RuO2 T(K)", "K", "temperature"}});
  EXPECT_EQ(all(read.engine.check({{"main", channels}})),
            all({{"rules[1].channel",
                  "found \"MC RuO T(K)\", but the log has no such channel, did you mean \"MC RuO2 "
                  "T(K)\"?"},
                 {"rules[2].channel",
                  "found \"Compressor\" or \"Zz\", but the log has no such channel; inspect lists "
                  "those it has"}}));
}

}  // namespace
}  // namespace coldwatch
