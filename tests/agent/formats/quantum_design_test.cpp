#include <gtest/gtest.h>

#include <fstream>

#include "agent/formats/ppms_status.hpp"
#include "tests/agent/formats/format_reading.hpp"
#include "tests/common/shared_logs.hpp"

namespace coldwatch {
namespace {

const std::string kHead =
    "[Header]\r\n; comment\r\nTITLE, a, b\r\nFILEOPENTIME,1000.00,6/4/2013,11:53 AM\r\n"
    "BYAPP, LogData, 1.1, 2.0\r\nDATATYPE, TIME, 2\r\nDATATYPE,COMMENT,1\r\n[Data]\r\n"
    "Comment,Time Stamp (sec),Status (code),Temperature (K),Signal \xB5V (\xB5V),Map 20 (),MAP 20,"
    "Coil\" (mV),,Pressure (Torr)\r\n";

ReadLog read_dat(const std::string& bytes, const std::string& zone_name = "UTC") {
  return read_log("multivu", context_of("ppms.dat", zone_name), bytes);
}

TEST(MultiVu, IsKnownByItsHeader) {
  const Format& format = *find_format("multivu");
  const Recognition log = format.recognise("a/PPMS.DAT", kHead);
  EXPECT_TRUE(log.mine);
  EXPECT_EQ(log.stream, "main");
  EXPECT_EQ(log.order, "2013-06-04T11:53:00.000Za/PPMS.DAT");
  EXPECT_EQ(format.recognise("vsm.dat", "[Header]\nBYAPP,VSM,1.0\n").stream, "vsm");
  EXPECT_TRUE(format.recognise("vsm.dat", "[Header]\nBYAPP,VSM,1.0\n").mine);
  for (const auto& [name, head] :
       {std::pair{"a.dat", ""}, std::pair{"a.txt", "[Header]\n"}, std::pair{"a.dat", "[Head"},
        std::pair{"a.dat", " [Header]"}, std::pair{"a.dat.bak", "[Header]"}}) {
    EXPECT_FALSE(format.recognise(name, head).mine) << name << head;
  }
}

TEST(MultiVu, ReadsRowsShorterThanTheNames) {
  const ReadLog log = read_dat(kHead +
                               ",1041.56,4369,208.4030,1.52E-7,1,2,3.000338e+002\r\n"
                               ",1046.56,4369,, ,1,2,3\r\n");
  ASSERT_EQ(log.rows.size(), 2);
  EXPECT_EQ(log.time(0), "2013-06-04T11:53:41.560Z");
  EXPECT_EQ(log.rows[0].number, 10);
  EXPECT_EQ(log.value(0, "Temperature_K"), 208.403);
  EXPECT_EQ(log.value(0, "Coil_mV"), 300.0338);
  EXPECT_EQ(log.value(0, "Map_20"), 1);
  EXPECT_EQ(log.value(0, "MAP_20"), 2);
  EXPECT_EQ(log.quality(0, "Pressure_Torr"), Quality::kInvalid);
  EXPECT_EQ(log.quality(1, "Temperature_K"), Quality::kInvalid);
  EXPECT_EQ(log.channels[2].name, "Signal µV (µV)");
  EXPECT_EQ(log.channels[2].unit, "µV");
  EXPECT_TRUE(log.remarks.empty());
}

TEST(MultiVu, HeaderAloneIsALog) {
  const ReadLog log = read_dat(kHead);
  EXPECT_EQ(log.rows.size(), 0);
  EXPECT_EQ(log.channels.size(), 12);
  for (std::size_t size = 0; size < kHead.size(); size += 7) {
    EXPECT_TRUE(read_dat(kHead.substr(0, size)).need_more) << size;
  }
}

TEST(MultiVu, SaysWhyItCannotBeRead) {
  const std::pair<std::string, const char*> bad[] = {
      {"[Header]\n[Data]\n\n", "found 0 column names"},
      {"[Header]\n[Data]\nTemperature (K),Field (Oe)\n", "no column of time stamps"},
      {"[Header]\nDATATYPE,TIME,7\n[Data]\nTemperature (K)\n", "no column of time stamps"},
      {"[Header]\n" + std::string(kHeadBytes, ';'), "no line [Data]"},
      {"[Header]\n[Data]\n" + std::string(2000, 'x') + std::string(2000, ',') + "Time\n",
       "found 2001 column names"}};
  for (const auto& [bytes, why] : bad) {
    const ReadLog log = read_dat(bytes);
    EXPECT_NE(log.why.find(why), std::string::npos) << log.why;
    EXPECT_TRUE(log.rows.empty());
  }
}

TEST(MultiVu, RefusesTornAndGluedRows) {
  const std::string row = ",1041,4369,208.4,1,1,2,3\n";
  const std::string bytes = kHead + row + row + row +
                            ",1042,4369,2\n"                        // torn
                            ",1042,4369,208.4,1,1,2,3,1043,4369\n"  // glued
                            ",,4369,208.4,1,1,2,3\n"                // no stamp
                            ",x,4369,208.4,1,1,2,3\n"               // no number
                            ",1042,,,,,,\n"                         // no value
                            ",9e99,4369,208.4,1,1,2,3\n"            // no time
                            ",1042,4369,208.4,1,1,2,3,,,,,,,,,too many\n" +
                            row;
  const ReadLog log = read_dat(bytes);
  EXPECT_EQ(log.count(Remark::Kind::kBadRecord), 6);
  ASSERT_EQ(log.rows.size(), 5);
  EXPECT_GT(log.time(3), "2027") << "the time of arrival";
  EXPECT_EQ(log.remarks[2].text, "found 4 fields, expected 8: \",1042,4369,2\"");
}

TEST(MultiVu, AcceptsANewWidthThatStays) {
  std::string bytes = kHead;
  for (int i = 0; i < 10; ++i) bytes += ",10" + std::to_string(41 + i) + ",4369,208.4\n";
  std::string longer;
  for (int i = 0; i < 5; ++i) longer += ",10" + std::to_string(61 + i) + ",4369,208.4,1,1\n";
  EXPECT_EQ(read_dat(bytes + longer).rows.size(), 13);
  EXPECT_EQ(read_dat(kHead + longer).rows.size(), 5);
}

TEST(MultiVu, CommentsAreTheInstrumentsWords) {
  const ReadLog log = read_dat(
      "[Header]\nDATATYPE,TIME,1\nDATATYPE,COMMENT,2\n[Data]\n\"Time Stamp (Seconds)\",Comment,"
      "System Temp (Kelvin)\n"
      "3953264078.68511,Error: Warning: Current field is 999.96234 Oe;\n"
      "3953264079.5,,300.1\n"
      "3953264080.5,sample mounted,300.2\n"
      "\n");
  ASSERT_EQ(log.rows.size(), 2);
  ASSERT_EQ(log.count(Remark::Kind::kInstrument), 2);
  EXPECT_EQ(log.remarks[0].text, "Error: Warning: Current field is 999.96234 Oe;");
  EXPECT_EQ(to_rfc3339(*log.remarks[0].time), "2025-04-08T08:54:38.685Z");
  EXPECT_EQ(log.time(1), "2025-04-08T08:54:40.500Z");
  EXPECT_EQ(log.channels[0].name, "System Temp (Kelvin)");
}

TEST(MultiVu, ClockOfARestartedControllerIsNotBelieved) {
  const std::string row = ",4369,208.4\n";
  const ReadLog log = read_dat(kHead + ",1041" + row + ",1046" + row + ",12.5" + row + ",17.5" +
                               row + ",1047" + row);
  ASSERT_EQ(log.rows.size(), 5);
  EXPECT_EQ(log.time(1), "2013-06-04T11:53:46.000Z");
  for (const std::size_t i : {2, 3, 4}) EXPECT_EQ(log.time(i), "2027-01-15T08:00:00.000Z");
  ASSERT_EQ(log.count(Remark::Kind::kAnomaly), 1);
  EXPECT_EQ(log.remarks[0].code, "clock");
}

TEST(PpmsStatus, IsDecoded) {
  EXPECT_EQ(decode_ppms_status(4369),
            (PpmsStatus{"stable", "persistent", "purged and sealed", "stopped"}));
  EXPECT_EQ(decode_ppms_status(4378).temperature, "standby");
  EXPECT_EQ(decode_ppms_status(1857),
            (PpmsStatus{"stable", "driven, holding", "high vacuum", "unknown"}));
  EXPECT_EQ(decode_ppms_status(0xFFFF), (PpmsStatus{"failure", "failure", "failure", "failure"}));
  EXPECT_EQ(decode_ppms_status(0x3BA3), (PpmsStatus{"unknown", "unknown", "unknown", "unknown"}));
}

TEST(PpmsStatus, FailureIsToldAndParts) {
  const ReadLog log = read_dat(kHead +
                               ",1041,4369,2\n,1042,4370,2\n,1043,4382,2\n,1044,-1,2\n"
                               ",1045,70000,2\n,1046,4369,2\n,1047,4369.5,2\n");
  ASSERT_EQ(log.count(Remark::Kind::kInstrument), 2);
  EXPECT_EQ(log.remarks[0].text,
            "temperature impedance not functioning, magnet persistent, chamber purged and sealed, "
            "position stopped");
  EXPECT_EQ(log.value(2, "Status_temperature"), 14);
  EXPECT_EQ(log.value(2, "Status_chamber"), 1);
  EXPECT_EQ(log.count("Status_magnet", Quality::kInvalid), 3);
}

TEST(MultiVu, ReadsTheSameHoweverTheFileGrows) {
  std::string bytes = kHead;
  for (int i = 0; i < 40; ++i) bytes += ",10" + std::to_string(41 + i) + ",4369,208.4\r\n";
  const ReadLog whole = read_dat(bytes);
  ASSERT_EQ(whole.rows.size(), 40);
  for (const std::size_t step : {1, 13, 100}) {
    const ReadLog grown = read_growing("multivu", context_of("ppms.dat"), bytes, step);
    EXPECT_EQ(grown.rows, whole.rows) << step;
  }
}

TEST(MultiVuReal, RowsTimesAndGoodValuesAreThoseOfAnIndependentCount) {
  const auto logs = shared_logs();
  if (!logs) GTEST_SKIP() << "no real logs here: set COLDWATCH_SHARED to read them";
  const struct {
    const char* file;
    std::size_t rows;
    std::size_t channels;  // of the file itself
    std::size_t good;      // values of these
    const char* first;
    const char* last;
  } table[] = {
      {"ACMS_test.dat", 1323, 55, 35224, "2016-02-11T16:36:05.470Z", "2016-02-12T10:53:52.750Z"},
      {"MPMS_test.dat", 1121, 66, 36993, "2023-10-25T15:24:01.215Z", "2023-10-25T20:26:22.157Z"},
      {"sample1.dat", 19, 28, 266, "2006-11-29T05:16:24.812Z", "2006-11-29T07:10:12.796Z"},
      {"sample2.DAT", 30, 120, 1710, "2013-06-04T11:53:41.560Z", "2013-06-04T11:57:36.370Z"},
      {"empty_vsm.dat", 0, 55, 0, "", ""},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.file);
    std::ifstream stream{*logs + "/ppms/" + row.file, std::ios::binary};
    const ReadLog log = read_dat({std::istreambuf_iterator<char>{stream}, {}});
    ASSERT_EQ(log.rows.size(), row.rows) << log.why;
    EXPECT_EQ(log.count(Remark::Kind::kBadRecord), 0);
    ASSERT_GE(log.channels.size(), row.channels);
    std::size_t good = 0;
    for (const ReadRow& read : log.rows) {
      const auto end = read.quality.begin() + static_cast<std::ptrdiff_t>(row.channels);
      good += static_cast<std::size_t>(std::count(read.quality.begin(), end, Quality::kGood));
    }
    EXPECT_EQ(good, row.good);
    if (log.rows.empty()) continue;
    EXPECT_EQ(log.time(0), row.first);
    EXPECT_EQ(log.time(log.rows.size() - 1), row.last);
  }
}

}  // namespace
}  // namespace coldwatch
