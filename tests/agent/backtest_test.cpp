#include "agent/backtest.hpp"

#include "tests/agent/rules/rules_helper.hpp"

namespace coldwatch {
namespace {

constexpr char kRules[] = R"({"rules": [
    {"id": "hot", "channel": "T", "hold": "1m", "high": {"at": 10, "severity": "warning",
     "text": "hot"}, "low": {"at": 8}},
    {"id": "cold", "channel": "T", "low": {"at": 1, "severity": "critical", "text": "cold"}},
    {"id": "base", "channel": "T", "high": {"at": 6}, "low": {"at": 5.5, "text": "base"}},
    {"id": "absent", "channel": "Tt", "high": {"at": 6, "severity": "warning", "text": "x"}},
    {"id": "silent", "kind": "stale", "high": {"severity": "critical", "text": "silent"}}]})";

/// Rows a minute: hot from 20 to 29, silence from 60 to 99, base from 110 on.
BacktestReport report(std::optional<UtcTime> event) {
  ReadEngine read{kRules};
  EXPECT_TRUE(read.mistakes.empty());
  Backtest run{std::move(read.engine), event};
  const auto channels = std::make_shared<const Channels>(Channels{{"T", "T", "K", "temperature"}});
  const std::vector<Quality> quality{Quality::kGood};
  for (int minute = 0; minute < 120; ++minute) {
    if (minute >= 60 && minute < 100) continue;
    const std::vector<double> values{minute >= 20 && minute < 30 ? 11.0
                                     : minute >= 110             ? 5.0
                                                                 : 7.0};
    run.on_row("main", channels, {0, at_second(60 * minute), {}, values, quality});
  }
  return run.report();
}

TEST(Backtest, CountsFiringsAndTellsHowNearTheOthersCame) {
  const auto found = report(std::nullopt);
  EXPECT_EQ(found.rows, 80U);
  ASSERT_EQ(found.rules.size(), 5U);
  const auto& hot = found.rules[0];
  EXPECT_EQ(hot.fired, 1U);
  ASSERT_EQ(hot.firings.size(), 1U);
  EXPECT_EQ(hot.firings[0].since, at_second(1200));
  EXPECT_EQ(hot.firings[0].raised, at_second(1260));
  EXPECT_EQ(hot.firings[0].end, at_second(1800));
  EXPECT_EQ(hot.active, std::chrono::minutes{9});
  const auto& cold = found.rules[1];
  EXPECT_EQ(cold.fired, 0U);
  EXPECT_EQ(cold.tally.nearest, 5.0);
  EXPECT_EQ(cold.tally.nearest_time, at_second(6600));
  EXPECT_EQ(found.rules[2].fired, 1U) << "the notice";
  EXPECT_NE(found.rules[3].tally.missing.find("did you mean \"T\""), std::string::npos);
  const auto& silent = found.rules[4];
  ASSERT_EQ(silent.firings.size(), 1U) << "the gap counts as silence";
  EXPECT_EQ(silent.firings[0].raised, at_second(60 * 65));
}

TEST(Backtest, TellsLeadAndLagAgainstAnEvent) {
  const auto found = report(at_second(1200));
  EXPECT_EQ(found.rules[0].lag, std::chrono::minutes{1});
  EXPECT_EQ(found.rules[1].lag, std::nullopt);
  EXPECT_EQ(report(at_second(1800)).rules[0].lag, std::chrono::minutes{-9});
}

TEST(Backtest, IsATableForPeopleAndJsonForPrograms) {
  const auto found = report(at_second(1200));
  const std::string table = backtest_table(found);
  EXPECT_NE(table.find("80 rows from 1970-01-01 00:00 to 1970-01-01 01:59 UTC"), std::string::npos);
  EXPECT_NE(table.find("hot                   warning   1      1970-01-01 00:21"),
            std::string::npos)
      << table;
  EXPECT_NE(table.find("1 min after"), std::string::npos) << table;
  EXPECT_NE(table.find("but the log has no such channel"), std::string::npos);
  const auto json = parse_json(backtest_json(found));
  EXPECT_EQ(json.at("rules").at(0).at("lag_s"), 60);
  EXPECT_EQ(json.at("rules").at(0).at("firings").at(0).at("end"), "1970-01-01T00:30:00.000Z");
  EXPECT_TRUE(json.at("rules").at(3).contains("never"));
  EXPECT_FALSE(json.at("rules").at(1).contains("never"));
}

TEST(Backtest, HasNothingToSayOfAnEmptyLog) {
  ReadEngine read{kRules};
  Backtest run{std::move(read.engine), std::nullopt};
  const auto empty = run.report();
  EXPECT_EQ(empty.rows, 0U);
  EXPECT_EQ(backtest_table(empty).substr(0, 7), "0 rows\n");
  EXPECT_TRUE(parse_json(backtest_json(empty)).at("rules").at(0).contains("never"));
}

}  // namespace
}  // namespace coldwatch
