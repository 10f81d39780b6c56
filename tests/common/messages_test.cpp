#include "common/messages.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "common/json.hpp"

namespace coldwatch {
namespace {

AlarmMessage an_alarm() {
  return {.state = AlarmState::kActive,
          .severity = Severity::kCritical,
          .text = "Pulse tube is off",
          .channel = "Motor_Current",
          .value = 0.0,
          .unit = "A",
          .limit = 10,
          .time = *parse_rfc3339("2026-01-02T03:04:05Z"),
          .since = *parse_rfc3339("2026-01-02T03:02:05Z"),
          .epoch = "e1",
          .seq = 7,
          .id = "f1-abc",
          .cause = "pulse_tube",
          .latch = true,
          .rules_rev = "9f3c",
          .playbook = "Look at the compressor",
          .trend = {{1.5, 20.0}, {2.5, 0.0}}};
}

EventMessage an_event() {
  return {.id = "f1-abc",
          .type = "raise",
          .rule = "pt_off",
          .state = AlarmState::kActive,
          .severity = Severity::kCritical,
          .text = "Pulse tube is off",
          .channel = "Motor_Current",
          .value = 0.5,
          .unit = "A",
          .time = *parse_rfc3339("2026-01-02T03:04:05Z"),
          .since = *parse_rfc3339("2026-01-02T03:02:05Z"),
          .epoch = "e1",
          .seq = 7,
          .replay = true,
          .cause = "pulse_tube",
          .file = "log 260102 030000.vcl",
          .row = "4"};
}

TEST(Messages, ReadBackAsWritten) {
  std::string error;
  EXPECT_EQ(parse_alarm(dump(to_json(an_alarm())), error), an_alarm()) << error;
  EXPECT_EQ(parse_alarm(dump(to_json(AlarmMessage{.epoch = "e"})), error),
            AlarmMessage{.epoch = "e"})
      << error;
  EXPECT_EQ(parse_event(dump(to_json(an_event())), error), an_event()) << error;
}

TEST(Messages, AreTheSameAsTextAndAsAValue) {
  AlarmMessage broken = an_alarm();
  broken.text = "\xFF \"quoted\" \\ \t µ";
  broken.value = std::numeric_limits<double>::infinity();
  for (const AlarmMessage& message : {an_alarm(), AlarmMessage{.epoch = "e"}, broken}) {
    auto expected = to_json(message);
    expected.erase("trend");
    std::string text;
    append_without_trend(text, message);
    EXPECT_EQ(dump(parse_json(text)), dump(expected));
  }
}

TEST(Messages, NeverHoldNull) {
  AlarmMessage alarm = an_alarm();
  alarm.value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(to_json(alarm).contains("value"));
  const nlohmann::json empty = to_json(AlarmMessage{});
  for (const auto& [key, value] : empty.items()) EXPECT_FALSE(value.is_null()) << key;
}

TEST(Messages, HostilePayloadsAreRefusedWithTheKeyThatIsWrong) {
  const std::string good = R"({"state":"active","severity":"warning","epoch":"e","seq":1)";
  const std::pair<std::string, const char*> table[] = {
      {"", "is not JSON"},
      {"{", "is not JSON"},
      {"\xff\xfe", "is not JSON"},
      {"[]", "is not a JSON object"},
      {"1", "is not a JSON object"},
      {"{}", "state: is missing"},
      {R"({"state":"firing","severity":"warning","epoch":"e","seq":1})", "state: found \"firing\""},
      {R"({"state":1,"severity":"warning","epoch":"e","seq":1})", "state: found 1"},
      {R"({"state":"active","severity":"warning","epoch":"e","seq":-1})", "seq: found -1"},
      {R"({"state":"active","severity":"warning","epoch":"e","seq":1.5})", "seq: found 1.5"},
      {R"({"state":"active","severity":"warning","epoch":"e","seq":9007199254740993})",
       "expected a whole number from 0 to 2^53"},
      {R"({"state":"active","severity":"warning","epoch":"e","seq":1e400})", ""},
      {R"({"state":"active","severity":"warning","epoch":null,"seq":1})", "epoch: found null"},
      {good + R"(,"t":"yesterday"})", "t: found \"yesterday\""},
      {good + R"(,"value":"1"})", "value: found \"1\""},
      {good + R"(,"trend":[[1]]})", "trend: found [[1]]"},
      {good + R"(,"trend":[1]})", "trend: found [1]"},
      {good + R"(,"latch":"no"})", "latch: found \"no\""},
      {std::string(100000, '['), "deeper than 8 levels"},
      {"{\"a\":\"" + std::string(kLargestPayloadBytes, 'x') + "\"}", "expected at most 262144"},
  };
  for (const auto& [payload, expected] : table) {
    std::string error;
    EXPECT_EQ(parse_alarm(payload, error), std::nullopt) << payload.substr(0, 80);
    EXPECT_NE(error.find(expected), std::string::npos) << error << " for " << payload.substr(0, 80);
    EXPECT_FALSE(error.empty());
  }
}

TEST(Messages, ARuleThatCannotStandInATopicIsRefused) {
  const auto event = [](const std::string& rule) {
    return R"({"id":"1","type":"notice","epoch":"e","seq":1,"rule":")" + rule + "\"}";
  };
  std::string error;
  for (const std::string& good : {std::string{}, std::string{"mxc_hot-2"}, std::string(64, 'r')}) {
    EXPECT_TRUE(parse_event(event(good), error)) << error;
  }
  for (const std::string& bad :
       {std::string{"a/#b"}, std::string{"+"}, std::string{"a/b"}, std::string{"two words"},
        std::string{"\u00fc"}, std::string(65, 'r')}) {
    EXPECT_FALSE(parse_event(event(bad), error)) << bad;
    EXPECT_NE(error.find("rule: found"), std::string::npos) << error;
  }
}

TEST(Messages, BrokenUtf8InATextBecomesReadableText) {
  const std::string good =
      R"({"state":"active","severity":"critical","epoch":"e","seq":1,"text":")";
  const std::pair<std::string, std::string> table[] = {
      {"PT2 \xff is hot", "PT2 \uFFFD is hot"},
      {"\xe6\xb8", "\uFFFD\uFFFD"},
      {"\xc0\xaf", "\uFFFD\uFFFD"},
      {"温度", "温度"},
  };
  for (const auto& [bytes, text] : table) {
    std::string error;
    const auto alarm = parse_alarm(good + bytes + "\"}", error);
    ASSERT_TRUE(alarm.has_value()) << error;
    EXPECT_EQ(alarm->text, text);
  }
  EXPECT_NO_THROW(dump(nlohmann::json{{"text", "\xff"}}));
}

TEST(Messages, NothingIsLongerThanAnAgentMakesIt) {
  const std::string big(4000, '\x01');
  nlohmann::json object = to_json(an_alarm());
  for (const char* key :
       {"text", "channel", "unit", "epoch", "id", "cause", "rules_rev", "playbook"}) {
    object[key] = big;
  }
  std::string error;
  const auto alarm = parse_alarm(dump(object), error);
  ASSERT_TRUE(alarm) << error;
  EXPECT_EQ(alarm->text, std::string(1000, ' ')) << "a control character is six bytes of JSON";
  EXPECT_EQ(alarm->playbook.text().size(), 1000U);
  EXPECT_EQ(alarm->channel.text().size(), 200U);
  EXPECT_EQ(alarm->unit.text().size(), 64U);
  for (const std::string& id :
       {alarm->epoch.text(), alarm->id, alarm->cause.text(), alarm->rules_rev.text()}) {
    EXPECT_EQ(id.size(), 128U);
  }
  object = to_json(an_event());
  for (const char* key :
       {"text", "channel", "unit", "epoch", "id", "cause", "type", "file", "row"}) {
    object[key] = big + "more";
  }
  const auto event = parse_event(dump(object), error);
  ASSERT_TRUE(event) << error;
  EXPECT_EQ(event->text.size(), 4000U) << "a snapshot names all values";
  EXPECT_EQ(event->file.size(), 300U);
  EXPECT_LT(dump(to_json(*event)).size(), 6000U);
}

TEST(Messages, ATextIsCutBetweenTwoCharactersAndKeepsItsLines) {
  nlohmann::json object = to_json(an_alarm());
  std::string text = "x";
  for (int i = 0; i < 1000; ++i) text += "冷";
  object["text"] = text;
  object["playbook"] = "1. close\r\n2.\tcall\x7f\x1b";
  std::string error;
  const auto alarm = parse_alarm(dump(object), error);
  ASSERT_TRUE(alarm) << error;
  EXPECT_EQ(alarm->text, text.substr(0, 1000));
  EXPECT_EQ(alarm->playbook, "1. close\r\n2.\tcall  ");
}

TEST(Messages, HealthIsReadWithWhatAnAgentAdds) {
  std::string error;
  const auto health = parse_health(
      R"({"t":"2026-01-02T03:04:05Z","epoch":"e","n":812,"log":"stale",
          "log_text":"no row for 7 min","row_age_s":420.5,"backlog_bytes":0,"phase":"base"})",
      error);
  ASSERT_TRUE(health.has_value()) << error;
  EXPECT_EQ(health->n, 812u);
  EXPECT_EQ(health->log, "stale");
  EXPECT_EQ(health->row_age_s, 420.5);
}

}  // namespace
}  // namespace coldwatch
