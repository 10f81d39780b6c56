#include "agent/console/screen.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

TEST(Screen, CountsColumnsAndNotBytes) {
  struct Case {
    std::string_view text;
    int columns;
    std::string_view fitted;  // into six columns
    std::string_view right;
  };
  const Case cases[] = {
      {"", 0, "      ", "      "},
      {"pt_off", 6, "pt_off", "pt_off"},
      {"4 K", 3, "4 K   ", "   4 K"},
      {"pt_off_2", 8, "pt_of…", "pt_of…"},
      {"2.5 µW", 6, "2.5 µW", "2.5 µW"},
      {"21 °C", 5, "21 °C ", " 21 °C"},
      {"冷却水", 6, "冷却水", "冷却水"},
      {"冷却水停", 8, "冷却… ", " 冷却…"},  // a wide character is not cut in two
      {"e\u0301tage", 5, "e\u0301tage ", " e\u0301tage"},
      {"❄1", 2, "❄1    ", "    ❄1"},
      {"\U0001F9CA", 2, "\U0001F9CA    ", "    \U0001F9CA"},
      {"\xff\xfe", 2, "\xff\xfe    ", "    \xff\xfe"},  // never beyond the end of broken text
      {"\xe5", 1, "\xe5     ", "     \xe5"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(text_columns(one.text), one.columns) << one.text;
    EXPECT_EQ(fit(one.text, 6), one.fitted) << one.text;
    EXPECT_EQ(fit_right(one.text, 6), one.right) << one.text;
  }
  EXPECT_EQ(fit("abc", 0), "");
}

TEST(Screen, ClipsALineAtTheEdge) {
  const Line line{{"pt_off ", Style::kStrong}, {"CRITICAL", Style::kCritical}, {" off"}};
  EXPECT_EQ(clipped(line, 100), line);
  EXPECT_EQ(clipped(line, 15), (Line{line[0], line[1]}));
  EXPECT_EQ(clipped(line, 10), (Line{line[0], {"CR…", Style::kCritical}}));
  EXPECT_EQ(clipped(line, 7), (Line{line[0]}));
  EXPECT_TRUE(clipped(line, 0).empty());
}

}  // namespace
}  // namespace coldwatch
