#include <gtest/gtest.h>

#include "tests/agent/formats/format_reading.hpp"

namespace coldwatch {
namespace {

/// A TC row of 26 columns: R0-R9 are 1000 and up, T0-T9 2000 and up.
std::string tc_row(const std::string& time, const std::string& r3 = "1003",
                   const std::string& t3 = "25,5") {
  std::string row = time + "\t0";
  for (int i = 0; i < 10; ++i) row += "\t" + (i == 3 ? r3 : std::to_string(1000 + i));
  for (int i = 0; i < 10; ++i) row += "\t" + (i == 3 ? t3 : std::to_string(2000 + i));
  return row + "\t1\t2\t3\t4\r\n";
}

std::string header_line(const std::string& first, const std::string& stem) {
  std::string line = first;
  for (int i = 1; i < 26; ++i) line += "\t" + stem + std::to_string(i);
  return line + "\r\n";
}

ReadLog read_tc(const std::string& bytes, std::map<std::string, std::string> options = {}) {
  FileContext context = context_of("LogAVS___2020-12-27-17-41-55.dat");
  context.options = std::move(options);
  return read_log("leiden_tc", context, bytes);
}

TEST(Leiden, IsKnownByItsName) {
  const Format& tc = *find_format("leiden_tc");
  const Format& fp = *find_format("leiden_fp");
  const Recognition first = tc.recognise("a/LogAVS__zBridge_2014-09-04-11-39-58_1.dat", "x");
  EXPECT_TRUE(first.mine);
  EXPECT_EQ(first.stream, "tc");
  EXPECT_EQ(first.order, "2014-09-04-11-39-58_1.dat");
  EXPECT_TRUE(fp.recognise("logFP___2020-12-27-17-41-53.dat", "").mine);
  EXPECT_FALSE(fp.recognise("LogAVS___2020-12-27-17-41-53.dat", "").mine);
  for (const char* name : {"", "log.dat", "myLogAVS.dat", "LogAVS.vcl", "LogAVS_2020.dat.bak"}) {
    EXPECT_FALSE(tc.recognise(name, "").mine) << name;
  }
  EXPECT_FALSE(tc.recognise("LogAVS_1.dat", std::string("\0", 1)).mine);
}

TEST(Leiden, ReadsWithAnyNumberOfHeaderLines) {
  const std::string rows = tc_row("2020-12-27 17:41:55") + tc_row("2020-12-27 17:42:25");
  for (const char* header : {"", "TC log\r\n", "a\tb\r\nc\r\n\r\nd\te\r\n"}) {
    const ReadLog log = read_tc(header + rows);
    ASSERT_EQ(log.rows.size(), 2) << header << log.why;
    EXPECT_EQ(log.time(0), "2020-12-27T17:41:55.000Z");
    EXPECT_EQ(log.value(0, "T3"), 25.5) << "a decimal comma";
    EXPECT_EQ(log.value(1, "R9"), 1009);
    EXPECT_EQ(log.channels.size(), 25);
    EXPECT_EQ(log.channels[14], (Channel{"T3", "T3", "mK", "temperature"}));
    EXPECT_TRUE(log.remarks.empty());
  }
}

TEST(Leiden, TakesNamesFromAHeaderThatFits) {
  const std::string header = "Leiden\r\n" + header_line("Date1", "R") + header_line("x", "label ");
  const ReadLog log = read_tc(header + tc_row("2020-12-27 17:41:55"));
  ASSERT_EQ(log.rows.size(), 1);
  EXPECT_EQ(log.rows[0].number, 4);
  EXPECT_EQ(log.channels[0].key, "R1");
  EXPECT_EQ(log.channels[24].key, "R25");
}

TEST(Leiden, TemperatureNeedsItsResistance) {
  const ReadLog log =
      read_tc(tc_row("2020-12-27 17:41:55", "0", "0") + tc_row("2020-12-27 17:41:56", "-3", "25") +
              tc_row("2020-12-27 17:41:57", "", "25") + tc_row("2020-12-27 17:41:58", "1", "NaN") +
              tc_row("2020-12-27 17:41:59", "1", "25"));
  ASSERT_EQ(log.rows.size(), 5);
  EXPECT_EQ(log.count("T3", Quality::kGood), 1);
  EXPECT_EQ(log.count("T4", Quality::kGood), 5);
}

TEST(Leiden, KelvinIsAChoiceOfTheConfig) {
  const ReadLog log = read_tc(tc_row("2020-12-27 17:41:55"), {{"kelvin", "yes"}});
  EXPECT_DOUBLE_EQ(log.value(0, "T3"), 0.0255);
  EXPECT_EQ(log.channels[14].unit, "K");
}

TEST(Leiden, DateFormatIsAChoiceOfTheConfig) {
  const ReadLog log =
      read_tc(tc_row("27/12/2020 5:41:55 PM"), {{"time_format", "%d/%m/%Y %I:%M:%S %p"}});
  ASSERT_EQ(log.rows.size(), 1);
  EXPECT_EQ(log.time(0), "2020-12-27T17:41:55.000Z");
}

TEST(Leiden, OptionsAreChecked) {
  const std::pair<std::map<std::string, std::string>, const char*> bad[] = {
      {{{"kelvin", "maybe"}}, "option kelvin: found \"maybe\", expected \"yes\" or \"no\""},
      {{{"time_format", "%H"}}, "option time_format: time format \"%H\": expected year"},
      {{{"timeformat", "%H"}}, "option timeformat: unknown, expected one of time_format, kelvin"}};
  for (const auto& [options, why] : bad) {
    EXPECT_EQ(read_tc(tc_row("2020-12-27 17:41:55"), options).why.find(why), 0) << why;
  }
}

TEST(Leiden, OtherWidthsAreNumberedOrNamedByTheConfig) {
  const std::string rows = "2020-12-27 17:41:55\t1\t2\n";
  const ReadLog log = read_tc(rows);
  ASSERT_EQ(log.rows.size(), 1);
  EXPECT_EQ(log.channels[0].key, "column_2");
  FileContext context = context_of("LogAVS.dat");
  context.names = {"3K", "still"};
  EXPECT_EQ(read_log("leiden_tc", context, rows).channels[1].key, "still");
  context.names = {"when", "a", "b"};
  EXPECT_EQ(read_log("leiden_tc", context, rows).channels[1].key, "b");
  context.names = {};
  context.names_of_sibling = [](std::size_t columns) {
    return std::vector<std::string>(columns, "sister");
  };
  EXPECT_EQ(read_log("leiden_tc", context, rows).channels[1].key, "sister_2");
}

TEST(Leiden, FrontPanelHasItsOwnNames) {
  std::string row = "2020-12-27 17:41:53";
  for (int i = 1; i < 26; ++i) row += "\t" + std::to_string(i);
  const ReadLog log = read_log("leiden_fp", context_of("logFP.dat"), row + "\n");
  ASSERT_EQ(log.rows.size(), 1);
  EXPECT_EQ(log.value(0, "Flow"), 8);
  EXPECT_EQ(log.value(0, "PT_current"), 22);
  EXPECT_EQ(log.value(0, "State2"), 25);
  EXPECT_EQ(log.channels[8], (Channel{"MG0", "MG0", "mbar", "pressure"}));
}

TEST(Leiden, WaitsForAFirstRow) {
  EXPECT_TRUE(read_tc("").need_more);
  EXPECT_TRUE(read_tc("Date1\tDate2\r\n2020-12-27 17:41:55\t1").need_more);
  const ReadLog never = read_tc(std::string(kHeadBytes, '\n'));
  EXPECT_FALSE(never.need_more);
  EXPECT_EQ(never.why.find("no row in the first 65536 bytes"), 0) << never.why;
}

}  // namespace
}  // namespace coldwatch
