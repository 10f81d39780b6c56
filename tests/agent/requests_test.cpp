#include "agent/requests.hpp"

#include "tests/agent/agent_helper.hpp"

namespace coldwatch {
namespace {

using namespace std::chrono_literals;

constexpr const char* kCommand = "coldwatch/lab/triton1/cmd/";
constexpr const char* kConfirmed = "coldwatch/lab/_bridge/confirmed/triton1";

TEST(Requests, AnswersEveryCommand) {
  struct Case {
    const char* verb;
    const char* payload;
    const char* status;
  };
  const Case cases[] = {
      {"announce", "", "ok"},
      {"test", "{}", "ok"},
      {"snapshot", R"({"text":"before the helium fill"})", "ok"},
      {"replay", "", "ok"},
      {"reload", "", "ok"},
      {"declare", R"({"phase":"warming"})", "ok"},
      {"declare", R"({"phase":"maintenance","for":"2h"})", "ok"},
      {"declare", R"({"phase":"none"})", "ok"},
      {"declare", R"({"phase":"lunch"})", "error"},
      {"declare", R"({"phase":"warming","for":"long"})", "error"},
      {"declare", R"({"phase":"warming","for":"365d"})", "error"},
      {"declare", "", "error"},
      {"baselines", "", "ok"},
      {"baselines", R"({"reset":"MC_T_K"})", "error"},
      {"baselines", R"({"reset":"all"})", "error"},
      {"reboot", "", "error"},
      {"", "", "error"},
      {"test", "not json", "error"},
      {"test", "[1]", "error"},
      {"test", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]", "error"},
      {"test", R"({"requester":5)", "error"},
  };
  for (const Case& one : cases) {
    World world;
    const MqttMessage message{.topic = kCommand + std::string{one.verb},
                              .payload = one.payload,
                              .response_topic = "coldwatch/lab/desk/answers",
                              .correlation_data = "77"};
    world.agent.on_message(message, kNoon, world.out);
    ASSERT_FALSE(world.out.state.empty()) << one.verb;
    const Publication& reply = world.out.state.back();
    EXPECT_EQ(reply.topic, "coldwatch/lab/desk/answers");
    EXPECT_EQ(reply.correlation_data, "77");
    EXPECT_FALSE(reply.retain);
    EXPECT_EQ(parse_json(reply.payload)["status"], one.status) << one.verb << " " << one.payload;
  }
}

TEST(Requests, AreIgnoredWhereTheyAreRetained) {
  World world;
  world.message(kCommand + std::string{"reload"}, "", kNoon, true);
  EXPECT_FALSE(world.agent.take_reload_wanted());
  world.message(kCommand + std::string{"test"}, R"({"requester":"me"})", kNoon, true);
  EXPECT_TRUE(world.agent.events().events().empty());
  EXPECT_TRUE(world.out.state.empty());
}

TEST(Requests, AnswerOnATopicThatTheRequesterMayName) {
  struct Case {
    const char* response_topic;
    const char* payload;
    const char* answered_on;
  };
  const Case cases[] = {
      {"", R"({"requester":"desk","transaction":"7"})", "coldwatch/lab/triton1/reply/desk"},
      {"", "{}", ""},
      {"", R"({"requester":"../alarm"})", ""},
      {"", R"({"requester":"a/b"})", ""},
      {"", R"({"requester":7})", ""},
      {"x/y", R"({"requester":"desk"})", "x/y"},
      {"coldwatch/lab/triton1/reply/desk", "{}", "coldwatch/lab/triton1/reply/desk"},
      {"coldwatch/lab/triton1/alarm/warm", "{}", ""},
      {"coldwatch/lab/triton1/status", "{}", ""},
      {"coldwatch/+/x", "{}", ""},
      {"#", "{}", ""},
  };
  for (const Case& one : cases) {
    World world;
    world.agent.on_message({.topic = kCommand + std::string{"test"},
                            .payload = one.payload,
                            .response_topic = one.response_topic},
                           kNoon, world.out);
    if (*one.answered_on == '\0') {
      EXPECT_TRUE(world.out.state.empty()) << one.response_topic << one.payload;
      continue;
    }
    ASSERT_EQ(world.out.state.size(), 1U) << one.response_topic << one.payload;
    EXPECT_EQ(world.out.state[0].topic, one.answered_on);
  }
}

TEST(Requests, CannotFloodTheJournalOrTheBroker) {
  World world;
  world.row(kNoon, 0.3);
  world.agent.settle(world.out);
  world.agent.on_tick(kNoon, {}, world.out);
  world.out = {};
  for (int i = 0; i < 1000; ++i) {
    world.message(kCommand + std::string{"test"}, "", kNoon + 1ms * i);
    world.message(kCommand + std::string{"announce"}, "", kNoon + 1ms * i);
  }
  EXPECT_EQ(world.agent.events().events().size(), 2U);
  world.agent.on_tick(kNoon + 1s, {}, world.out);
  EXPECT_EQ(world.take("alarm").size(), 1U);
}

TEST(Requests, LeaveATrailOfWhoWhatAndWhatBecameOfIt) {
  struct Case {
    const char* verb;
    const char* payload;
    const char* type;  // of the event; "" for none
    const char* text;
  };
  const Case cases[] = {
      {"announce", R"({"by":"Ann"})", "", ""},
      {"replay", R"({"by":"Ann"})", "", ""},
      {"baselines", R"({"by":"Ann"})", "", ""},
      {"test", R"({"requester":"desk"})", "test", "test requested by desk"},
      {"test", R"({"by":"Ann","text":"hello"})", "test", "test requested by Ann: hello"},
      {"snapshot", R"({"by":"Ann"})", "command", "snapshot by Ann: snapshot published"},
      {"declare", R"({"by":"Ann","phase":"warming","for":"2h"})", "command",
       "declare by Ann: phase warming for 2 h; asked with {\"for\":\"2h\",\"phase\":\"warming\"}"},
      {"declare", R"({"requester":"desk","phase":"none"})", "command",
       "declare by desk: no phase is declared any more; asked with {\"phase\":\"none\"}"},
      {"baselines", R"({"by":"Ann","reset":"all"})", "command", "baselines by Ann: refused: "},
      {"reload", "", "command", "reload by somebody who gave no name: the config will be read"},
      {"reboot", R"({"by":"Mallory"})", "command",
       "reboot by Mallory: refused: unknown command \"reboot\""},
      {"reload", "no JSON", "command", "reload by somebody who gave no name: refused: the payload"},
  };
  for (const Case& one : cases) {
    World world;
    world.message(kCommand + std::string{one.verb}, one.payload);
    const auto& events = world.agent.events().events();
    ASSERT_EQ(events.empty(), *one.type == '\0') << one.verb << one.payload;
    if (events.empty()) continue;
    EXPECT_EQ(events.front().type, one.type) << one.verb << one.payload;
    EXPECT_TRUE(events.front().text.starts_with(one.text)) << events.front().text;
    EXPECT_EQ(events.front().rule, "");
    EXPECT_TRUE(world.agent.take_unsaved()) << "saved before it is published";
  }
}

TEST(Requests, RefusedForWantOfAnAccessListLeaveATrailAsWell) {
  World world;
  world.agent.refuse_commands("the broker lets everybody write everything");
  world.message(kCommand + std::string{"declare"}, R"({"by":"Mallory","phase":"maintenance"})");
  world.message(kCommand + std::string{"announce"}, "");
  ASSERT_EQ(world.agent.events().events().size(), 1U);
  EXPECT_TRUE(world.agent.events().events()[0].text.starts_with(
      "declare by Mallory: refused: the broker lets everybody"));
}

TEST(Requests, OfDaysPushNoAlarmOutOfTheJournal) {
  World world;
  world.row(kNoon, 0.3);
  const char* const payloads[][2] = {{"declare", R"({"phase":"none"})"},
                                     {"declare", R"({"phase":"lunch"})"},
                                     {"test", ""},
                                     {"snapshot", ""},
                                     {"reload", ""}};
  for (int i = 0; i < 20'000; ++i) {
    const auto& [verb, payload] = payloads[i % std::size(payloads)];
    world.message(kCommand + std::string{verb}, payload, kNoon + 6s * i);
  }
  EXPECT_EQ(world.agent.events().events().front().rule, "warm");
  EXPECT_LE(world.agent.events().events().size(), 300U);
}

TEST(Requests, AnnounceSendsUnconfirmedEventsAgain) {
  World world;
  world.row(kNoon, 0.3);
  world.agent.events().mark_sent();
  EXPECT_EQ(world.agent.events().next(), nullptr);
  world.message(kCommand + std::string{"announce"}, "");
  world.agent.on_tick(kNoon, {}, world.out);
  EXPECT_NE(world.agent.events().next(), nullptr);
}

TEST(Requests, ReloadIsPassedOnOnce) {
  World world;
  world.message(kCommand + std::string{"reload"}, "");
  EXPECT_TRUE(world.agent.take_reload_wanted());
  EXPECT_FALSE(world.agent.take_reload_wanted());
}

TEST(Requests, SnapshotHoldsValuesWithUnits) {
  World world;
  world.row(kNoon, 0.05);
  world.out = {};
  world.message(kCommand + std::string{"snapshot"}, R"({"text":"before the fill"})");
  const auto snapshots = world.take("snapshot");
  ASSERT_EQ(snapshots.size(), 1U);
  EXPECT_EQ(snapshots[0]["reason"], "command");
  EXPECT_EQ(snapshots[0]["text"], "before the fill\nMC T(K): 0.05 K");
  EXPECT_EQ(
      snapshots[0]["values"]["MC_T_K"],
      nlohmann::json({{"name", "MC T(K)"}, {"value", 0.05}, {"unit", "K"}, {"quality", "good"}}));
}

TEST(Requests, SnapshotTellsTheCourseOfEachChannel) {
  World world;
  for (int minute = 0; minute <= 300; ++minute) {
    world.row(kNoon + 1min * minute, minute == 250 ? 0.15 : 0.05 + minute * 1e-4);
  }
  world.row(kNoon + 301min, std::numeric_limits<double>::quiet_NaN());
  world.out = {};
  world.message(kCommand + std::string{"snapshot"}, "{}", kNoon + 301min);
  const nlohmann::json snapshot = world.take("snapshot").at(0);
  EXPECT_EQ(snapshot["text"], "Snapshot\nMC T(K): no good value");
  const nlohmann::json& trend = snapshot["values"]["MC_T_K"]["trend"];
  EXPECT_LE(trend.size(), Latest::kTrendPoints);
  EXPECT_GE(trend.size(), 20U);
  EXPECT_DOUBLE_EQ(trend.back()[1].get<double>(), 0.08) << "the newest good value";
  EXPECT_EQ(trend.back()[0].get<double>() - trend.front()[0].get<double>(), 115 * 60);

  world.row(kNoon + 302min, 0.06);
  world.message(kCommand + std::string{"snapshot"}, "{}", kNoon + 302min);
  EXPECT_EQ(world.take("snapshot").at(0)["text"],
            "Snapshot\nMC T(K): 0.06 K (0.06 to 0.15 in 1 h 59 min)");
  const EventMessage& event = world.agent.events().events().back();
  EXPECT_EQ(event.type, "snapshot") << "people are told, and not only the broker";
  EXPECT_EQ(event.text, "Snapshot: MC T(K) 0.06 K");
}

TEST(Requests, SnapshotShowsTheChosenChannelsAndNoMoreThanFits) {
  AgentConfig config = plain_config();
  config.snapshot_channels = {"B_K", "A(K)"};
  World world{{.fridge = "triton1", .epoch = "e1"}, kWarmRule, config};
  const auto take_from = [](World& one, const std::vector<std::string>& columns) {
    const SharedChannels channels = channels_of(columns);
    const RowBatch batch = batch_of(channels, {{kNoon, std::vector<double>(columns.size(), 0.5)}});
    const std::string stream = "main";
    one.agent.on_row({stream, stream, one.agent.view(stream, channels)}, batch[0], kNoon, one.out);
    one.out = {};
    one.message(kCommand + std::string{"snapshot"}, "", kNoon);
    return one.take("snapshot").at(0);
  };
  EXPECT_EQ(take_from(world, {"A(K)", "B(K)", "C(K)"})["text"],
            "Snapshot\nA(K): 0.5 K\nB(K): 0.5 K");

  World large;
  std::vector<std::string> many;
  for (int i = 0; i < 1000; ++i)
    many.push_back("A rather long name of a channel " + std::to_string(i));
  EXPECT_EQ(take_from(large, many)["values"].size(), many.size());
  EXPECT_LE(large.agent.events().events().back().text.size(), 4000U);
}

TEST(Requests, PhaseSurvivesARestartAndStandsInHealth) {
  World before;
  before.row(kNoon, 0.05);
  before.message(kCommand + std::string{"declare"}, R"({"phase":"maintenance"})");
  World after{before.state()};
  after.row(kNoon + 1min, 0.05);
  after.agent.on_tick(kNoon + 1min, {}, after.out);
  EXPECT_EQ(after.take("health").at(0)["phase"], "maintenance");
}

TEST(Confirmations, RemoveWhatTheBridgeHasSafe) {
  struct Case {
    const char* payload;
    std::size_t left;
  };
  const Case cases[] = {
      {R"({"epoch":"e1","seq":2})", 1},
      {R"({"epoch":"e1","seq":3})", 0},
      {R"({"epoch":"e0","seq":3})", 3},
      {R"({"epoch":"e1"})", 3},
      {R"({"epoch":"e1","seq":-1})", 3},
      {R"({"epoch":"e1","seq":"3"})", 3},
      {R"({"epoch":1,"seq":3})", 3},
      {"", 3},
      {"nonsense", 3},
      {R"({"epoch":"e1","seq":18446744073709551615})", 3},
  };
  for (const Case& one : cases) {
    World world;
    for (const double value : {0.3, 0.05, 0.3}) world.row(kNoon, value);
    world.agent.settle(world.out);
    world.message(kConfirmed, one.payload);
    EXPECT_EQ(world.agent.events().events().size(), one.left) << one.payload;
  }
}

TEST(Confirmations, OfEventsThatTheStateFileForgotMoveTheCountOn) {
  World world;
  world.row(kNoon, 0.3);
  world.agent.settle(world.out);
  world.out = {};
  world.message(kConfirmed, R"({"epoch":"e1","seq":50})");
  world.agent.settle(world.out);
  const auto alarms = world.take("alarm/warm");
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_GT(alarms[0]["seq"], 50);
  world.row(kNoon + 1min, 0.05);
  EXPECT_GT(world.agent.events().events().back().seq, alarms[0]["seq"].get<std::uint64_t>());
}

}  // namespace
}  // namespace coldwatch
