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
    const auto attempt = nlohmann::json::parse(entry.body);
    EXPECT_EQ(attempt["notifier"], "c") << entry.body;
    EXPECT_EQ(attempt["result"], &entry == &trail.back() ? "sent" : "retry") << entry.body;
    EXPECT_TRUE(attempt.contains("incident") && attempt.contains("delay_s")) << entry.body;
  }
  EXPECT_EQ(core.last_json("_bridge/main/delivery"), nlohmann::json::parse(trail.back().body));
}

}  // namespace
}  // namespace coldwatch
