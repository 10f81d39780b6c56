#include "agent/agent.hpp"

#include <limits>

#include "tests/agent/agent_helper.hpp"

namespace coldwatch {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

TEST(Agent, TellsATransitionOnceAsStateAndAsEvent) {
  World world;
  world.row(kNoon, 0.05);
  world.agent.settle(world.out);
  auto alarms = world.take("alarm/warm");
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0]["state"], "normal");

  world.row(kNoon + 1min, 0.3);
  EXPECT_TRUE(world.agent.alarms_changed());
  world.agent.settle(world.out);
  alarms = world.take("alarm/warm");
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0]["state"], "active");
  EXPECT_EQ(alarms[0]["text"], "MC is warm");
  EXPECT_EQ(alarms[0]["epoch"], "e1");
  const EventMessage* event = world.agent.events().next();
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->type, "raise");
  EXPECT_EQ(alarms[0]["seq"], event->seq);
  EXPECT_EQ(alarms[0]["id"], event->id);
  EXPECT_EQ(event->file, "log one.vcl");
  EXPECT_EQ(event->row, "2");
  EXPECT_FALSE(event->replay);

  world.row(kNoon + 2min, 0.35);
  world.agent.settle(world.out);
  EXPECT_TRUE(world.take("alarm").empty());
  EXPECT_EQ(world.agent.events().events().size(), 1U);
}

TEST(Agent, MarksOldRowsAsReplayAndKeepsThemOutOfLive) {
  World world;
  world.row(kNoon, 0.3, kNoon + 5min);
  EXPECT_EQ(world.take("live").size(), 1U);
  EXPECT_FALSE(world.agent.events().events().back().replay);
  world.row(kNoon + 1min, 0.05, kNoon + 6min + 1ms);
  EXPECT_EQ(world.take("live").size(), 0U);
  EXPECT_TRUE(world.agent.events().events().back().replay);
}

TEST(Agent, DoesNotTellAnAlarmOfLastWeekAsOneOfNow) {
  World world;
  world.row(kNoon - 24h * 7, 0.3, kNoon);
  EXPECT_TRUE(world.take("alarm").empty());
  for (const Publication& one : world.agent.announcement()) {
    EXPECT_EQ(one.topic.find("/alarm/"), std::string::npos) << "in the middle of a backlog";
  }
  world.row(kNoon, 0.05, kNoon);
  world.agent.settle(world.out);
  const auto alarms = world.take("alarm");
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0]["state"], "normal");
  EXPECT_EQ(world.agent.events().events().size(), 2U);  // came and went
}

TEST(Agent, AnnouncesStatusAndInfoBeforeTheAlarms) {
  World world;
  world.row(kNoon, 0.3);
  world.agent.settle(world.out);
  const auto publications = world.agent.announcement();
  ASSERT_EQ(publications.size(), 3U);
  EXPECT_EQ(publications[0], world.agent.status(true));
  EXPECT_EQ(publications[1].topic, "coldwatch/lab/triton1/info");
  EXPECT_EQ(publications[2].topic, "coldwatch/lab/triton1/alarm/warm");
  for (const Publication& one : publications) EXPECT_TRUE(one.retain) << one.topic;
  const json info = parse_json(publications[1].payload);
  EXPECT_EQ(info["channels"]["MC_T_K"]["name"], "MC T(K)");
  EXPECT_EQ(info["channels"]["MC_T_K"]["unit"], "K");
  EXPECT_EQ(info["rules_rev"], parse_json(publications[2].payload)["rules_rev"]);
}

TEST(Agent, ClearsTheTopicOfARuleThatTheConfigNoLongerHas) {
  World before;
  before.row(kNoon, 0.3);
  before.agent.settle(before.out);
  World after{before.state(), "{}"};
  after.agent.settle(after.out);
  const auto publications = after.agent.announcement();
  ASSERT_EQ(publications.size(), 3U);
  EXPECT_EQ(publications[2].topic, "coldwatch/lab/triton1/alarm/warm");
  EXPECT_EQ(publications[2].payload, "");
  EXPECT_TRUE(publications[2].retain);
}

TEST(Agent, RepeatsAfterACrashWithTheSameSeqAndId) {
  World before;
  before.row(kNoon, 0.05);
  before.agent.settle(before.out);
  const AgentState saved = before.state();
  before.row(kNoon + 1min, 0.3);
  // What was published is lost with the process; the state on disk is the one before the row.
  World after{saved};
  after.row(kNoon, 0.05);  // moves the row count of this world on, as the log has it
  after.row(kNoon + 1min, 0.3);
  ASSERT_EQ(after.agent.events().events().size(), 1U);
  EXPECT_EQ(after.agent.events().events()[0], before.agent.events().events()[0]);
}

TEST(Agent, KeepsUnconfirmedEventsOverARestart) {
  World before;
  before.row(kNoon, 0.3);
  before.agent.events().mark_sent();  // handed to the broker, which is not delivered
  World after{before.state()};
  ASSERT_NE(after.agent.events().next(), nullptr);
  EXPECT_EQ(*after.agent.events().next(), before.agent.events().events()[0]);
}

TEST(Agent, CountsAConfirmationOnlyWhereItConfirmsSomething) {
  World world;
  world.row(kNoon, 0.3);
  const std::string topic = "coldwatch/lab/_bridge/confirmed/triton1";
  world.message(topic, R"({"epoch":"e1","seq":0})");
  world.message(topic, R"({"epoch":"e0","seq":1})");
  EXPECT_EQ(world.agent.confirmations(), 0U);
  world.message(topic, R"({"epoch":"e1","seq":1})");
  world.message(topic, R"({"epoch":"e1","seq":1})", kNoon, true);  // with every connection
  EXPECT_EQ(world.agent.confirmations(), 1U);
}

TEST(Agent, NeverWritesAValueThatIsNone) {
  for (const double value :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    World world;
    world.row(kNoon, value);
    EXPECT_EQ(world.out.live.at(0).payload, R"({"t":"2026-03-01T12:00:00.000Z"})");
    world.agent.on_tick(kNoon, {}, world.out);
    EXPECT_EQ(world.take("reading/MC_T_K").at(0),
              json({{"t", "2026-03-01T12:00:00.000Z"}, {"unit", "K"}, {"quality", "invalid"}}));
  }
}

TEST(Agent, SendsReadingsAtMostEveryTenSeconds) {
  World world;
  int readings = 0;
  for (int second = 0; second < 60; ++second) {
    world.row(kNoon + 1s * second, 0.05);
    world.agent.on_tick(kNoon + 1s * second, {}, world.out);
    readings += static_cast<int>(world.take("reading/MC_T_K").size());
  }
  EXPECT_EQ(readings, 6);
}

TEST(Agent, SendsHealthAndReadingsAgainToANewConnectionButNoOldOnes) {
  World world;
  world.row(kNoon, 0.05);
  world.agent.on_tick(kNoon, {}, world.out);
  world.out = {};
  world.agent.on_connected(true);
  world.agent.on_tick(kNoon + 1s, {}, world.out);
  EXPECT_EQ(world.out.live.size(), 2U);
  world.out = {};
  world.agent.on_connected(true);
  world.agent.on_tick(kNoon + 5min + 1ms, {}, world.out);
  EXPECT_EQ(world.take("reading").size(), 0U);
}

TEST(Agent, RetainsReadingsOnlyWhereTheyExpire) {
  for (const bool v5 : {false, true}) {
    World world;
    world.agent.on_connected(v5);
    world.row(kNoon, 0.05);
    world.agent.on_tick(kNoon, {}, world.out);
    ASSERT_FALSE(world.out.live.empty());
    const Publication& reading = world.out.live.back();
    EXPECT_EQ(reading.topic, "coldwatch/lab/triton1/reading/MC_T_K");
    EXPECT_EQ(reading.retain, v5);
    EXPECT_EQ(reading.expiry.has_value(), v5);
  }
}

struct HealthCase {
  const char* what;
  LogFacts facts;
  std::optional<UtcTime> row;
  const char* log;
};

TEST(Agent, SaysInEveryHeartbeatHowTheLogIs) {
  using State = LogCondition::State;
  const HealthCase cases[] = {
      {"rows come", {}, kNoon - 1min, "live"},
      {"no row for long", {}, kNoon - 11min, "stale"},
      {"no row ever", {}, {}, "stale"},
      {"folder gone", {.condition = {State::kMissing, "C:/logs: not found"}}, kNoon, "missing"},
      {"no permission", {.condition = {State::kUnreadable, "denied"}}, kNoon, "unreadable"},
  };
  for (const HealthCase& one : cases) {
    World world;
    if (one.row) world.row(*one.row, 0.05, kNoon);
    world.agent.settle(world.out);
    world.out = {};
    world.agent.on_tick(kNoon, one.facts, world.out);
    const auto health = world.take("health");
    ASSERT_EQ(health.size(), 1U) << one.what;
    EXPECT_EQ(health[0]["log"], one.log) << one.what;
    EXPECT_EQ(health[0].contains("log_text"), std::string{one.log} != "live") << one.what;
    EXPECT_EQ(health[0]["n"], 1) << one.what;
  }
}

TEST(Agent, BeatsAtTheIntervalOfTheConfigEvenIfTheClockIsSetBack) {
  World world;
  int beats = 0;
  for (const auto offset : {0s, 1s, 29s, 30s, 59s, 60s, -3600s, -3599s}) {
    world.agent.on_tick(kNoon + offset, {}, world.out);
    beats += static_cast<int>(world.take("health").size());
  }
  EXPECT_EQ(beats, 4);
}

TEST(Agent, RepeatsRetainedStateEveryTenMinutes) {
  World world;
  world.row(kNoon, 0.3);
  world.agent.settle(world.out);
  world.agent.on_tick(kNoon, {}, world.out);
  world.out = {};
  world.agent.on_tick(kNoon + 9min + 59s, {}, world.out);
  EXPECT_TRUE(world.take("alarm").empty());
  world.agent.on_tick(kNoon + 10min, {}, world.out);
  EXPECT_EQ(world.take("alarm").size(), 1U);
}

TEST(Agent, PublishesTheScheduledSnapshotOnceEvenIfThePcWasOff) {
  AgentConfig config = plain_config();
  config.snapshot_schedule = parse_schedule("daily 12:00");
  World before{{.fridge = "triton1", .epoch = "e1"}, kWarmRule, config};
  before.row(kNoon - 1h, 0.05);
  before.agent.settle(before.out);
  before.agent.on_tick(kNoon - 1h, {}, before.out);
  EXPECT_TRUE(before.take("snapshot").empty());
  World after{before.state(), kWarmRule, config};
  after.row(kNoon + 1h, 0.05);
  after.agent.settle(after.out);
  after.agent.on_tick(kNoon + 1h, {}, after.out);
  EXPECT_EQ(after.take("snapshot").at(0)["reason"], "schedule");
  after.agent.on_tick(kNoon + 2h, {}, after.out);
  EXPECT_TRUE(after.take("snapshot").empty());
}

TEST(Agent, DropsTheOldestEventsWithOneGapWhereNoBridgeConfirms) {
  World world;
  for (int i = 0; i < 3000; ++i) world.row(kNoon + 1s * i, i % 2 == 0 ? 0.3 : 0.05);
  const auto& events = world.agent.events().events();
  EXPECT_EQ(events.size(), EventJournal::kMostEvents);
  EXPECT_EQ(std::ranges::count(events, "gap", &EventMessage::type), 1);
  EXPECT_EQ(events.back().type, "clear");
}

TEST(Agent, NoTextIsLongerThanTheContractSays) {
  const std::string text =
      std::string(900, 'x') + "{channel}{since}{since}{since}{since}{since}{since}";
  nlohmann::json rules = parse_json(kWarmRule);
  rules["rules"][0]["high"]["text"] = text;
  World world{{.fridge = "triton1", .epoch = "e1"}, rules.dump()};
  world.row(kNoon, 0.3);
  world.agent.settle(world.out);
  const auto alarms = world.take("alarm");
  ASSERT_FALSE(alarms.empty());
  EXPECT_EQ(alarms.back()["text"].get<std::string>().size(), kLongestAlarmTextBytes);
  world.agent.on_notice({"gap", "main", "old.vcl", std::string(9000, 'x')}, kNoon);
  EXPECT_EQ(world.agent.events().events().back().text.size(), kLongestEventTextBytes);
}

TEST(Agent, TellsTheSameNoticeOfTheLogOnce) {
  World world;
  const LogNotice notice{"gap", "main", "old.vcl", "40 rows can no longer be read"};
  world.agent.on_notice(notice, kNoon);
  world.agent.on_notice(notice, kNoon + 1s);
  ASSERT_EQ(world.agent.events().events().size(), 1U);
  EXPECT_EQ(world.agent.events().events()[0].text, notice.text);
}

}  // namespace
}  // namespace coldwatch
