// A16: limits in bytes and characters, kept without breaking characters or markup.
#include "bridge/notifiers/layout.hpp"

#include <gtest/gtest.h>

#include "bridge/notifiers/escaping.hpp"
#include "common/text.hpp"
#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

constexpr Markup kBold{.escape = escape_lookalike, .bold_open = "<b>", .bold_close = "</b>"};

Notification storm(int fridges) {
  std::vector<NotificationItem> items;
  for (int i = 0; i < fridges; ++i) {
    items.push_back(test_item("制冷机" + std::to_string(i)));
    items.back().text = "冷却水温度过高";
  }
  return test_alarm(items);
}

std::string laid_out(int fridges, Budget budget) {
  const Texts texts;
  return lay_out(message_text(storm(fridges), texts, "", test_context()), kBold, budget, texts,
                 {.headline = true});
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(Layout, WholeMessageWhereItFits) {
  const std::string text = laid_out(3, {10000});
  EXPECT_EQ(count(text, "limit 10 A"), 3U);
  EXPECT_EQ(text.find("more"), text.npos);
}

TEST(Layout, NamesOnlyWhereThatFits) {
  const std::string text = laid_out(60, {4096});
  EXPECT_LE(text.size(), 4096U);
  EXPECT_EQ(count(text, "制冷机"), 60U) << "every alarm is named";
  EXPECT_EQ(text.find("more"), text.npos);
}

TEST(Layout, AFridgeOfManyAlarmsIsNamedOnceWithTheirNumber) {
  std::vector<NotificationItem> items;
  for (int i = 0; i < 400; ++i) {
    items.push_back(test_item(i < 250 ? "f1" : "f" + std::to_string(i / 100)));
    items.back().key.rule = "r" + std::to_string(i);
  }
  const Texts texts;
  for (const std::size_t alarms : {400U, 260U}) {
    items.resize(alarms);
    const MessageText message = message_text(test_alarm(items), texts, "", test_context());
    const std::string text = lay_out(message, kPlainMarkup, {4096}, texts, {.headline = true});
    EXPECT_NE(text.find("f1 (250)"), text.npos) << text;
    EXPECT_EQ(count(text, "f1"), 1U) << text;
    EXPECT_NE(text.find(alarms == 400 ? "f2 (50)" : "f2 (10)"), text.npos) << text;
  }
}

TEST(Layout, CutEndsWithTheNumberOfAlarmsLeftOut) {
  for (const Measure measure : {Measure::kBytes, Measure::kCharacters, Measure::kUtf16}) {
    for (const std::size_t most : {200U, 500U, 1024U, 2048U, 4096U}) {
      const Budget budget{most, measure};
      const std::string text = laid_out(5000, budget);
      SCOPED_TRACE(text.substr(text.size() - 30));
      EXPECT_LE(length_of(text, measure), most);
      EXPECT_EQ(repair_utf8(text), text);
      EXPECT_EQ(count(text, "<b>"), count(text, "</b>"));
      const std::size_t named = count(text, "制冷机");
      EXPECT_TRUE(text.ends_with("+" + std::to_string(5000 - named) + " more"));
    }
  }
}

TEST(Layout, ShortenedNeverBreaksACharacter) {
  const std::string text = "a温度🔥b";
  for (std::size_t most = 0; most < 16; ++most) {
    for (const Measure measure : {Measure::kBytes, Measure::kCharacters, Measure::kUtf16}) {
      const std::string cut = shortened(text, {most, measure});
      EXPECT_LE(length_of(cut, measure), most);
      EXPECT_EQ(repair_utf8(cut), cut);
    }
  }
  EXPECT_EQ(shortened(text, {4, Measure::kCharacters}), "a温度…");
  EXPECT_EQ(shortened(text, {5, Measure::kUtf16}), "a温度…");
  EXPECT_EQ(shortened(text, {6, Measure::kUtf16}), text);
}

TEST(Layout, LengthInThreeMeasures) {
  EXPECT_EQ(length_of("a温🔥", Measure::kBytes), 8U);
  EXPECT_EQ(length_of("a温🔥", Measure::kCharacters), 3U);
  EXPECT_EQ(length_of("a温🔥", Measure::kUtf16), 4U);
}

/// The longest that each service takes, with 5000 fridges and with one very long sentence.
TEST(Layout, EveryServiceStaysWithinItsLimit) {
  const std::map<std::string, std::size_t> limits{
      {"dingtalk", 20000},   {"discord", 20000}, {"feishu", 20480},    {"lark", 20480},
      {"ntfy", 6000},        {"slack", 14000},   {"teams", 28 * 1024}, {"telegram", 16000},
      {"wecom", 4096 + 100}, {"pushover", 12000}};
  Notification wordy = storm(1);
  std::string words;
  for (int i = 0; i < 1000; ++i) words += "<*温度过高*>";
  wordy.items.front().text = words;
  for (const auto& [type, most] : limits) {
    const auto notifier = make_test_notifier(type, good_config(type));
    for (const Notification& notification : {storm(5000), wordy}) {
      const auto parts = notifier->requests(notification, test_context());
      EXPECT_LE(body_of(parts.front().request).size(), most) << type;
    }
  }
}

}  // namespace
}  // namespace coldwatch
