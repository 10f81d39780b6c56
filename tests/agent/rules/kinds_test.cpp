// The kinds of rules, each through the engine: the failures that they are there for, and what must not
// make them cry wolf.
#include <cmath>

#include "agent/rules/formula.hpp"
#include "tests/agent/rules/rules_helper.hpp"

namespace coldwatch {
namespace {

using Told = std::vector<std::string>;
const double kNone = std::nan("");

std::string one_rule(const std::string& keys) {
  return R"({"rules": [{"id": "r", )" + keys + "}]}";
}

TEST(Slope, SeesAStageThatWarmsUpLongBeforeItsLimit) {
  ReadEngine read{one_rule(R"("kind": "slope", "channel": "T", "window": "10m",
      "high": {"at": 0.2, "severity": "critical", "text": "{value} {unit}"}, "low": {"at": 0.05})")};
  ASSERT_TRUE(read.mistakes.empty()) << describe(read.mistakes, "");
  Feed feed{read.engine, {"T"}};
  Told all;
  int raised = -1;
  for (int minute = 0; minute < 60; ++minute) {
    const double value = minute < 30 ? 48 + 0.01 * (minute % 2) : 48 + 0.5 * (minute - 30);
    for (const auto& line : told(feed.row(60 * minute, {value}))) {
      if (line.starts_with("raise")) raised = minute;
      all.push_back(line);
    }
  }
  EXPECT_EQ(all.size(), 2U) << "judged normal, and one alarm";
  EXPECT_GT(raised, 30);
  EXPECT_LE(raised, 37);
  EXPECT_NE(all.back().find("K/min"), std::string::npos) << all.back();
}

TEST(Missing, TellsAThermometerThatCameLoose) {
  ReadEngine read{one_rule(R"("kind": "missing", "channel": "T", "after": "15m",
      "high": {"severity": "warning", "text": "no {channel} since {since}"}, "low": {"text": "back"})")};
  ASSERT_TRUE(read.mistakes.empty()) << describe(read.mistakes, "");
  Feed feed{read.engine, std::vector<std::string>{"T", "U"}};
  EXPECT_EQ(told(feed.row(0, {4, 1})), Told{" r: back"});
  EXPECT_EQ(told(feed.row(60, {kNone, 1})), Told{});
  EXPECT_EQ(told(feed.row(900, {kNone, 1})), Told{});
  EXPECT_EQ(told(feed.row(960, {kNone, 1})), Told{"raise r: no T since 1970-01-01 00:16 UTC"});
  EXPECT_EQ(told(feed.row(1020, {4, 1})), Told{"clear r: back"});
}

TEST(Missing, CountsFromTheFirstRowForAChannelThatNeverWasGood) {
  ReadEngine read{one_rule(R"("kind": "missing", "channel": "T", "after": "5m",
      "high": {"severity": "warning", "text": "gone"})")};
  Feed feed{read.engine, {"T"}};
  feed.row(1000, {kNone});
  EXPECT_EQ(told(feed.row(1300, {kNone})), Told{});
  EXPECT_EQ(told(feed.row(1301, {kNone})), Told{"raise r: gone"});
}

Channels temperatures(int count) {
  Channels channels;
  for (int i = 0; i < count; ++i) {
    const std::string name = "T" + std::to_string(i);
    channels.push_back({name, name, "K", "temperature"});
  }
  channels.push_back({"Time", "Time", "s", "duration"});
  channels.push_back({"LineNumber", "LineNumber", "", ""});
  return channels;
}

TEST(Frozen, NeedsAWholeGroupThatStandsStill) {
  ReadEngine read{one_rule(R"("kind": "frozen", "channels": ["T*"], "after": "2h",
      "high": {"severity": "warning", "text": "frozen"}, "low": {"text": "moves"})")};
  ASSERT_TRUE(read.mistakes.empty()) << describe(read.mistakes, "");
  Feed feed{read.engine, temperatures(2)};
  Told all;
  for (int minute = 0; minute < 600; ++minute) {
    // One of them stands still for ever: its scanner is parked elsewhere. Both do from minute 300 on.
    const double moving = minute < 300 ? minute : minute < 450 ? 300 : 301;
    for (const auto& line :
         told(feed.row(60 * minute, {4.2, moving, 60.0 * minute, 1.0 * minute}))) {
      all.push_back(std::to_string(minute) + " " + line);
    }
  }
  EXPECT_EQ(all, (Told{"0  r: moves", "421 raise r: frozen", "450 clear r: moves",
                       "571 raise r: frozen"}));
}

TEST(Frozen, RefusesAGroupOfOne) {
  ReadEngine read{one_rule(R"("kind": "frozen", "channels": ["T0"],
      "high": {"severity": "warning", "text": "frozen"})")};
  const auto channels = std::make_shared<const Channels>(temperatures(1));
  ASSERT_EQ(read.engine.check({{"main", channels}}).size(), 1U);
}

/// Rows as they arrive, with a tick a minute.
struct Living {
  RuleEngine& engine;
  Feed feed;
  TickFacts facts;
  Told all;

  void row(double row_minute, double read_minute, double value = 1) {
    feed.row(60 * row_minute, {value});
    facts.newest["main"] = {at_second(60 * row_minute), at_second(60 * read_minute)};
  }
  void tick(double minute) {
    for (const auto& line : told(engine.on_tick(at_second(60 * minute), facts))) {
      all.push_back(std::to_string(static_cast<int>(minute)) + " " + line);
    }
  }
};

constexpr char kStale[] = R"({"rules": [{"id": "r", "kind": "stale", "times": 5, "after": "5m",
    "high": {"severity": "critical", "text": "silent since {since}"}, "low": {"text": "goes on"}}]})";

TEST(Stale, KnowsTheCadenceOfTheLogAndHasAFloor) {
  ReadEngine read{kStale};
  Living slow{read.engine, {read.engine, {"A"}}, {}, {}};
  for (int minute = 0; minute < 900; ++minute) {
    if (minute % 15 == 0 && minute <= 600) slow.row(minute, minute);
    slow.tick(minute);
  }
  EXPECT_EQ(slow.all, (Told{"2  r: goes on", "676 raise r: silent since 1970-01-01 10:00 UTC"}))
      << "a file written every quarter of an hour may be silent for 75 minutes";

  ReadEngine again{kStale};
  Living quick{again.engine, {again.engine, {"A"}}, {}, {}};
  for (int minute = 0; minute < 100; ++minute) {
    if (minute <= 50 || minute >= 80) quick.row(minute, minute);
    quick.tick(minute);
  }
  EXPECT_EQ(quick.all, (Told{"2  r: goes on", "56 raise r: silent since 1970-01-01 00:50 UTC",
                             "80 clear r: goes on"}));
}

TEST(Stale, ReportsALogThatHadStoppedBeforeTheStart) {
  ReadEngine read{kStale};
  Living living{read.engine, {read.engine, {"A"}}, {}, {}};
  living.row(0, 5000);
  for (int minute = 5000; minute < 5010; ++minute) living.tick(minute);
  EXPECT_EQ(living.all, Told{"5002 raise r: silent since 1970-01-01 00:00 UTC"});
}

TEST(Stale, DoesNotTakeABacklogOrASlowClockForSilence) {
  ReadEngine read{kStale};
  Living living{read.engine, {read.engine, {"A"}}, {}, {}};
  for (int i = 0; i < 30; ++i) {
    living.row(100 * i, 5000 + i);  // catching up: rows are old, but they come
    living.tick(5000 + i);
  }
  EXPECT_EQ(living.all, Told{"5002  r: goes on"});
}

TEST(Stale, RemembersTheLogOverARestart) {
  ReadEngine before{kStale};
  Living living{before.engine, {before.engine, {"A"}}, {}, {}};
  for (int minute = 0; minute < 50; ++minute) living.row(minute, minute);
  ReadEngine after{kStale};
  after.engine.restore(before.engine.state());
  Living later{after.engine, {after.engine, {"A"}}, {}, {}};
  for (int minute = 200; minute < 210; ++minute) later.tick(minute);
  EXPECT_EQ(later.all, Told{"202 raise r: silent since 1970-01-01 00:49 UTC"})
      << "no new row after the restart: there is nothing else to know it by";
}

TEST(ClockSkew, TellsRowsFromTheFutureAndFreshRowsThatSayTheyAreOld) {
  constexpr char kSkew[] = R"({"rules": [{"id": "r", "kind": "clock_skew",
      "high": {"severity": "warning", "text": "wrong clock"}, "low": {"text": "right"}}]})";
  const std::tuple<const char*, double, Told> cases[] = {
      {"a right clock", 0, {"0  r: right"}},
      {"a minute fast", 1, {"0  r: right"}},
      {"three minutes fast", 3, {"0 raise r: wrong clock"}},
      {"the end of daylight saving", -60, {"0  r: right", "2 raise r: wrong clock"}}};
  for (const auto& [name, ahead, expected] : cases) {
    ReadEngine read{kSkew};
    Living living{read.engine, {read.engine, {"A"}}, {}, {}};
    for (int minute = 0; minute < 10; ++minute) {
      living.row(100 + minute + ahead, 100 + minute);
      living.tick(minute);
    }
    EXPECT_EQ(living.all, expected) << name;
  }
  ReadEngine read{kSkew};
  Living backlog{read.engine, {read.engine, {"A"}}, {}, {}};
  for (int i = 0; i < 20; ++i) {
    backlog.row(100.0 * i, 5000 + i);
    backlog.tick(5000 + i);
  }
  EXPECT_EQ(backlog.all, Told{"5000  r: right"}) << "a backlog is old, but its clock is right";
}

class ExpressionRules : public testing::Test {
 protected:
  void SetUp() override {
    if (!kHaveFormulas) GTEST_SKIP() << "this build has no muParser, so it has no expressions";
  }
};

TEST_F(ExpressionRules, JudgeANumberOrATruth) {
  ReadEngine read{R"json({"rules": [
      {"id": "dT", "kind": "expression", "expression": "abs(Out - In)",
       "low": {"at": 1, "severity": "critical", "text": "{value}"}, "high": {"at": 2, "text": "ok"}},
      {"id": "both", "kind": "expression", "expression": "In > 20 and Out > 20",
       "high": {"severity": "warning", "text": "hot"}, "low": {"text": "cool"}}]})json"};
  ASSERT_TRUE(read.mistakes.empty()) << describe(read.mistakes, "");
  Feed feed{read.engine, std::vector<std::string>{"In", "Out"}};
  EXPECT_EQ(told(feed.row(0, {15, 22})), (Told{" dT: ok", " both: cool"}));
  EXPECT_EQ(told(feed.row(1, {kNone, 22})), Told{}) << "an invalid value decides nothing";
  EXPECT_EQ(told(feed.row(2, {21.5, 22})), (Told{"raise dT: 0.5", "raise both: hot"}));
}

constexpr char kArmed[] = R"({"rules": [{"id": "pt_off", "channel": "A", "when": "any T < 100 K",
    "low": {"at": 10, "severity": "critical", "text": "off"}, "high": {"at": 10, "text": "on"}}]})";

TEST_F(ExpressionRules, ArmOthers) {
  ReadEngine read{kArmed};
  ASSERT_TRUE(read.mistakes.empty()) << describe(read.mistakes, "");
  Feed feed{read.engine, Channels{{"A", "A", "A", "current"}, {"T1", "T1", "K", "temperature"}}};
  EXPECT_EQ(told(feed.row(0, {0, kNone})), Told{}) << "nobody knows yet whether it is armed";
  EXPECT_EQ(read.engine.states().at("pt_off").state, AlarmState::kUnknown);
  EXPECT_EQ(told(feed.row(1, {0, 290})), Told{" pt_off: Not watched now: any T < 100 K is false"});
  EXPECT_EQ(told(feed.row(2, {0, 90})), Told{"raise pt_off: off"});
  EXPECT_EQ(told(feed.row(3, {0, kNone})), Told{}) << "a broken thermometer does not end it";
  EXPECT_EQ(told(feed.row(4, {0, 290})),
            Told{"clear pt_off: Not watched now: any T < 100 K is false"});
  EXPECT_EQ(told(feed.row(5, {20, 90})), Told{}) << "armed and normal, as it was";
  EXPECT_EQ(read.engine.states().at("pt_off").state, AlarmState::kNormal);
}

TEST_F(ExpressionRules, ArmRulesAboutSilenceToo) {
  ReadEngine read{R"({"rules": [{"id": "r", "kind": "stale", "after": "5m", "times": 5,
      "when": "A > 0", "high": {"severity": "critical", "text": "silent"}, "low": {"text": "on"}}]})"};
  ASSERT_TRUE(read.mistakes.empty()) << describe(read.mistakes, "");
  const auto live = [&read](double value) {
    Living living{read.engine, {read.engine, {"A"}}, {}, {}};
    for (int minute = 0; minute < 30; ++minute) {
      if (minute < 10) living.row(minute, minute, value);
      living.tick(minute);
    }
    return living.all;
  };
  EXPECT_EQ(live(0), Told{}) << "not armed";
  EXPECT_EQ(live(1), Told{"15 raise r: silent"});
}

TEST_F(ExpressionRules, KeepAnAlarmOfThePhaseThatItEnds) {
  ReadEngine read{
      R"json({"rules": [{"id": "warms", "channel": "PT2 T(K)", "when": "phase == 'base'",
      "keep": true, "high": {"at": 5, "severity": "critical", "text": "warm"},
      "low": {"at": 4.5, "text": "cold"}}]})json"};
  ASSERT_TRUE(read.mistakes.empty()) << describe(read.mistakes, "");
  const Channels stages{{"PT2_T_K", "PT2 T(K)", "K", "temperature"}};
  Feed feed{read.engine, stages};
  for (int minute = 0; minute < 30; ++minute) feed.row(60 * minute, {4});
  EXPECT_EQ(read.engine.phase(), "base");
  Told all;
  int minute = 30;
  for (; minute < 200; ++minute) {
    for (const auto& line : told(feed.row(60 * minute, {4.0 + minute - 30}))) all.push_back(line);
  }
  EXPECT_EQ(read.engine.phase(), "warming");
  EXPECT_EQ(all, Told{"raise warms: warm"}) << "leaving base must not end the alarm that it is";
  EXPECT_EQ(read.engine.declare("warming", at_second(60 * minute), std::chrono::hours{5}), "");
  EXPECT_EQ(told(feed.row(60 * minute, {180})),
            Told{"clear warms: Not watched now: phase == 'base' is false"});
  EXPECT_NE(read.engine.declare("base", at_second(0), std::chrono::hours{5}), "");
  EXPECT_NE(read.engine.declare("warming", at_second(0), std::chrono::hours{24 * 365}), "");
  EXPECT_EQ(read.engine.declare("none", at_second(0), {}), "");
}

TEST_F(ExpressionRules, CompareWithWhatIsUsualHere) {
  ReadEngine read{R"({"rules": [{"id": "flow", "kind": "ratio", "channel": "Flow", "hold": "1m",
      "when": "phase == 'base'", "keep": true,
      "low": {"at": 0.5, "severity": "critical", "text": "{value}"}, "high": {"at": 0.7}}]})"};
  ASSERT_TRUE(read.mistakes.empty()) << describe(read.mistakes, "");
  Feed feed{read.engine, Channels{{"PT2_T_K", "PT2 T(K)", "K", "temperature"},
                                  {"Flow", "Flow", "mmol/s", "flow"}}};
  Told all;
  const auto minutes = [&](int from, int to, double flow) {
    for (int minute = from; minute < to; ++minute) {
      for (const auto& line : told(feed.row(60 * minute, {4, flow}))) all.push_back(line);
    }
  };
  minutes(0, 100, 0.4);
  EXPECT_EQ(all, Told{}) << "nothing is usual yet";
  minutes(100, 300, 0.4);
  EXPECT_EQ(all, Told{" flow: "});
  EXPECT_EQ(read.engine.baselines().at("base").at("Flow").at("median"), 0.4);
  minutes(300, 3000, 0.1);
  EXPECT_EQ(all.size(), 2U);
  EXPECT_EQ(all.back(), "raise flow: 0.25");
  EXPECT_EQ(read.engine.baselines().at("base").at("Flow").at("median"), 0.4)
      << "a failure of two days must not become the usual";
  read.engine.reset_baselines("Flow");
  EXPECT_TRUE(read.engine.baselines().empty());
}

TEST_F(ExpressionRules, UseDerivedChannelsLikeThoseOfTheLog) {
  ReadEngine read{R"({"channels": {"derived": {"dT": "Out - In", "a_half": "dT / 2"}},
      "rules": [{"id": "r", "channel": "a_half", "high": {"at": 3, "severity": "warning",
      "text": "{channel} {value}"}, "low": {"text": "ok"}}]})"};
  ASSERT_TRUE(read.mistakes.empty()) << describe(read.mistakes, "");
  Feed feed{read.engine, std::vector<std::string>{"In", "Out"}};
  EXPECT_EQ(told(feed.row(0, {15, 20})), Told{" r: ok"});
  EXPECT_EQ(told(feed.row(1, {15, kNone})), Told{});
  EXPECT_EQ(told(feed.row(2, {15, 25})), Told{"raise r: a_half 5"});
  EXPECT_TRUE(read.engine.check({{"main", feed.channels()}}).empty());
  const auto other =
      std::make_shared<const Channels>(Channels{{"dT", "dT", "", ""}, {"In", "In", "", ""}});
  const auto mistakes = read.engine.check({{"main", other}});
  ASSERT_EQ(mistakes.size(), 2U);
  EXPECT_EQ(mistakes[0].path, "channels.derived.dT");
  EXPECT_EQ(mistakes[0].text, "the log has a channel of that name already");
  EXPECT_EQ(mistakes[1].path, "channels.derived.dT") << "Out is not there";
}

TEST_F(ExpressionRules, NameMistakesInDerivedChannels) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"a b": "1"})", "channels.derived.a b"},
      {R"({"a": 1})", "channels.derived.a"},
      {R"({"a": "1 +"})", "channels.derived.a"},
      {R"({"a": "b", "b": "a"})", "channels.derived.a"},
      {R"({"a": "a + 1"})", "channels.derived.a"},
      {"[]", "channels.derived"}};
  for (const auto& [derived, path] : wrong) {
    const auto mistakes =
        ReadEngine{std::string{R"({"channels": {"derived": )"} + derived + "}}"}.mistakes;
    ASSERT_FALSE(mistakes.empty()) << derived;
    EXPECT_EQ(mistakes[0].path, path);
  }
}

}  // namespace
}  // namespace coldwatch
