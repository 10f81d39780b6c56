#include "agent/formats/time_text.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

std::string read(std::string_view pattern, std::string_view text) {
  std::string error;
  const auto format = TimeText::make(pattern, error);
  EXPECT_TRUE(format) << error;
  const auto stamp = format ? format->read(text) : std::nullopt;
  if (!stamp) return "none";
  return to_rfc3339(UtcTime{stamp->time.time_since_epoch()}) + (stamp->utc ? " UTC" : "");
}

TEST(TimeText, ReadsTheTimesOfTheField) {
  const struct {
    const char* pattern;
    const char* text;
    const char* time;
  } good[] = {
      {"%Y-%m-%d %H:%M:%S", "2020-12-27 17:41:55", "2020-12-27T17:41:55.000Z"},
      {"%F %T", "2020-12-27   17:41:55.25", "2020-12-27T17:41:55.250Z"},
      {"%F %T", " 2020-12-27 17:41:55,5 ", "2020-12-27T17:41:55.500Z"},
      {"%d.%m.%Y %H:%M", "7.2.2020 1:02", "2020-02-07T01:02:00.000Z"},
      {"%d %b %Y_%H:%M:%S", "05 Mar 2024_10:11:12", "2024-03-05T10:11:12.000Z"},
      {"%d %b %Y_%H:%M:%S", "05 MARCH 2024_10:11:12", "2024-03-05T10:11:12.000Z"},
      {"%m/%d/%Y %I:%M:%S %p", "3/5/2024 12:00:00 AM", "2024-03-05T00:00:00.000Z"},
      {"%m/%d/%Y %I:%M:%S %p", "3/5/2024 12:00:00 pm", "2024-03-05T12:00:00.000Z"},
      {"%y%m%d %H%M%S", "181210 183825", "2018-12-10T18:38:25.000Z"},
      {"%y-%m-%d %H:%M", "99-01-01 00:00", "1999-01-01T00:00:00.000Z"},
      {"%Y-%m-%dT%H:%M:%S.%fZ", "2020-01-01T00:00:00.125Z", "none"},
      {"%Y-%m-%dT%H:%M:%SZ", "2020-01-01T00:00:00.125Z", "2020-01-01T00:00:00.125Z"},
      {"%d%%%m%%%Y %H", "1%2%2020 3", "2020-02-01T03:00:00.000Z"},
      {"unix", "1544485165.678", "2018-12-10T23:39:25.678Z UTC"},
      {"unix_ms", "1544485165678", "2018-12-10T23:39:25.678Z UTC"},
      {"labview", "3692101165", "2020-12-29T15:39:25.000Z UTC"},
      {"excel", "45763.5", "2025-04-16T12:00:00.000Z"},
      {"elapsed", "90.5", "1970-01-01T00:01:30.500Z UTC"},
  };
  for (const auto& row : good) EXPECT_EQ(read(row.pattern, row.text), row.time) << row.text;
}

TEST(TimeText, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "2020",
                           "2020-12-27",
                           "2020-12-27 17:41",
                           "2020-12-27 17:41:",
                           "2020-12-27 17:41:61",
                           "2020-12-27 24:00:00",
                           "2020-12-27 17:60:00",
                           "2020-13-27 17:41:55",
                           "2020-00-27 17:41:55",
                           "2020-02-30 17:41:55",
                           "20-12-27 17:41:55",
                           "2020-12-27 17:41:55 x",
                           "2020/12/27 17:41:55",
                           "2020-12-2717:41:55",
                           "12020-12-27 17:41:55",
                           "-2020-12-27 17:41:55",
                           "Date1",
                           "nan",
                           "2020-12-27 17:41:5.",
                           "2020-12-27 :41:55"}) {
    EXPECT_EQ(read("%Y-%m-%d %H:%M:%S", text), "none") << text;
  }
  for (const char* text : {"", "x", "-1", "1e300", "nan", "12:00"}) {
    EXPECT_EQ(read("unix", text), "none") << text;
    EXPECT_EQ(read("excel", text), "none") << text;
  }
  EXPECT_EQ(read("%d %b %Y %I %p", "5 Foo 2020 1 AM"), "none");
  EXPECT_EQ(read("%d %b %Y %I %p", "5 May 2020 13 AM"), "none");
  EXPECT_EQ(read("%d %b %Y %I %p", "5 May 2020 1 XM"), "none");
}

TEST(TimeText, PatternsAreCheckedBeforeUse) {
  for (const char* pattern :
       {"", "%", "%Y-%m-%d", "%H:%M", "hello", "%Q", "%d %H %", "Unix", "%d.%m. %H", "%Y %d %H"}) {
    std::string error;
    EXPECT_FALSE(TimeText::make(pattern, error)) << pattern;
    EXPECT_NE(error.find("expected"), error.npos) << error;
  }
}

}  // namespace
}  // namespace coldwatch
