#include "common/time.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

UtcTime at(long long milliseconds) { return UtcTime{Milliseconds{milliseconds}}; }

TEST(Rfc3339, WritesUtcWithMilliseconds) {
  EXPECT_EQ(to_rfc3339(at(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(at(1544485165678)), "2018-12-10T23:39:25.678Z");
  EXPECT_EQ(to_rfc3339(at(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(at(253402300799999)), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(at(253402300800000)).substr(0, 5), "9999-") << "RFC 3339 has no year 10000";
}

TEST(Rfc3339, ReadsWhatOthersWrite) {
  const std::pair<const char*, long long> good[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2018-12-10T23:39:25.678Z", 1544485165678},
      {"2018-12-10T18:39:25.678-05:00", 1544485165678},
      {"2018-12-11 00:39:25.6784+01:00", 1544485165678},
      {"2020-02-29T00:00:00Z", 1582934400000},
      {"2016-12-31T23:59:60Z", 1483228800000},
  };
  for (const auto& [text, milliseconds] : good)
    EXPECT_EQ(parse_rfc3339(text), at(milliseconds)) << text;
}

TEST(Rfc3339, RefusesWhatIsNoInstant) {
  for (const char* text : {"",
                           "2018",
                           "2018-12-10",
                           "2018-12-10T23:39",
                           "2018-12-10T23:39:25",
                           "2019-02-29T00:00:00Z",
                           "2018-13-01T00:00:00Z",
                           "2018-00-01T00:00:00Z",
                           "2018-12-10T24:00:00Z",
                           "2018-12-10T23:60:00Z",
                           "2018-12-10T23:39:61Z",
                           "2018-12-10T23:39:25Zx",
                           "2018-12-10T23:39:25+1:00",
                           "2018-12-10T23:39:25+24:00",
                           "+018-12-10T23:39:25Z",
                           "0000-01-01T00:00:00Z",
                           "2018-12-10T23:39:25.Z ",
                           "yesterday",
                           "0001-01-01T00:00:00+23:59",
                           "9999-12-31T23:59:59-00:01"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Duration, ReadsConfigTexts) {
  const std::pair<const char*, long long> good[] = {{"0s", 0},         {"250ms", 250},
                                                    {"90s", 90000},    {"5m", 300000},
                                                    {"1.5h", 5400000}, {"7d", 604800000}};
  for (const auto& [text, milliseconds] : good)
    EXPECT_EQ(parse_duration(text), Milliseconds{milliseconds});
  for (const char* text :
       {"", "90", "s", "-5s", "5 s", "5sec", "1h30m", "1e3s", "5M", "9999999d", "..s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, TextReadsBack) {
  for (const char* text : {"0s", "250ms", "90s", "5m", "36h", "7d"}) {
    EXPECT_EQ(duration_text(*parse_duration(text)), text);
  }
}

TEST(Duration, WordsForPeople) {
  using namespace std::chrono_literals;
  EXPECT_EQ(duration_words(45s), "45 s");
  EXPECT_EQ(duration_words(120s), "2 min");
  EXPECT_EQ(duration_words(4320s), "1 h 12 min");
  EXPECT_EQ(duration_words(76h), "3 d 4 h");
}

}  // namespace
}  // namespace coldwatch
