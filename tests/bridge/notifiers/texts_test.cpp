#include "bridge/notifiers/texts/texts.hpp"

#include <gtest/gtest.h>

#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

TEST(Texts, BothLanguagesHaveTheSameTexts) {
  EXPECT_EQ(Texts{"en"}.names(), Texts{"zh"}.names());
  EXPECT_FALSE(Texts{"en"}.names().empty());
}

TEST(Texts, EveryTemplateIsWellFormed) {
  for (const auto rows : {english_texts(), chinese_texts()}) {
    for (const TextRow& row : rows) EXPECT_EQ(template_error(row.text), "") << row.name;
  }
}

TEST(Texts, WordsAreNeverTemplates) {
  EXPECT_EQ(fill_template("{{text}} & {{&text}}", {{"text", "{{id}} <b>"}, {"id", "x"}}),
            "{{id}} <b> & {{id}} <b>");
}

TEST(Texts, EmptyWordsAreLeftOut) {
  const std::string_view text = "{{value}}{{#limit}} (limit {{limit}}){{/limit}}";
  EXPECT_EQ(fill_template(text, {{"value", "1 K"}, {"limit", "2 K"}}), "1 K (limit 2 K)");
  EXPECT_EQ(fill_template(text, {{"value", "1 K"}, {"limit", ""}}), "1 K");
}

TEST(Texts, BrokenTemplatesAreNamed) {
  for (const char* text : {"{{#open}}", "{{text", "{{/close}}", "{{#a}}{{/b}}"}) {
    EXPECT_NE(template_error(text), "") << text;
  }
  EXPECT_NE(template_error(std::string(kLongestTemplateBytes + 1, 'x')), "");
}

TEST(Texts, AUsersOwnReplacesOne) {
  const auto notifier =
      make_test_notifier("console", {{"texts", {{"headline.one", "!! {{fridge}} {{text}} !!"}}}});
  const auto parts = notifier->requests(test_alarm(), test_context());
  EXPECT_EQ(body_of(parts.front().request),
            "03:06  !! triton1 Pulse tube is off !!\n\n"
            "triton1: Motor_Current_A 0.3 A (limit 10 A), since 03:02 (4 min)\n"
            "Do: Look at the compressor's display.\n\n");
}

TEST(Texts, Chinese) {
  const auto notifier = make_test_notifier("console", nlohmann::json::object(), nullptr, "zh");
  NotificationItem item = item_with_trend("一号机");
  item.text = "脉管已停";
  item.playbook = "检查压缩机。";
  const auto parts = notifier->requests(test_alarm({item}), test_context());
  EXPECT_EQ(
      body_of(parts.front().request),
      "03:06  【严重】一号机：脉管已停\n\n"
      "一号机：Motor_Current_A 0.3 A（限值 10 A），上升 0.1 A/分钟，自 03:02 起（已 4 分钟）\n"
      "处理：检查压缩机。\n\n");
}

TEST(Texts, MistakesInAConfigAreNamed) {
  Mistakes mistakes;
  make_test_notifier("console", {{"texts", {{"headline.won", "x"}, {"more", "{{#x}}"}}}},
                     &mistakes);
  ASSERT_EQ(mistakes.size(), 2U);
  EXPECT_EQ(mistakes[0].path, "notifiers[0].texts.headline.won");
  EXPECT_NE(mistakes[0].text.find("headline.one"), std::string::npos);
  EXPECT_EQ(mistakes[1].path, "notifiers[0].texts.more");
}

}  // namespace
}  // namespace coldwatch
