// The hour that a clock shows twice, for all text logs; named time zones are not on Windows.
#include <gtest/gtest.h>

#include "tests/agent/formats/format_reading.hpp"

namespace coldwatch {
namespace {

std::string stamp(int minute_of_day) {
  char text[32];
  std::snprintf(text, sizeof text, "25-10-26,%02d:%02d:00", minute_of_day / 60, minute_of_day % 60);
  return text;
}

/// A line every ten minutes from 01:00 to 02:50, then 02:00 again, to 04:00.
std::string night_of_the_clock() {
  std::string log;
  for (int minute = 60; minute < 180; minute += 10) log += stamp(minute) + ",1\n";
  for (int minute = 120; minute <= 240; minute += 10) log += stamp(minute) + ",1\n";
  return log;
}

TEST(RepeatedHour, IsReadAsTwo) {
  const FileContext context = context_of("Flowmeter 26-10-25.log", "Europe/Zurich");
  const std::string bytes = night_of_the_clock();
  for (const std::size_t step : {5, 37, 10000}) {
    const ReadLog log = read_growing("bluefors", context, bytes, step);
    ASSERT_EQ(log.rows.size(), 25);
    EXPECT_EQ(log.time(0), "2026-10-24T23:00:00.000Z");
    for (std::size_t i = 1; i < log.rows.size(); ++i) {
      EXPECT_EQ(log.rows[i].time - log.rows[i - 1].time, std::chrono::minutes{10}) << i;
    }
    EXPECT_TRUE(log.remarks.empty());
  }
}

TEST(RepeatedHour, DoesNotBeginWithAStampThatIsSecondsEarly) {
  const ReadLog log = read_log("bluefors", context_of("Channels 26-10-25.log", "Europe/Zurich"),
                               "25-10-26,02:10:10,8,v1,0\n25-10-26,02:10:09,8,v1,1\n");
  ASSERT_EQ(log.rows.size(), 2);
  EXPECT_EQ(log.rows[1].time - log.rows[0].time, std::chrono::seconds{-1});
  ASSERT_EQ(log.remarks.size(), 1);
  EXPECT_EQ(log.remarks[0].code, "time_back");
}

TEST(SkippedHour, MovesOn) {
  const ReadLog log = read_log("bluefors", context_of("Flowmeter 26-03-29.log", "Europe/Zurich"),
                               "29-03-26,01:59:00,1\n29-03-26,02:30:00,1\n29-03-26,03:31:00,1\n");
  EXPECT_EQ(log.time(0), "2026-03-29T00:59:00.000Z");
  EXPECT_EQ(log.time(1), "2026-03-29T01:30:00.000Z");
  EXPECT_EQ(log.time(2), "2026-03-29T01:31:00.000Z");
}

TEST(RepeatedHour, JoinsTemperaturesOfBothPasses) {
  FileContext context = context_of("CH1 R 26-10-25.log", "Europe/Zurich");
  std::string temperatures;  // silent from 02:30 of the first pass to 02:10 of the second
  for (int minute = 60; minute < 150; minute += 10) temperatures += stamp(minute) + ",1\n";
  for (int minute = 130; minute <= 240; minute += 10) temperatures += stamp(minute) + ",1\n";
  context.read_beside = [temperatures](const std::string& path, std::uint64_t at,
                                       std::size_t most) {
    return path == "CH1 T 26-10-25.log" && at < temperatures.size() ? temperatures.substr(at, most)
                                                                    : std::string{};
  };
  const ReadLog log = read_log("bluefors", context, night_of_the_clock());
  ASSERT_EQ(log.rows.size(), 25);
  EXPECT_EQ(log.count("CH1_T", Quality::kInvalid), 4);
}

}  // namespace
}  // namespace coldwatch
