#include "common/text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace coldwatch {
namespace {

TEST(Numbers, ReadEverySpellingOfTheInstruments) {
  const std::pair<const char*, double> good[] = {{"4.8E+1", 48},
                                                 {" 2.00E-2", 0.02},
                                                 {"1.082760e+02", 108.276},
                                                 {"-0.000000e+00", 0},
                                                 {"3.000338e+002", 300.0338},
                                                 {"+5", 5},
                                                 {"7", 7},
                                                 {".5", 0.5},
                                                 {"1e-400", 0},
                                                 {"\t12.5\r", 12.5}};
  for (const auto& [text, value] : good) EXPECT_EQ(parse_number(text), value) << text;
  EXPECT_EQ(parse_number("4,8E+1", ','), 48);
}

TEST(Numbers, RefuseWhatIsNone) {
  for (const char* text :
       {"", " ", "nan", "inf", "-INF", "0x10", "1.2.3", "12 V", "--", "1e999", "+-1"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_number("1.5", ','), std::nullopt);
  EXPECT_EQ(parse_number(std::string(100, '1')), std::nullopt);
}

std::string json_number(double value) {
  std::string text;
  append_json_number(text, value);
  return text;
}

TEST(Numbers, WriteJsonThatNoStoreTakesForAnInteger) {
  EXPECT_EQ(json_number(5), "5.0");
  EXPECT_EQ(json_number(0.0101), "0.0101");
  EXPECT_EQ(json_number(5.2e-6), "5.2e-06");
  EXPECT_EQ(json_number(std::numeric_limits<double>::quiet_NaN()), "null");
}

TEST(Utf8, TakesCodePage1252WhereTheTextIsNoUtf8) {
  EXPECT_EQ(to_utf8("\xB5V"), "µV");
  EXPECT_EQ(to_utf8("µV"), "µV");
  EXPECT_EQ(to_utf8("\x80"), "€");
  EXPECT_EQ(repair_utf8("a\xFF"
                        "b\xC3"),
            "a\uFFFDb\uFFFD");
  EXPECT_EQ(repair_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
}

TEST(Utf8, CutsBetweenCharacters) {
  EXPECT_EQ(utf8_prefix("aµb", 2), "a");
  EXPECT_EQ(utf8_prefix("aµb", 3), "aµ");
  EXPECT_EQ(one_line("a\r\nBcc: x", 20), "a  Bcc: x");
}

TEST(Keys, ReplaceWhatATopicCannotHold) {
  const std::pair<const char*, const char*> names[] = {{"MC RuO2 T(K)", "MC_RuO2_T_K"},
                                                       {"LineSize(bytes)", "LineSize_bytes"},
                                                       {"PT1 Head  T(K)", "PT1_Head_T_K"},
                                                       {"M/C X55751 T(K)", "M_C_X55751_T_K"},
                                                       {"chan[8] t(s)", "chan_8_t_s"},
                                                       {"", "_"},
                                                       {"混合室", "_"}};
  for (const auto& [name, key] : names) EXPECT_EQ(key_of(name), key) << name;
}

TEST(Nearest, FindsTheMisspeltWordOnly) {
  const std::vector<std::string> words{"severity", "channel", "hold"};
  EXPECT_EQ(nearest("sevrity", words), "severity");
  EXPECT_EQ(nearest("Chanel", words), "channel");
  EXPECT_EQ(nearest("broker", words), "");
}

TEST(MatchesPattern, KnowsOnlyTheStar) {
  struct Row {
    const char* pattern;
    const char* text;
    bool matches;
  };
  for (const Row& row : {Row{"", "", true},
                         Row{"", "a", false},
                         Row{"*", "", true},
                         Row{"a", "a", true},
                         Row{"a", "A", false},
                         Row{"a", "ab", false},
                         Row{"a*", "ab", true},
                         Row{"*b", "ab", true},
                         Row{"a*c", "abbc", true},
                         Row{"a*c", "abb", false},
                         Row{"*a*a*", "aa", true},
                         Row{"*a*a*", "a", false},
                         Row{"a.c", "abc", false},
                         Row{"**", "x", true},
                         Row{"[ab]", "a", false},
                         Row{"a?", "ab", false},
                         Row{"MC*T(K)", "MC RuO2 T(K)", true},
                         Row{"a*b*c", "a-b-b-c", true},
                         Row{"a*b", "a-b-c", false},
                         Row{"a*a", "a", false}}) {
    EXPECT_EQ(matches_pattern(row.pattern, row.text), row.matches)
        << row.pattern << " against " << row.text;
  }
  // A pattern of a hostile command must not take for ever.
  EXPECT_FALSE(matches_pattern("*a*a*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace coldwatch
