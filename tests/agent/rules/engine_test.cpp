#include "agent/rules/engine.hpp"

#include <cmath>

#include "tests/agent/rules/rules_helper.hpp"

namespace coldwatch {
namespace {

using Told = std::vector<std::string>;
const double kNone = std::nan("");

constexpr char kPulseTube[] = R"({"rules": [{
    "id": "pt_off", "channel": "A", "hold": "2m", "clear_hold": "1m", "cause": "pulse_tube",
    "latch": true, "playbook": "Look at the compressor.", "initial": "high",
    "low": {"at": 10, "severity": "critical", "text": "Pulse tube off: {value} {unit}"},
    "high": {"at": 10.1, "text": "Pulse tube on"}}]})";

TEST(Engine, ReportsAnAlarmWhenItHasHeldAndItsEnd) {
  ReadEngine read{kPulseTube};
  Feed feed{read.engine, Channels{{"A", "Motor Current", "A", "current"}}};
  EXPECT_EQ(told(feed.row(0, {22})), Told{" pt_off: Pulse tube on"})
      << "normal, now that it is judged";
  EXPECT_EQ(told(feed.row(60, {0.5})), Told{});
  EXPECT_EQ(told(feed.row(120, {0.4})), Told{});
  const auto raise = feed.row(180, {0.3});
  EXPECT_EQ(told(raise), Told{"raise pt_off: Pulse tube off: 0.3 A"});
  const AlarmMessage& alarm = raise.at(0).alarm;
  EXPECT_EQ(alarm.state, AlarmState::kActive);
  EXPECT_EQ(alarm.kind, AlarmKind::kAlarm);
  EXPECT_EQ(alarm.severity, Severity::kCritical);
  EXPECT_EQ(alarm.channel, "A");
  EXPECT_EQ(alarm.value, 0.3);
  EXPECT_EQ(alarm.unit, "A");
  EXPECT_EQ(alarm.limit, 10);
  EXPECT_EQ(alarm.time, at_second(180));
  EXPECT_EQ(alarm.since, at_second(60))
      << "since the first row beyond the limit, not since the hold";
  EXPECT_EQ(alarm.cause, "pulse_tube");
  EXPECT_TRUE(alarm.latch);
  EXPECT_EQ(alarm.playbook, "Look at the compressor.");
  EXPECT_EQ(alarm.trend, (std::vector<TrendPoint>{{0, 22}, {60, 0.5}, {120, 0.4}, {180, 0.3}}));

  EXPECT_EQ(told(feed.row(240, {10.05})), Told{}) << "in between it stays";
  EXPECT_EQ(read.engine.states().at("pt_off").value, 10.05) << "the state has the newest value";
  EXPECT_EQ(told(feed.row(300, {20})), Told{});
  EXPECT_EQ(told(feed.row(360, {20})), Told{"clear pt_off: Pulse tube on"});
  EXPECT_EQ(read.engine.states().at("pt_off").state, AlarmState::kNormal);
}

TEST(Engine, SaysNormalOnlyAfterItWasJudged) {
  ReadEngine read{kPulseTube};
  EXPECT_EQ(read.engine.states().at("pt_off").state, AlarmState::kUnknown);
  Feed feed{read.engine, {"A"}};
  feed.row(0, {kNone});
  EXPECT_EQ(read.engine.states().at("pt_off").state, AlarmState::kUnknown) << "a disabled channel";
  feed.row(60, {1});
  EXPECT_EQ(read.engine.states().at("pt_off").state, AlarmState::kUnknown)
      << "may be an alarm soon";
  feed.row(120, {10.05});
  EXPECT_EQ(read.engine.states().at("pt_off").state, AlarmState::kNormal);
}

TEST(Engine, ReportsAnAlarmThatExistsAtTheStartButNoNotice) {
  ReadEngine read{R"({"rules": [
      {"id": "hot", "channel": "A", "initial": "high",
       "high": {"at": 10, "severity": "warning", "text": "hot"}, "low": {"at": 5, "text": "cold"}},
      {"id": "base", "channel": "A", "initial": "low", "high": {"at": 10, "text": "left base"},
       "low": {"at": 5, "text": "reached base"}},
      {"id": "silent_end", "channel": "A",
       "high": {"at": 10, "severity": "warning", "text": "hot"}}]})"};
  Feed feed{read.engine, {"A"}};
  EXPECT_EQ(told(feed.row(0, {11})), (Told{"raise hot: hot", "raise silent_end: hot"}));
  EXPECT_EQ(told(feed.row(60, {4})),
            (Told{"clear hot: cold", "notice base: reached base", "clear silent_end: "}));
  EXPECT_EQ(told(feed.row(120, {11})),
            (Told{"raise hot: hot", "notice base: left base", "raise silent_end: hot"}));
  EXPECT_EQ(read.engine.states().size(), 2U) << "a notice has no state";
}

TEST(Engine, AnnouncesNoSideWithoutText) {
  ReadEngine read{R"({"rules": [{"id": "base", "channel": "A", "high": {"at": 10},
      "low": {"at": 5, "text": "reached base"}}]})"};
  Feed feed{read.engine, {"A"}};
  EXPECT_EQ(told(feed.row(0, {11})), Told{});
  EXPECT_EQ(told(feed.row(1, {4})), Told{"notice base: reached base"});
  EXPECT_EQ(told(feed.row(2, {11})), Told{});
}

TEST(Engine, SendsASnapshotLaterAndForgetsNoneForAnother) {
  ReadEngine read{R"({"rules": [{"id": "base", "channel": "A", "high": {"at": 10},
      "low": {"at": 5, "text": "reached base", "snapshot_after": "2h"}}]})"};
  Feed feed{read.engine, {"A"}};
  feed.row(0, {11});
  feed.row(60, {4});
  feed.row(120, {11});
  feed.row(180, {4});
  EXPECT_EQ(told(feed.row(7259, {4})), Told{});
  EXPECT_EQ(told(feed.row(7260, {4})), Told{"snapshot base: reached base"});
  EXPECT_EQ(told(feed.row(9000, {kNone})), Told{"snapshot base: reached base"});
  EXPECT_EQ(told(feed.row(9060, {4})), Told{});
}

TEST(Engine, LetsAHoldEndWithARowOfAnotherStream) {
  ReadEngine read{R"({"rules": [{"id": "off", "channel": "pulsetube", "hold": "1m",
      "low": {"at": 0.5, "severity": "critical", "text": "off"}}]})"};
  Feed changes{read.engine, {"pulsetube"}, "channels"};
  Feed gauges{read.engine, {"P1"}, "maxigauge"};
  changes.row(0, {1});
  changes.row(10, {0});
  EXPECT_EQ(told(gauges.row(69, {3})), Told{});
  EXPECT_EQ(told(gauges.row(70, {3})), Told{"raise off: off"})
      << "a log that is written on change only has no second row";
}

TEST(Engine, IsSilentAboutAChannelThatTheLogDoesNotHave) {
  ReadEngine read{kPulseTube};
  Feed feed{read.engine, {"B"}};
  EXPECT_EQ(told(feed.row(0, {0})), Told{});
  EXPECT_EQ(read.engine.states().at("pt_off").state, AlarmState::kUnknown);
}

TEST(Engine, KeepsWhatStillFitsAfterAChangeOfRules) {
  constexpr char kOther[] = R"({"rules": [
      {"id": "hot", "channel": "A", "high": {"at": 10, "severity": "warning", "text": "hot"}},
      {"id": "pt_off", "channel": "A", "low": {"at": 3, "severity": "critical", "text": "off"}}]})";
  constexpr char kHot[] = R"({"rules": [
      {"id": "hot", "channel": "A", "high": {"at": 10, "severity": "warning", "text": "hot"}}]})";
  ReadEngine before{kHot};
  Feed feed{before.engine, {"A"}};
  EXPECT_EQ(told(feed.row(0, {11})), Told{"raise hot: hot"});
  ReadEngine after{kOther};
  EXPECT_NE(after.engine.revision(), before.engine.revision());
  after.engine.restore(before.engine.state());
  EXPECT_EQ(after.engine.states().at("hot").state, AlarmState::kActive);
  EXPECT_EQ(after.engine.states().at("hot").text, "hot");
  EXPECT_EQ(after.engine.states().at("pt_off").state, AlarmState::kUnknown);
  feed.use(after.engine);
  EXPECT_EQ(told(feed.row(60, {11})), Told{" pt_off: "}) << "hot was told already";
}

TEST(Engine, SurvivesADamagedState) {
  for (const char* state :
       {"null", "[]", "{}", "3", R"({"board": 7, "rules": {}})", R"({"board": [[1]], "rules": {}})",
        R"({"board": [], "rules": {"pt_off": {"hash": 7}}})", R"({"board": [], "rules": []})",
        R"({"board": [], "rules": {"pt_off": {"judge": {"to": "low"}}}})"}) {
    ReadEngine read{kPulseTube};
    const auto revision_of_rule = read.engine.state().at("rules").at("pt_off").at("hash");
    auto damaged = parse_json(state);
    if (damaged.is_object() && damaged.contains("rules") && damaged["rules"].contains("pt_off") &&
        !damaged["rules"]["pt_off"].contains("hash")) {
      damaged["rules"]["pt_off"]["hash"] = revision_of_rule;
    }
    read.engine.restore(damaged);
    Feed feed{read.engine, {"A"}};
    EXPECT_EQ(told(feed.row(0, {22})), Told{" pt_off: Pulse tube on"}) << state;
  }
}

TEST(Engine, DescribesItsRules) {
  ReadEngine read{kPulseTube};
  EXPECT_EQ(read.engine.describe(),
            parse_json(R"([{"id": "pt_off", "kind": "alarm", "measure": "threshold"}])"));
  EXPECT_EQ(read.engine.revision(), ReadEngine{kPulseTube}.engine.revision());
  EXPECT_EQ(read.engine.revision().size(), 16U);
}

}  // namespace
}  // namespace coldwatch
