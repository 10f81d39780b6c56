// Who commanded what, and what was told to whom with what result, stands in the history.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/bridge/bridge_helper.hpp"

namespace coldwatch {
namespace {

using std::chrono::minutes;

std::vector<HistoryEntry> of_kind(const Core& core, const std::string& kind) {
  std::vector<HistoryEntry> found;
  std::ranges::copy_if(core.history, std::back_inserter(found),
                       [&kind](const HistoryEntry& entry) { return entry.kind == kind; });
  return found;
}

TEST(Audit, ACommandStandsInTheHistoryWithWhoAndWhat) {
  Core core;
  core.alarm("f1", "hot", alarm_message(Severity::kCritical, 1));
  const std::pair<const char*, const char*> rows[] = {
      {"ack", R"({"fridge":"f1","by":"Ann","note":"on my way"})"},
      {"unack", R"({"fridge":"f1","by":"Bob"})"},
      {"shelve", R"({"match":{"fridge":"f1"},"by":"Cleo","for":"1h","why":"leak test"})"},
      {"unshelve", R"({"match":{"fridge":"f1"},"by":"Dan"})"},
      {"test", R"({"notifier":"c","by":"Eve"})"},
      {"reload", R"({"by":"Fay"})"},
      {"shelve", R"({"match":{"fridge":"f1"},"by":"Gus","for":"a year"})"},
      {"dance", R"({"by":"Hal"})"},
      {"ack", R"({"fridge":"f1"})"},
      {"ack", R"(no JSON)"}};
  for (const auto& [verb, payload] : rows) {
    core.publish(std::string{"_bridge/main/cmd/"} + verb, payload);
  }
  const auto trail = of_kind(core, "command");
  ASSERT_EQ(trail.size(), std::size(rows));
  for (std::size_t i = 0; i < trail.size(); ++i) {
    EXPECT_EQ(trail[i].body, rows[i].second) << "what was sent, and by whom";
    EXPECT_NE(trail[i].text.find(rows[i].first), std::string::npos) << trail[i].text;
    EXPECT_EQ(trail[i].text.find("refused") != std::string::npos, i > 5) << trail[i].text;
  }
}

TEST(Audit, TheTextOfACommandNamesWhoAsked) {
  Core core;
  core.publish("_bridge/main/cmd/reload", R"({"by":"Fay"})");
  core.publish("_bridge/main/cmd/reload", "");
  core.publish("_bridge/main/cmd/unack", R"({"fridge":"f1","by":"Bob"})");
  core.publish("_bridge/main/cmd/ack", R"({"fridge":"f1"})");
  const auto trail = of_kind(core, "command");
  ASSERT_EQ(trail.size(), 4U);
  EXPECT_TRUE(trail[0].text.starts_with("command reload by Fay: the config will be"))
      << trail[0].text;
  EXPECT_TRUE(trail[1].text.starts_with("command reload by somebody who gave no name: "));
  EXPECT_EQ(trail[2].text, "command unack by Bob: 0 alarms no longer acknowledged");
  EXPECT_EQ(trail[3].text,
            "command ack by somebody who gave no name: refused: by: is missing, expected the name "
            "of whoever asks for this");
}

TEST(Audit, ACommandToAnAgentStandsInTheHistoryAndNobodyIsTold) {
  Core core;
  core.publish("f1/event",
               R"({"id":"0b4e5a1de1a1f4f7b0a3c5d7e9f10213","type":"command","severity":"info",)"
               R"("text":"reload by Ann: the config will be read again","epoch":"e","seq":1,)"
               R"("replay":false,"t":"2026-03-01T12:00:00.000Z"})");
  core.wait(minutes{10});
  const auto trail = of_kind(core, "command");
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_EQ(trail[0].fridge, "f1");
  EXPECT_EQ(trail[0].text, "command reload by Ann: the config will be read again");
  EXPECT_EQ(parse_json(trail[0].body)["seq"], 1);
  EXPECT_TRUE(core.take_told().empty());
  ASSERT_FALSE(core.confirmations.empty()) << "or the agent would keep it for ever";
}

TEST(Audit, EachAttemptOfADeliveryIsPublishedAndKept) {
  Core core;
  core.outcome["c"] = Outcome::kRetry;
  core.alarm("f1", "hot", alarm_message(Severity::kCritical, 1));
  core.wait(minutes{5});
  core.outcome["c"] = Outcome::kSent;
  core.wait(minutes{30});
  const auto trail = of_kind(core, "delivery");
  ASSERT_GE(trail.size(), 3u) << "some that failed, and one that did not";
  for (const HistoryEntry& entry : trail) {
    const auto attempt = parse_json(entry.body);
    EXPECT_EQ(attempt["notifier"], "c") << entry.body;
    EXPECT_EQ(attempt["result"], &entry == &trail.back() ? "sent" : "retry") << entry.body;
    EXPECT_TRUE(attempt.contains("incident") && attempt.contains("delay_s")) << entry.body;
  }
  EXPECT_EQ(core.last_json("_bridge/main/delivery"), parse_json(trail.back().body));
}

}  // namespace
}  // namespace coldwatch
