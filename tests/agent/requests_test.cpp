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
    EXPECT_EQ(nlohmann::json::parse(reply.payload)["status"], one.status)
        << one.verb << " " << one.payload;
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
  EXPECT_EQ(snapshots[0]["text"], "before the fill");
  EXPECT_EQ(
      snapshots[0]["values"]["MC_T_K"],
      nlohmann::json({{"name", "MC T(K)"}, {"value", 0.05}, {"unit", "K"}, {"quality", "good"}}));
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
