#include "bridge/bridge.hpp"

#include <gtest/gtest.h>

#include "tests/bridge/bridge_helper.hpp"

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Told = std::vector<std::string>;

constexpr Severity kWarning = Severity::kWarning;
constexpr Severity kCritical = Severity::kCritical;

TEST(Bridge, TheBookShowsGatesAtOnce) {
  BridgeConfig config = config_with({"c"});
  config.inhibit = {{{{{"severity", {"critical"}}}}, {{{"severity", {"warning"}}}}, true, false}};
  Core core{config};
  const auto shows = [&core](bool shelved, bool inhibited) {
    const auto book = core.last_json("_bridge/main/book/f1/hot");
    EXPECT_EQ(book["shelved"], shelved) << book;
    EXPECT_EQ(book["inhibited"], inhibited) << book;
  };
  core.alarm("f1", "hot", alarm_message(kWarning, 1));
  shows(false, false);
  core.publish("_bridge/main/cmd/shelve", R"({"match":{"rule":"hot"},"by":"Ann","for":"1h"})");
  shows(true, false);
  core.alarm("f1", "fire", alarm_message(kCritical, 2));
  shows(true, true);
  core.publish("_bridge/main/cmd/unshelve", R"({"match":{"rule":"hot"},"by":"Ann"})");
  shows(false, true);
  EXPECT_EQ(core.last_json("_bridge/main/book/f1/fire")["inhibited"], false);
  EXPECT_TRUE(core.take_told().empty()) << "all of it before anything was told";
}

TEST(Bridge, TheBookFollowsAnAlarmToItsEnd) {
  Core core;
  core.alarm("f1", "hot", alarm_message(kWarning, 1));
  EXPECT_EQ(core.last_json("_bridge/main/book/f1/hot")["state"], "unacknowledged");
  core.publish("_bridge/main/cmd/ack", R"({"fridge":"f1","by":"Ann","note":"on my way"})");
  const auto book = core.last_json("_bridge/main/book/f1/hot");
  EXPECT_EQ(book["state"], "acknowledged");
  EXPECT_EQ(book["acknowledged_by"], "Ann");
  EXPECT_EQ(book["note"], "on my way");
  core.alarm("f1", "hot", alarm_message(Severity::kInfo, 2, AlarmState::kNormal));
  ASSERT_NE(core.last("_bridge/main/book/f1/hot"), nullptr);
  EXPECT_EQ(*core.last("_bridge/main/book/f1/hot"), "") << "the retained entry is removed";
}

TEST(Bridge, AnswersWhoAsks) {
  Core core;
  core.alarm("f1", "hot", alarm_message(kWarning, 1));
  const std::pair<const char*, const char*> rows[] = {
      {"ack", R"({"fridge":"f9","by":"Ann","requester":"me"})"},
      {"ack", R"({"fridge":"f1","by":"Ann","requester":"me"})"},
      {"shelve", R"({"match":{},"by":"Ann","for":"13h","requester":"me"})"},
      {"dance", R"({"requester":"me"})"}};
  const char* answers[] = {"0 alarms acknowledged by Ann", "1 alarm acknowledged by Ann",
                           "refused: for: expected at most 12h", "refused: unknown command"};
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    core.publish(std::string{"_bridge/main/cmd/"} + rows[i].first, rows[i].second);
    const auto reply = core.last_json("_bridge/main/reply/me");
    EXPECT_TRUE(reply["text"].get<std::string>().starts_with(answers[i])) << reply;
    EXPECT_EQ(reply["ok"], i < 2) << reply;
  }
}

TEST(Bridge, AnEventIsConfirmedWithTheStepThatStoresIt) {
  Core core;
  EventMessage event{
      .id = "1", .type = "notice", .rule = "on", .text = "pumping", .time = core.now()};
  event.epoch = "e";
  event.seq = 7;
  core.publish("f1/event", dump(to_json(event)));
  ASSERT_EQ(core.confirmations.size(), 1U);
  EXPECT_EQ(core.confirmations[0].topic, "coldwatch/lab/_bridge/confirmed/f1");
  EXPECT_EQ(parse_json(core.confirmations[0].payload),
            (nlohmann::json{{"epoch", "e"}, {"seq", 7}}));
  EXPECT_EQ(core.history.back().kind, "event");
}

TEST(Bridge, AfterAReconnectEventsWaitForTheirOrder) {
  Core core;
  core.bridge().on_connection(true, "", core.now());
  EventMessage event{.id = "2", .type = "notice", .rule = "on", .text = "b", .time = core.now()};
  event.epoch = "e";
  event.seq = 2;
  core.publish("f1/event", dump(to_json(event)));
  event.id = "1";
  event.seq = 1;
  event.text = "a";
  core.publish("f1/event", dump(to_json(event)));
  EXPECT_TRUE(core.confirmations.empty());
  core.wait(seconds{20});
  ASSERT_EQ(core.confirmations.size(), 1U);
  EXPECT_NE(core.confirmations[0].payload.find("2"), std::string::npos);
  ASSERT_EQ(core.history.size(), 2U);
  EXPECT_EQ(core.history[0].text, "notice: a");
}

TEST(Bridge, AnEventThatAnAgentReadsAgainWithoutItsStateIsOldNews) {
  Core core;
  EventMessage event{.id = "1", .type = "notice", .rule = "on", .text = "a", .time = core.now()};
  event.epoch = "before";
  event.seq = 5;
  core.publish("f1/event", dump(to_json(event)));
  event.epoch = "after";
  event.seq = 1;
  core.publish("f1/event", dump(to_json(event)));
  EXPECT_EQ(core.confirmations.size(), 2U) << "it is confirmed, or it would come for ever";
  EXPECT_EQ(core.history.size(), 1U);
}

TEST(Bridge, TheDrillComesAsAnEventAndReachesEveryNotifier) {
  BridgeConfig config = config_with({"a", "b"});
  config.routes = {{.match = {}, .to = {}}};  // nobody
  Core core{config};
  const Publication drill = drill_publication({"coldwatch", "lab"}, "main", core.now());
  EXPECT_EQ(drill.topic, "coldwatch/lab/_bridge/main/event");
  core.publish("_bridge/main/cmd/shelve", R"({"match":{},"by":"Ann","for":"1h"})");
  core.publish("_bridge/main/event", "{}");
  core.publish("_bridge/main/event", drill.payload, true);
  EXPECT_EQ(core.take_told(), Told{}) << "what is no event, or comes from the broker's memory";
  core.publish("_bridge/main/event", drill.payload);
  EXPECT_EQ(core.take_told(), (Told{"a: notice _bridge/drill", "b: notice _bridge/drill"}));
  core.publish("_bridge/main/event", drill.payload);
  core.publish("_bridge/other/event", drill.payload);
  EXPECT_EQ(core.take_told(), Told{}) << "taken once, and only the bridge's own";
}

TEST(Bridge, AMessageThatArrivedIsPublishedForOtherBridges) {
  Core core;
  core.alarm("f1", "hot", alarm_message(kCritical, 5));
  core.wait(seconds{2});
  EXPECT_EQ(core.take_told(), Told{"c: open f1/hot"});
  EXPECT_EQ(core.last("_bridge/notified/f1/hot"), nullptr) << "there is none";
  core.bridge().on_connection(true, "", core.now());
  core.publish("_bridge/second/status", "offline", true);
  core.wait(seconds{5});
  const auto notified = core.last_json("_bridge/notified/f1/hot");
  EXPECT_EQ(notified["by"], "main");
  EXPECT_EQ(notified["seq"], 5);
  EXPECT_EQ(notified["intent"], "still") << "it was told before";
  EXPECT_EQ(notified["known"]["c"]["shown"], "active");
  EXPECT_EQ(core.last_json("_bridge/main/delivery")["result"], "sent");
}

TEST(Bridge, AnEventAfterAMissingOneWaitsAndIsAskedFor) {
  Core core;
  const auto event = [&core](std::uint64_t seq, const std::string& type) {
    EventMessage one{.id = std::to_string(seq), .type = type, .rule = "hot"};
    one.text = "too warm, the " + std::to_string((seq + 1) / 2) + ". time";
    one.time = one.since = core.now() - seconds{100} + seconds{20 * seq};
    one.epoch = "e";
    one.seq = seq;
    one.previous = seq - 1;
    core.publish("f1/event", dump(to_json(one)));
  };
  event(1, "raise");
  event(2, "clear");
  core.wait(seconds{60});
  EXPECT_EQ(core.take_told(), Told{"c: occurred_and_cleared f1/hot"});
  ASSERT_FALSE(core.confirmations.empty());
  event(5, "raise");
  event(6, "clear");
  EXPECT_EQ(parse_json(core.confirmations.back().payload)["seq"], 2);
  EXPECT_NE(core.last("f1/cmd/announce"), nullptr);
  for (std::uint64_t seq = 3; seq <= 6; ++seq) event(seq, seq % 2 == 1 ? "raise" : "clear");
  EXPECT_EQ(parse_json(core.confirmations.back().payload)["seq"], 6);
  core.wait(seconds{60});
  EXPECT_EQ(core.take_told(), Told{"c: occurred_and_cleared f1/hot occurred_and_cleared f1/hot"});
}

TEST(Bridge, WhatTheGraceHasHeldBackGoesBeforeWhatComesWhenItIsOver) {
  Core core;
  core.bridge().on_connection(false, "cut", core.now());
  core.bridge().on_connection(true, "", core.now());
  const auto event = [&core](std::uint64_t seq, UtcTime now) {
    EventMessage one{.id = std::to_string(seq), .type = "notice", .rule = "on", .text = "pumping"};
    one.epoch = "e";
    one.seq = seq;
    one.previous = seq - 1;
    core.bridge().on_message("coldwatch/lab/f1/event", dump(to_json(one)), false, now);
  };
  const UtcTime over = core.now() + BridgeConfig{}.start_grace;
  event(1, over - seconds{1});
  event(2, over);  // before anything was thought about
  core.wait(minutes{1});
  std::vector<std::string> taken;
  for (const HistoryEntry& entry : core.history) {
    if (entry.kind == "event") taken.push_back(entry.body.substr(entry.body.find("\"seq\"")));
  }
  ASSERT_EQ(taken.size(), 2U) << "a confirmed event that was not taken is lost";
  EXPECT_NE(taken[0].find("\"seq\":1"), std::string::npos);
}

TEST(Bridge, AnAlarmWhoseStatesComeAtOnceIsMentionedWhereItLasted) {
  for (const auto& [lasted_s, told] :
       {std::pair{40, Told{"c: occurred_and_cleared f1/hot"}}, std::pair{2, Told{}}}) {
    Core core;
    AlarmMessage raise = alarm_message(kCritical, 1);
    raise.since = raise.time = core.now() - seconds{60};
    AlarmMessage clear = alarm_message(Severity::kInfo, 2, AlarmState::kNormal);
    clear.time = raise.time + seconds{lasted_s};
    core.alarm("f1", "hot", raise);
    core.alarm("f1", "hot", clear);
    core.wait(seconds{60});
    EXPECT_EQ(core.take_told(), told) << lasted_s;
  }
}

TEST(Bridge, AnotherConfigKeepsWhatIsKnownAndTold) {
  Core core{config_with({"a"})};
  core.alarm("f1", "hot", alarm_message(kCritical, 1));
  core.wait(seconds{2});
  core.publish("_bridge/main/cmd/shelve", R"({"match":{"fridge":"f2"},"by":"Ann","for":"1h"})");
  EXPECT_EQ(core.take_told(), Told{"a: open f1/hot"});
  BridgeConfig next = config_with({"a", "b"});
  next.reconcile.critical_wait = seconds{30};
  std::string error;
  core.bridge().configure(next, TimeZone::find("UTC", error).value(), core.now());
  core.wait(minutes{1});
  EXPECT_EQ(core.take_told(), Told{"b: open f1/hot"}) << "a knows it already, b is new";
  EXPECT_EQ(core.bridge().shelves().size(), 1U);
  core.bridge().configure(config_with({"b"}), TimeZone::find("UTC", error).value(), core.now());
  core.alarm("f1", "hot", alarm_message(Severity::kInfo, 2, AlarmState::kNormal));
  EXPECT_EQ(core.take_told(), Told{"b: clear f1/hot"});
}

TEST(Bridge, WhatBeganByAClockSinceSetBackIsNotWaitedFor) {
  Core core;
  const AlarmKey key{"lab", "f1", "hot"};
  Alarm alarm{.key = key, .standing = Standing::kUnacknowledged, .incident = "i"};
  alarm.message = alarm_message(Severity::kCritical, 1);
  alarm.raised_at = alarm.severity_at = alarm.unacknowledged_at =
      core.now() + std::chrono::hours{1};
  const Incident incident{.id = "i", .members = {key}, .active = {key}};
  core.bridge().restore(
      {{Table::kAlarms, row_id(key), to_row(alarm)}, {Table::kIncidents, "i", to_row(incident)}},
      core.now());
  core.alarm("f1", "hot", alarm_message(Severity::kCritical, 2, AlarmState::kNormal));
  core.wait(std::chrono::minutes{1});
  const std::vector<std::string> expected{"c: occurred_and_cleared f1/hot"};
  EXPECT_EQ(core.take_told(), expected);
}

TEST(Bridge, AStoredRuleThatCannotStandInATopicIsForgotten) {
  Core core;
  const AlarmKey key{"lab", "evil", "a/#b"};
  Alarm alarm{.key = key, .standing = Standing::kUnacknowledged};
  alarm.message = alarm_message(kCritical, 1);
  const auto said =
      core.bridge().restore({{Table::kAlarms, row_id(key), to_row(alarm)}}, core.now());
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find("lab/evil/a/#b"), std::string::npos);
  EXPECT_EQ(core.bridge().book().find(key), nullptr);
  core.wait(minutes{1});
  for (const Publication& one : core.take_published()) {
    EXPECT_EQ(one.topic.find('#'), std::string::npos) << one.topic;
  }
}

TEST(Bridge, AnAgentThatInventsRulesTakesNoRoomFromOthers) {
  Core core;
  for (int i = 0; i < 1500; ++i) {
    core.alarm("mad", "r" + std::to_string(i), alarm_message(Severity::kInfo, 1));
  }
  core.alarm("sane", "hot", alarm_message(Severity::kCritical, 1));
  const AlarmBook& book = core.bridge().book();
  EXPECT_EQ(book.alarms().size(), AlarmBook::kMostOfOneFridge + 1);
  EXPECT_TRUE(book.find({"lab", "sane", "hot"}) != nullptr);
  core.alarm("mad", "r7", alarm_message(Severity::kCritical, 2));
  EXPECT_EQ(book.find({"lab", "mad", "r7"})->severity(), Severity::kCritical) << "it is known";
  for (int i = 0; i < 20'000; ++i) core.alarm("mad", "new", alarm_message(Severity::kInfo, 1));
  core.wait(std::chrono::minutes{5});
  EXPECT_TRUE(book.find({"lab", "mad", "messages_dropped"}) != nullptr) << "and somebody is told";
}

TEST(Bridge, LargeMessagesOfOneFridgeAreNotAllLookedAt) {
  Core core;
  AlarmMessage large = alarm_message(Severity::kInfo, 1);
  large.text = std::string(200'000, 'x');
  for (int i = 0; i < 100; ++i) core.alarm("mad", "r" + std::to_string(i), large);
  core.wait(seconds{1});
  const AlarmBook& book = core.bridge().book();
  EXPECT_TRUE(book.find({"lab", "mad", "r38"}) != nullptr);
  EXPECT_TRUE(book.find({"lab", "mad", "r41"}) == nullptr);
  const Alarm* told = book.find({"lab", "mad", "messages_dropped"});
  ASSERT_TRUE(told != nullptr);
  EXPECT_NE(told->message.text.text().find("100 messages or 64 kB a second"), std::string::npos);
}

TEST(Bridge, InventedNoticesDoNotBecomeAsManyMessages) {
  Core core;
  core.outcome["c"] = Outcome::kRetry;
  EventMessage notice{.type = "notice", .text = "filled", .time = core.now(), .epoch = "e"};
  for (int i = 1; i <= 3000; ++i) {
    notice.id = notice.rule = "n" + std::to_string(i);
    notice.seq = static_cast<std::uint64_t>(i);
    core.publish("mad/event", dump(to_json(notice)));
  }
  core.wait(seconds{1});
  std::size_t incidents = 0;
  for (const auto& [row, body] : core.rows) incidents += row.first == Table::kIncidents;
  EXPECT_LE(incidents, 1010U);
  EXPECT_TRUE(core.bridge().book().find({"lab", "mad", "messages_dropped"}) != nullptr);
}

TEST(Bridge, OfManyAlarmsInOneMessageOnlyTheFirstHaveTheirTrend) {
  Core core;
  AlarmMessage message = alarm_message(kWarning, 1);
  message.trend.assign(kLongestTrend, {1, 2});
  message.cause = "same";
  for (int i = 0; i < 400; ++i) core.alarm("f" + std::to_string(i), "hot", message);
  core.wait(seconds{30});
  ASSERT_EQ(core.arrived.size(), 1U);
  const Items& items = core.arrived[0].items;
  ASSERT_EQ(items.size(), 400U);
  EXPECT_EQ(items[299].trend.size(), kLongestTrend);
  EXPECT_TRUE(items[300].trend.empty()) << "only its name is said";
}

TEST(Bridge, ThreeFridgesWithDifferentRulesGetTheQuestion) {
  Core core;
  const char* rules[] = {"hot", "pressure", "flow"};
  for (int i = 0; i < 8; ++i) core.publish("f" + std::to_string(i) + "/status", "online");
  for (int i = 0; i < 3; ++i) {
    core.alarm("f" + std::to_string(i), rules[i], alarm_message(kWarning, 1));
    core.wait(seconds{1});
  }
  core.wait(seconds{30});
  ASSERT_EQ(core.arrived.size(), 3U);
  EXPECT_EQ(core.arrived[0].title, "Common cause? 3 of 8 fridges: f0: too warm");
}

TEST(Bridge, FridgesFarApartInTimeAreNoCommonCause) {
  Core core;
  for (int i = 0; i < 3; ++i) {
    core.alarm("f" + std::to_string(i), "rule" + std::to_string(i), alarm_message(kWarning, 1));
    core.wait(seconds{90});
  }
  ASSERT_EQ(core.arrived.size(), 3U);
  for (const Notification& one : core.arrived) EXPECT_EQ(one.title.find("Common"), one.title.npos);
}

TEST(Bridge, AsksForWhatTheBrokerHasLost) {
  const std::string event =
      R"({"id":"a1","type":"raise","t":"2026-01-01T00:00:00Z","since":"2026-01-01T00:00:00Z",)"
      R"("epoch":"e","seq":7,"replay":false,"rule":"hot","severity":"critical","text":"hot",)"
      R"("state":"active","file":"f","row":"1"})";
  const auto health = [](int unconfirmed) {
    return R"({"t":"2026-01-01T00:00:00Z","epoch":"e","n":1,"log":"live","unconfirmed_events":)" +
           std::to_string(unconfirmed) + "}";
  };
  struct Row {
    const char* name;
    const char* topic;
    std::string payload;
    bool asked;
  };
  const Row rows[] = {{"a state, ahead of which is its event", "f1/event", event, true},
                      {"an event that the agent counts", "f1/health", health(1), true},
                      {"nothing", "f1/health", health(0), false}};
  for (const Row& row : rows) {
    Core core;
    core.publish(row.topic, row.payload);
    core.wait(seconds{4});
    EXPECT_EQ(core.last("f1/cmd/announce"), nullptr) << row.name;
    core.wait(seconds{2});
    EXPECT_EQ(core.last("f1/cmd/announce") != nullptr, row.asked) << row.name;
  }
}

}  // namespace
}  // namespace coldwatch
