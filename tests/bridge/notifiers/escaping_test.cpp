// How single texts are made harmless; hostile_test.cpp tries whole messages.
#include "bridge/notifiers/escaping.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

TEST(Escaping, Tables) {
  EXPECT_EQ(escape_entities("a<b>&amp;"), "a&lt;b&gt;&amp;amp;");
  EXPECT_EQ(escape_html("\"'<"), "&quot;&#39;&lt;");
  EXPECT_EQ(escape_markdown("_*[a](b)#1"), "\\_\\*\\[a\\](b)\\#1");
  EXPECT_EQ(escape_markdown("@everyone"), "@\u200Beveryone");
  EXPECT_EQ(escape_lookalike("</font>*[x]@all"), "＜/font＞＊［x］＠all");
  EXPECT_EQ(escape_lark("<at id=all>*"), "&#60;at id=all&#62;&#42;");
  EXPECT_EQ(escape_lookalike("Motor_Current_A _i_ __u__ _"), "Motor_Current_A ＿i＿ ＿＿u＿＿ ＿");
  EXPECT_EQ(escape_lark("T > 1 K 温度"), "T &#62; 1 K 温度");
}

TEST(Escaping, OnlyWhatShowsIsLeft) {
  const std::pair<std::string, std::string> rows[] = {
      {"a\r\nb\tc\x1b", "a  b c "},
      {std::string{"a\0b", 3}, "a b"},
      {"1\u202E2\u202C3\u20664\u2069", "1234"},
      {"a\u200Bb\u200E\uFEFFc\u2028\u0085", "abc"},
      {"\xff\xe6\xb8", "\uFFFD\uFFFD\uFFFD"},
      {"温度 🔥 👩‍🔬 é °C",
       "温度 🔥 👩‍🔬 é °C"},  // joiners belong to what they join
      {"\U000E0041tag", "tag"},
      {"\u202E", ""},
      {"", ""},
  };
  for (const auto& [text, shown] : rows) EXPECT_EQ(visible(text), shown);
}

}  // namespace
}  // namespace coldwatch
