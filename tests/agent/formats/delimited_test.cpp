#include <gtest/gtest.h>

#include "tests/agent/formats/format_reading.hpp"

namespace coldwatch {
namespace {

using Options = std::map<std::string, std::string>;

ReadLog read_text(const std::string& bytes, Options options = {},
                  const char* format = "delimited") {
  FileContext context = context_of("lab.txt");
  context.options = std::move(options);
  return read_log(format, context, bytes);
}

TEST(Delimited, IsTakenOnlyByName) {
  EXPECT_TRUE(find_format("delimited")->only_by_name);
  const struct {
    const char* name;
    const char* stream;
    const char* order;
  } names[] = {{"temps_2024-01-05.csv", "temps", "temps_2024-01-05.csv"},
               {"temps 31-01-2024.csv", "temps", "2024-01-31-"},
               {"a/temps 1.2.2024 10.txt", "temps", "2024-2-1-10-"},
               {"20240105.log", "main", "20240105.log"}};
  for (const auto& row : names) {
    const Recognition found = find_format("delimited")->recognise(row.name, "text");
    EXPECT_TRUE(found.mine);
    EXPECT_EQ(found.stream, row.stream);
    EXPECT_EQ(found.order, row.order);
  }
  EXPECT_FALSE(find_format("delimited")->recognise("a.exe", "text").mine);
  EXPECT_FALSE(find_format("delimited")->recognise("a.csv", std::string("a\0b", 3)).mine);
}

TEST(Delimited, ReadsWhatTheOptionsDescribe) {
  const struct {
    Options options;
    const char* bytes;
    const char* time;
    double value;
  } table[] = {
      {{}, "Time,T (K)\n2024-03-05 10:11:12,4.2\n", "2024-03-05T10:11:12.000Z", 4.2},
      {{{"separator", "tab"}, {"decimal", ","}},
       "when\tT (K)\r\n2024-03-05 10:11:12\t4,2\r\n",
       "2024-03-05T10:11:12.000Z",
       4.2},
      {{{"separator", ";"},
        {"time_column", "Time"},
        {"date_column", "Date"},
        {"time_format", "%d.%m.%Y %H:%M:%S"},
        {"decimal", ","}},
       "# Cryostat 3\nDate;Time;T (K)\n05.03.2024;10:11:12;4,213\n",
       "2024-03-05T10:11:12.000Z",
       4.213},
      {{{"separator", "blanks"}, {"time_format", "unix"}, {"time_column", "2"}},
       "# T (K)\n  4.2   1709633472.5  \n",
       "2024-03-05T10:11:12.500Z",
       4.2},
      {{{"time_format", "elapsed"}, {"start_format", "started %F %T"}},
       "started 2024-03-05 10:11:12\ns,T (K)\n90,4.2\n",
       "2024-03-05T10:12:42.000Z",
       4.2},
      {{{"time_format", "excel"}},
       "t,\"T (K)\"\n45356.5,\"4.2\"\n",
       "2024-03-05T12:00:00.000Z",
       4.2},
  };
  for (const auto& row : table) {
    const ReadLog log = read_text(row.bytes, row.options);
    ASSERT_EQ(log.rows.size(), 1) << row.bytes << log.why;
    EXPECT_EQ(log.time(0), row.time);
    EXPECT_EQ(log.rows[0].values.at(0), row.value) << row.bytes;
    EXPECT_TRUE(log.remarks.empty());
  }
}

TEST(Delimited, OptionsAreChecked) {
  const std::pair<Options, const char*> bad[] = {
      {{{"seperator", ";"}}, "option seperator: unknown, expected one of separator"},
      {{{"separator", "ab"}}, "option separator: found \"ab\""},
      {{{"separator", ""}}, "option separator: found \"\""},
      {{{"separator", "1"}}, "option separator: found \"1\""},
      {{{"decimal", ","}}, "option decimal: found \",\""},
      {{{"decimal", ";"}, {"separator", "tab"}}, "option decimal: found \";\""},
      {{{"time_format", "%Q"}}, "option time_format: "},
      {{{"time_format", "elapsed"}}, "option start_format: expected with"},
      {{{"start_format", "%F %T"}}, "option start_format: expected with"},
      {{{"time_format", "elapsed"}, {"start_format", "%H"}}, "option start_format: time format"}};
  for (const auto& [options, why] : bad) {
    EXPECT_EQ(read_text("2024-03-05 10:11:12,1\n", options).why.find(why), 0) << why;
  }
  EXPECT_NE(read_text("90,4.2\n", {{"time_format", "elapsed"}, {"start_format", "%F %T"}}).why, "");
}

TEST(Delimited, SurvivesBadLines) {
  const ReadLog log = read_text(
      "Time,T (K),P (mbar)\n"
      "2024-03-05 10:11:12,4.2,1\n"
      "2024-03-05 10:11:13,,-\n"   // blank and text: a row with nothing good
      "2024-03-05 10:11:14,4.2\n"  // torn
      "2024-03-05 10:11:15,4.2024-03-05 10:11:16,4.2,1\n"
      "05.03.2024 10:11:12,4.2,1\n"
      "2024-03-05 10:11:17,4.2,1,\n"  // a separator too many at the end
      "# pump was off\n"
      "\n"
      "Time,T (K),P (mbar)\n"  // the program was started again
      "2024-03-05 10:11:18,4.2,1\n"
      "rubbish\n"
      "2024-03-05 10:11:19,4.2,1");
  EXPECT_EQ(log.rows.size(), 4);
  EXPECT_EQ(log.count(Remark::Kind::kBadRecord), 4);
  EXPECT_EQ(log.count("T_K", Quality::kInvalid), 1);
  EXPECT_EQ(log.count("P_mbar", Quality::kInvalid), 1);
  ASSERT_EQ(log.count(Remark::Kind::kInstrument), 1);
}

TEST(Delimited, FollowsAHeaderInTheMiddle) {
  const std::string first = "Time,A\n2024-03-05 10:11:12,1\n2024-03-05 10:11:13,1\n";
  const ReadLog wider = read_text(first + "Time,A,B\n2024-03-05 10:11:14,1,2\n");
  EXPECT_EQ(wider.count(Remark::Kind::kBadRecord), 0);
  ASSERT_EQ(wider.rows.size(), 3);
  EXPECT_EQ(wider.value(2, "B"), 2);
  const ReadLog renamed = read_text(first + "Time,C\n2024-03-05 10:11:14,5\n");
  EXPECT_EQ(renamed.value(2, "C"), 5);
  const ReadLog unnamed = read_text(first +
                                    "2024-03-05 10:11:14,1,2\n2024-03-05 10:11:15,1,2\n"
                                    "2024-03-05 10:11:16,1,2\n2024-03-05 10:11:17,1,2\n");
  EXPECT_EQ(unnamed.count(Remark::Kind::kBadRecord), 2);
  ASSERT_EQ(unnamed.rows.size(), 4);
  EXPECT_EQ(unnamed.value(3, "column_3"), 2);
}

TEST(Delimited, ReaderMadeAnewBehindAnotherHeaderKnowsItsNames) {
  std::string bytes = "Time,A,B\n2024-03-05 10:11:12,1,2\n2024-03-05 10:11:13,1,2\nTime,B,A\n";
  for (int i = 20; i < 60; ++i) bytes += "2024-03-05 10:11:" + std::to_string(i) + ",2,1\n";
  FileContext context = context_of("lab.txt");
  context.read_beside = [&bytes](const std::string& path, std::uint64_t at, std::size_t most) {
    return path == "lab.txt" ? bytes.substr(at, most) : std::string{};
  };
  for (const std::size_t step : {7, 40, 300}) {
    const ReadLog log = read_growing("delimited", context, bytes, step);
    ASSERT_EQ(log.rows.size(), 42) << step;
    EXPECT_EQ(log.value(41, "A"), 1) << step;
    EXPECT_EQ(log.value(41, "B"), 2) << step;
  }
}

/// Found by fuzzing: a line with NUL bytes, or a comment, was a header to a reader made anew alone.
TEST(Delimited, LinesThatAreNotLegibleAndCommentsNameNothing) {
  using namespace std::string_literals;
  const std::string bytes =
      "Time,A,B\n\nTime\0,X,Y\n2024-03-05 10:11:12\0,1,2\n2024-03-05 10:11:13,1,2\n"s +
      "Time\0,Y,X\n# Time,Y,X\n2024-03-05 10:11:14,1,2\n2024-03-05 10:11:15,1,2\n"s;
  FileContext context = context_of("lab.txt");
  context.read_beside = [&bytes](const std::string&, std::uint64_t at, std::size_t most) {
    return bytes.substr(at, most);
  };
  for (const std::size_t step : {1, 25, 500}) {
    const ReadLog log = read_growing("delimited", context, bytes, step);
    ASSERT_EQ(log.rows.size(), 3) << step;
    EXPECT_EQ(log.channels[0].key, "A") << step;
  }
}

/// Found by fuzzing: a restart behind a second header gave its first rows the names of the first one.
TEST(Delimited, ReaderMadeAnewGivesNoRowTheNamesOfAnOlderHeader) {
  const std::string first = "Time,A,B\n2024-03-05 10:11:12,1,2\n";
  for (const std::string header : {"Time,B,A\n", "Time,B,A,C,D,E\n"}) {
    const std::string row = header.size() > 10 ? ",2,1,3,4,5\n" : ",2,1\n";
    const std::string before = first + header + "2024-03-05 10:11:13" + row;
    const std::string bytes = before + "2024-03-05 10:11:14" + row;
    FileContext context = context_of("lab.txt");
    context.read_beside = [&bytes](const std::string&, std::uint64_t at, std::size_t most) {
      return bytes.substr(at, most);
    };
    const Opened opened = find_format("delimited")->open(context, bytes);
    RowBatch batch;
    batch.reset(opened.reader->channels());
    Position at{.offset = before.size(), .record = 4};
    at = opened.reader->read(std::string_view{bytes}.substr(at.offset), at, batch);
    EXPECT_TRUE(batch.empty());
    batch.reset(opened.reader->channels());
    opened.reader->read(std::string_view{bytes}.substr(at.offset), at, batch);
    ASSERT_EQ(batch.size(), 1U);
    EXPECT_EQ((*batch.channels())[0].key, "B");
    EXPECT_EQ(batch[0].values[0], 2);
  }
}

TEST(Delimited, ReadsTheSameHoweverTheFileGrows) {
  std::string bytes = "Time,A,B\n";
  for (int i = 10; i < 60; ++i) bytes += "2024-03-05 10:11:" + std::to_string(i) + ",1,2.5\r\n";
  const FileContext context = context_of("lab.txt");
  const ReadLog whole = read_log("delimited", context, bytes);
  ASSERT_EQ(whole.rows.size(), 50);
  for (const std::size_t step : {1, 11, 500}) {
    EXPECT_EQ(read_growing("delimited", context, bytes, step).rows, whole.rows) << step;
  }
}

TEST(Attodry, CountsFromItsStart) {
  const std::string head =
      "05 Mar 2024_10:11:12\r\ntime (s)\tTurbo Pump Frequency (Hz)\tSample Temperature (K)\t"
      "Cryo In Pressure (mbar)\r\n";
  const std::string bytes = head + "0.000\t1500.0\t4.2\t1.5e-3\r\n60.5\t1500.0\tNaN\t1,5e-3\r\n";
  const Recognition found = find_format("attodry")->recognise("any.txt", bytes);
  EXPECT_TRUE(found.mine);
  EXPECT_EQ(found.order, "2024-03-05T10:11:12.000Z");
  const ReadLog log = read_text(bytes, {}, "attodry");
  ASSERT_EQ(log.rows.size(), 2) << log.why;
  EXPECT_EQ(log.time(1), "2024-03-05T10:12:12.500Z");
  EXPECT_EQ(log.value(1, "Cryo_In_Pressure_mbar"), 0.0015);
  EXPECT_EQ(log.quality(1, "Sample_Temperature_K"), Quality::kInvalid);
  EXPECT_EQ(log.channels[0].quantity, "frequency");
  for (const std::string& other :
       {std::string{}, std::string{"05 Mar 2024_10:11:12"}, std::string{"05 Mar 2024_10:11:12\nx"},
        "x" + bytes, head.substr(22)}) {
    EXPECT_FALSE(find_format("attodry")->recognise("any.txt", other).mine) << other;
  }
  EXPECT_NE(read_text(bytes, {{"separator", ","}}, "attodry").why, "");
}

}  // namespace
}  // namespace coldwatch
