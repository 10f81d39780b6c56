// Needs a time zone by its name, which Windows does not have.
#include <gtest/gtest.h>

#include "tests/agent/formats/format_reading.hpp"

namespace coldwatch {
namespace {

/// A thermometer in the night on which the clocks are put back, in Zurich at 3 o'clock; R speaks every ten
/// minutes, in both passes of the hour. How many of its 15 rows have a T.
std::size_t good_in_the_doubled_hour(const std::string& temperatures) {
  const auto lines = [](std::initializer_list<const char*> times) {
    std::string text;
    for (const char* time : times) text += std::string{"25-10-26,"} + time + ":00,9\n";
    return text;
  };
  const std::string r =
      lines({"01:50", "02:00", "02:10", "02:20", "02:30", "02:40", "02:50", "02:00", "02:10",
             "02:20", "02:30", "02:40", "02:50", "03:00", "03:10"});
  FileContext context = context_of("26-10-25/CH6 R 26-10-25.log", "Europe/Zurich");
  context.read_beside = [&](const std::string& name, std::uint64_t offset, std::size_t most) {
    const bool mine = name == "26-10-25/CH6 T 26-10-25.log" && offset < temperatures.size();
    return mine ? temperatures.substr(offset, most) : std::string{};
  };
  const ReadLog log = read_log("bluefors", context, r);
  EXPECT_GE(log.rows.size(), 14U);  // the newest one waits for its T
  return log.count("CH6_T", Quality::kGood);
}

TEST(BlueforsDoubledHour, ATemperatureStandsInItsPassOrNowhere) {
  const auto t = [](std::initializer_list<const char*> times) {
    std::string text;
    for (const char* time : times) text += std::string{"25-10-26,"} + time + ":00,0.01\n";
    return text;
  };
  EXPECT_EQ(good_in_the_doubled_hour(
                t({"01:50", "02:00", "02:10", "02:20", "02:30", "02:40", "02:50", "02:00", "02:10",
                   "02:20", "02:30", "02:40", "02:50", "03:00", "03:10"})),
            15U)
      << "both passes are told apart by the step back";
  EXPECT_EQ(
      good_in_the_doubled_hour(t({"01:50", "02:00", "02:10", "02:40", "02:50", "03:00", "03:10"})),
      3U)
      << "silent from one pass into the other: which lines are of which?";
  EXPECT_EQ(good_in_the_doubled_hour(t({"01:50", "02:00", "02:10"})), 3U)
      << "it is being written now, in the first pass";
  EXPECT_EQ(good_in_the_doubled_hour(t({"01:50", "02:50", "02:00", "03:00"})), 4U);
}

}  // namespace
}  // namespace coldwatch
