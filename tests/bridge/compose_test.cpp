// The title of an incident, as the subject of every mail about it says it: each notifier's in the
// words of its own language, and the digest's where the rate limit leaves room for one message only.
#include "bridge/compose.hpp"

#include <gtest/gtest.h>

#include "bridge/bridge.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

const UtcTime kStart{std::chrono::hours{24 * 365 * 50}};

class Titles : public testing::Test {
 protected:
  static Bridge make(NotifierLimits limits) {
    BridgeConfig config;
    Texts own;
    own.replace("title.one", "[{{fridge}}] {{text}}");
    config.notifiers = {{.name = "en", .limits = limits},
                        {.name = "own", .limits = limits, .texts = own},
                        {.name = "zh", .limits = limits, .texts = Texts{"zh"}}};
    config.own_alarms = own_alarm_defaults();
    std::string error;
    return {config, TimeZone::find("UTC", error).value(), IdMaker{7}, kStart, Milliseconds{0}};
  }

  void alarm(const std::string& fridge, const std::string& rule, const std::string& text,
             Severity severity = Severity::kCritical) {
    const AlarmMessage message{.state = AlarmState::kActive,
                               .severity = severity,
                               .text = text,
                               .time = kStart,
                               .since = kStart,
                               .epoch = "E",
                               .seq = ++seq_};
    bridge_.on_message("coldwatch/lab/" + fridge + "/alarm/" + rule, to_json(message).dump(), false,
                       kStart);
  }

  /// By notifier, what is sent once everything has waited long enough.
  std::map<std::string, Notification> sent(Milliseconds later = std::chrono::seconds{15}) {
    std::map<std::string, Notification> found;
    for (Notification& one : bridge_.step(kStart + later).notifications) {
      found.emplace(one.notifier, one);
    }
    return found;
  }

  Bridge bridge_ = make({});
  std::uint64_t seq_ = 0;
};

TEST_F(Titles, OneFridge) {
  alarm("f1", "hot", "PT2 is hot");
  const auto messages = sent();
  EXPECT_EQ(messages.at("en").title, "f1: PT2 is hot");
  EXPECT_EQ(messages.at("own").title, "[f1] PT2 is hot");
  EXPECT_EQ(messages.at("zh").title, "f1：PT2 is hot");
  EXPECT_EQ(messages.at("zh").question, "");
}

TEST_F(Titles, SeveralFridges) {
  alarm("f1", "hot", "PT2 is hot");
  alarm("f2", "hot", "PT2 is hot");
  const auto messages = sent();
  EXPECT_EQ(messages.at("en").title, "PT2 is hot (2 fridges)");
  EXPECT_EQ(messages.at("zh").title, "PT2 is hot（2 台制冷机）");
}

TEST_F(Titles, AGuessAtACommonCause) {
  for (const char* fridge : {"f1", "f2", "f3"}) {
    alarm(fridge, "hot", "PT2 is hot");
    alarm(fridge, "water", "Water is warm");
  }
  const auto messages = sent();
  EXPECT_EQ(messages.at("en").title, "Common cause? 3 of 3 fridges: PT2 is hot (3 fridges)");
  EXPECT_EQ(messages.at("en").question, messages.at("en").title);
  EXPECT_EQ(messages.at("zh").title, "共同原因？3 台制冷机中 3 台报警：PT2 is hot（3 台制冷机）");
}

TEST_F(Titles, SeveralSilentFridges) {
  for (const char* fridge : {"f1", "f2"}) {
    const std::string topic = std::string{"coldwatch/lab/"} + fridge + "/status";
    bridge_.on_message(topic, "online", false, kStart);
    bridge_.on_message(topic, "offline", false, kStart);
  }
  bridge_.step(kStart);
  bridge_.step(kStart + std::chrono::minutes{2});
  const auto messages = sent(std::chrono::minutes{3});
  EXPECT_EQ(messages.at("en").title, "Power or network? 2 fridges are silent");
  EXPECT_EQ(messages.at("zh").title, "断电或断网？2 台制冷机没有数据");
}

TEST_F(Titles, OnlyWhatIsCriticalGoesOutInTheRushOfAFullHour) {
  bridge_ = make({.half_hour_pause = std::chrono::seconds{30}});
  alarm("f1", "hot", "PT2 is hot", Severity::kWarning);
  alarm("f2", "water", "Water is warm");
  const auto first = sent();
  EXPECT_EQ(first.at("en").title, "f2: Water is warm");
  const UtcTime arrived = kStart + std::chrono::seconds{16};
  for (const auto& [name, message] : first) {
    bridge_.on_result({name, message.id, Outcome::kSent, "ok", {}, ""}, arrived);
  }
  EXPECT_TRUE(sent(arrived - kStart).empty());
  EXPECT_EQ(bridge_.next(arrived), kStart + std::chrono::seconds{30});
  EXPECT_EQ(sent(std::chrono::seconds{30}).at("en").title, "f1: PT2 is hot");
}

TEST_F(Titles, ADigest) {
  bridge_ = make({.messages = 1});
  alarm("f1", "hot", "PT2 is hot");
  alarm("f2", "water", "Water is warm");
  const auto messages = sent();
  EXPECT_EQ(messages.at("en").title, "2 incidents on 2 fridges");
  EXPECT_EQ(messages.at("zh").title, "2 台制冷机的 2 起报警");
  EXPECT_EQ(messages.at("zh").items.size(), 2U);
}

}  // namespace
}  // namespace coldwatch
