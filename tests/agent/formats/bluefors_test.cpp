#include <gtest/gtest.h>

#include "tests/agent/formats/format_reading.hpp"

namespace coldwatch {
namespace {

using Files = std::map<std::string, std::string>;

FileContext beside(std::string path, Files files, const std::string& zone_name = "UTC") {
  FileContext context = context_of(std::move(path), zone_name);
  context.read_beside = [files](const std::string& name, std::uint64_t offset, std::size_t most) {
    const auto file = files.find(name);
    if (file == files.end() || offset >= file->second.size()) return std::string{};
    return file->second.substr(offset, most);
  };
  return context;
}

/// CH6 R of a day with these companions.
ReadLog read_channel(const std::string& r, const std::string& t, const std::string& errors = "") {
  return read_log("bluefors",
                  beside("26-06-28/CH6 R 26-06-28.log", {{"26-06-28/CH6 T 26-06-28.log", t},
                                                         {"26-06-28/Errors 26-06-28.log", errors}}),
                  r);
}

TEST(BlueforsName, TellsStreamAndDay) {
  const struct {
    const char* name;
    const char* stream;
    const char* beside;
  } good[] = {
      {"26-06-28/CH6 R 26-06-28.log", "ch6", ""},
      {"26-06-28/CH6 T 26-06-28.log", "ch6", "26-06-28/CH6 R 26-06-28.log"},
      {"26-06-28/ch10_t_26-06-28.log", "ch10", "26-06-28/ch10_r_26-06-28.log"},
      {"26-06-28/CH10 P 26-06-28.log", "ch10_p", ""},
      {"26-06-28/Channels 26-06-28.log", "channels", ""},
      {"26-06-28/Flowmeter 26-06-28.log", "flowmeter", ""},
      {"26-06-28/Maxigauge 26-06-28.LOG", "maxigauge", ""},
      {"26-06-28/Status_26-06-28.log", "status", ""},
      {"heaters_26-06-28.log", "heaters", ""},
      {"Errors 26-06-28.log", "errors", ""},
  };
  for (const auto& row : good) {
    const Recognition found = find_format("bluefors")->recognise(row.name, "");
    EXPECT_TRUE(found.mine) << row.name;
    EXPECT_EQ(found.stream, row.stream);
    EXPECT_EQ(found.order, "26-06-28");
    EXPECT_EQ(found.beside, row.beside);
    EXPECT_FALSE(found.why.empty());
  }
}

TEST(BlueforsName, IsNotThatOfACopy) {
  for (const char* name : {"",
                           ".log",
                           "CH6 T.log",
                           "CH T 26-06-28.log",
                           "CHx T 26-06-28.log",
                           "CH6 Q 26-06-28.log",
                           "CH6  T 26-06-28.log",
                           "CH6T 26-06-28.log",
                           "CH6 T 26-06-28.log.bak",
                           "CH6 T 26-6-28.log",
                           "CH6 T 26-06-28 (1).log",
                           "CH6 T 26-06-28 (conflicted copy).log",
                           "CH6 T 26/06/28.log",
                           "Copy of CH6 T 26-06-28.log",
                           "CH6 T 2026-06-28.log",
                           "Status26-06-28.log",
                           "log 1.vcl",
                           "26-06-28/Notes 26-06-28.log",
                           "CH6 T-26-06-28.log",
                           "~CH6 T 26-06-28.log"}) {
    EXPECT_FALSE(find_format("bluefors")->recognise(name, "").mine) << name;
  }
}

TEST(BlueforsChannel, JoinsBothDialects) {
  const ReadLog old_one =
      read_channel(" 28-06-26,00:00:36,1.082930E+2\r\n", " 28-06-26,00:00:36,2.935150E+2\r\n");
  ASSERT_EQ(old_one.rows.size(), 1);
  EXPECT_EQ(old_one.time(0), "2026-06-28T00:00:36.000Z");
  EXPECT_EQ(old_one.value(0, "CH6_T"), 293.515);
  EXPECT_EQ(old_one.value(0, "CH6_R"), 108.293);
  EXPECT_EQ(old_one.quality(0, "CH6_T"), Quality::kGood);
  EXPECT_EQ(old_one.channels[0], (Channel{"CH6_T", "CH6 T", "K", "temperature"}));
  EXPECT_EQ(old_one.channels[1], (Channel{"CH6_R", "CH6 R", "Ohm", "resistance"}));
  const ReadLog cs =
      read_channel("28-06-26,00:00:02,1.08276e+02\n", "28-06-26,00:00:02,2.938663e+02\n");
  ASSERT_EQ(cs.rows.size(), 1);
  EXPECT_EQ(cs.value(0, "CH6_T"), 293.8663);
}

TEST(BlueforsChannel, TemperatureIsInvalidWhereItsPartnersDeny) {
  const std::string r =
      "28-06-26,00:01:00,100\n28-06-26,00:02:00,-1.8E-5\n28-06-26,00:03:00,-0.000000E+0\n"
      "28-06-26,00:04:00,100\n28-06-26,00:05:00,100\n28-06-26,00:06:00,100\n28-06-26,00:07:00,100\n"
      "28-06-26,00:08:00,100\n28-06-26,00:09:00,100\n";
  const std::string t =
      "28-06-26,00:01:00,50\n28-06-26,00:02:00,20.1005\n28-06-26,00:03:00,20.1005\n"
      "28-06-26,00:04:01,50\n28-06-26,00:05:00,50\n28-06-26,00:06:00,50\nfoo\n"
      "28-06-26,00:07:00,\n28-06-26,00:08:00,50\n28-06-26,00:09:00,50\n";
  const std::string errors =
      " 28-06-26,00:05:00,Ch1,T. OVER 28-06-26,00:05:00,Ch6,T. UNDER\n"
      " 28-06-26,00:05:59,Ch6,VCM OVL,VDIF OVL,T. OVER\n 28-06-26,00:08:00,Ch16,T. OVER\n";
  const ReadLog log = read_channel(r, t, errors);
  ASSERT_EQ(log.rows.size(), 9);
  const std::string expected_t = "gbbbbbbgg";  // T without R at 00:04:01 is no row
  const std::string expected_r = "gbbggbggg";
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(log.quality(i, "CH6_T") == Quality::kGood, expected_t[i] == 'g') << i;
    EXPECT_EQ(log.quality(i, "CH6_R") == Quality::kGood, expected_r[i] == 'g') << i;
  }
}

TEST(BlueforsChannel, GoesOnWhereTemperatureIsSilent) {
  const ReadLog log =
      read_channel("28-06-26,00:00:02,1\n28-06-26,00:00:12,2\n28-06-26,00:00:22,3\n", "");
  ASSERT_EQ(log.rows.size(), 3);
  EXPECT_EQ(log.count("CH6_T", Quality::kInvalid), 3);
  EXPECT_EQ(log.count("CH6_R", Quality::kGood), 3);
}

TEST(BlueforsChannel, WaitsForTheOtherLineOfTheSecond) {
  const std::string first = "28-06-26,00:00:02,1\n";
  const std::string second = "28-06-26,00:00:12,2\n";
  EXPECT_EQ(read_channel(first, "").rows.size(), 0);
  EXPECT_EQ(read_channel(first + second, first).rows.size(), 1);
  EXPECT_EQ(read_channel(first + second, first + "28-06-26,00:00:1").rows.size(), 1);
  EXPECT_EQ(read_channel(first + second, first + second).rows.size(), 2);
  const std::string third = "28-06-26,00:00:22,3\n";
  EXPECT_EQ(read_channel(first + second + third, first).rows.size(), 3);
  EXPECT_EQ(read_channel("28-06-26,23:59:52,1\n", "").rows.size(), 1) << "the last of the day";
}

TEST(BlueforsChannel, HoldsTemperaturesAloneWhereThatIsAll) {
  const ReadLog log =
      read_log("bluefors", context_of("CH1 T 26-06-28.log"), "28-06-26,00:00:02,4.2\n");
  ASSERT_EQ(log.rows.size(), 1);
  EXPECT_EQ(log.value(0, "CH1_T"), 4.2);
  EXPECT_EQ(log.channels.size(), 1);
  const ReadLog alone =
      read_log("bluefors", context_of("CH1 R 26-06-28.log"), "28-06-26,23:59:02,4.2\n");
  ASSERT_EQ(alone.rows.size(), 1) << "nothing can be read beside it";
}

TEST(BlueforsChannel, SurvivesBadLines) {
  const ReadLog log = read_channel(
      "28-06-26,00:00:02,1\n"
      "\r\n"
      "garbage\n"
      "2026-06-28,00:00:02,1\n"
      "32-06-26,00:00:02,1\n"
      "28-13-26,00:00:02,1\n"
      "28-06-26,24:00:02,1\n"
      "28-06-26,00:00:02\n"
      "28-06-26,00:00:02,\n"
      "28-06-26,00:00:02,nan\n"
      "28-06-26,00:00:02,1,2\n"
      "28-06-26,00:01:36,1.028-06-26,00:01:36,1.08\n" +
          std::string("\0\0\0 28-06-26,00:00:02,1\n", 24) +
          "28-06-26,00:00:12,2\n"
          "28-06-26,00:00:22,3",
      "28-06-26,00:00:02,5\n28-06-26,00:00:12,6\n");
  EXPECT_EQ(log.rows.size(), 2);
  EXPECT_EQ(log.count(Remark::Kind::kBadRecord), 11);
  EXPECT_EQ(log.remarks[0].line, 3);
  EXPECT_EQ(log.remarks[0].text, "expected \"DD-MM-YY,HH:MM:SS,number\": \"garbage\"");
  EXPECT_EQ(log.rows.back().number, 14);
}

TEST(BlueforsGauges, AreReadingsOnlyWhereOnAndOk) {
  const std::string line =
      "28-06-26,00:00:08,CH1,P1  ,0, 2.00E-2,4,1,CH2,P2  ,1, 5.14E-1,0,1,CH3,P3  ,1,-6.00E+0,0,1,"
      "CH4,        ,1, 3.49E+2,1,1,CH5,P5  ,1, 7.11E+2,2,1,CH6,P6,1, 1.05E+3,0,1,\r\n"
      "28-06-26,00:00:18,CH1,,0, 0.00E+0,0,0,CH2,,0, 0.00E+0,0,0,CH3,,0, 0.00E+0,0,0,"
      "CH4,,0, 0.00E+0,0,0,CH5,,0, 0.00E+0,0,0,CH6,,0, 0.00E+0,0,0,\r\n";
  const ReadLog log = read_log("bluefors", context_of("maxigauge 26-06-28.log"), line);
  ASSERT_EQ(log.rows.size(), 2);
  ASSERT_EQ(log.channels.size(), 6);
  EXPECT_EQ(log.channels[2], (Channel{"P3", "P3", "mbar", "pressure"}));
  EXPECT_EQ(log.value(0, "P3"), -6);
  const std::string expected = "bggbbg";
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(log.rows[0].quality[i] == Quality::kGood, expected[i] == 'g') << i;
    EXPECT_EQ(log.rows[1].quality[i], Quality::kInvalid) << "a gauge that is off says 0 and ok";
  }
}

TEST(BlueforsPairs, ComeAndGo) {
  const std::string lines =
      "28-06-26,00:00:02,nxdsf,0.000000e+00,cpatempwi,1.056556e+01,cparun,1\n"
      "28-06-26,00:00:12,cpatempwi,1.1e+01\n"
      "28-06-26,00:00:22,cparun,0,cpatempwi,-0.000000e+00,nxdsf,5,new key,7\n";
  const ReadLog log = read_log("bluefors", context_of("Status_26-06-28.log"), lines);
  ASSERT_EQ(log.rows.size(), 3);
  EXPECT_EQ(log.channels.size(), 4);
  EXPECT_EQ(log.channels[1], (Channel{"cpatempwi", "cpatempwi", "C", "temperature"}));
  EXPECT_EQ(log.value(1, "cpatempwi"), 11);
  EXPECT_EQ(log.quality(1, "nxdsf"), Quality::kInvalid);
  EXPECT_EQ(log.value(2, "nxdsf"), 5);
  EXPECT_EQ(log.value(2, "new_key"), 7);
}

TEST(BlueforsPairs, FindNewKeysBeyondTheHead) {
  std::string lines;
  for (int i = 0; i < 3000; ++i) lines += "28-06-26,00:00:02,a,1,b,2\n";
  const std::size_t before = lines.size();
  ASSERT_GT(before, kHeadBytes);
  lines += "28-06-26,00:00:12,b,3,c,4\n";
  const ReadLog log = read_log("bluefors", context_of("Status_26-06-28.log"), lines);
  ASSERT_EQ(log.rows.size(), 3001);
  EXPECT_EQ(log.channels.size(), 3);
  EXPECT_EQ(log.value(3000, "c"), 4);
  EXPECT_EQ(log.quality(3000, "a"), Quality::kInvalid);
}

TEST(BlueforsPairs, OfValvesAndHeaters) {
  const ReadLog valves =
      read_log("bluefors", context_of("Channels 26-06-28.log"),
               "28-06-26,14:38:25,8,v11,0,v2,1,hs-still,0\n28-06-26,14:38:25,8,v11,1,v2,1\n");
  ASSERT_EQ(valves.rows.size(), 2);
  EXPECT_EQ(valves.value(1, "v11"), 1);
  EXPECT_EQ(valves.channels[2].key, "hs_still");
  const ReadLog heaters = read_log("bluefors", context_of("Heaters 26-06-28.log"),
                                   "28-06-26,00:00:02,1,2.00e-04,0,6.00e-03\n");
  ASSERT_EQ(heaters.rows.size(), 1);
  EXPECT_EQ(heaters.value(0, "heater_2_W"), 0.006);
  EXPECT_EQ(heaters.channels[1].unit, "W");
  const ReadLog keyed = read_log("bluefors", context_of("heaters_26-06-28.log"),
                                 "28-06-26,00:00:02,a1_u,1,a1_r_htr,50,htr,0\n");
  ASSERT_EQ(keyed.rows.size(), 1);
  EXPECT_EQ(keyed.value(0, "a1_r_htr"), 50);
}

TEST(BlueforsPairs, RefuseTornLines) {
  for (const char* line : {"28-06-26,00:00:02,a", "28-06-26,00:00:02,a,", "28-06-26,00:00:02,a,x",
                           "28-06-26,00:00:02,", "28-06-26,00:00:02,,1", "28-06-26,00:00:02,a,1,b",
                           "28-06-26,00:00:02,a,1.0528-06-26,00:00:12,b,1", "28-06-26,00:00:0,a,1",
                           "a,1,b,2", "28-06-26,00:00:02,a,1,b,1e999"}) {
    const ReadLog log =
        read_log("bluefors", context_of("Status_26-06-28.log"), std::string{line} + "\n");
    EXPECT_EQ(log.rows.size(), 0) << line;
    EXPECT_EQ(log.count(Remark::Kind::kBadRecord), 1) << line;
  }
  for (const char* line : {"28-06-26,00:00:08,CH1,P1,1,1,0", "28-06-26,00:00:08,X1,P1,1,1,0,1,",
                           "28-06-26,00:00:08,", "28-06-26,00:00:08,CH1,P1,1,x,0,1,"}) {
    const ReadLog log =
        read_log("bluefors", context_of("maxigauge 26-06-28.log"), std::string{line} + "\n");
    EXPECT_EQ(log.count(Remark::Kind::kBadRecord), 1) << line;
  }
}

TEST(BlueforsErrors, JudgeATemperatureWithoutItsResistance) {
  const ReadLog log =
      read_log("bluefors",
               beside("26-06-28/CH6 T 26-06-28.log",
                      {{"26-06-28/Errors 26-06-28.log",
                        "28-06-26,00:01:36,Ch6,T. OVER\n28-06-26,00:02:36,Ch5,T. OVER\n"}}),
               "28-06-26,00:00:36,9.5\n28-06-26,00:01:36,102.005\n28-06-26,00:02:36,9.6\n");
  ASSERT_EQ(log.rows.size(), 3U);
  EXPECT_EQ(log.count("CH6_T", Quality::kGood), 2U);
  EXPECT_EQ(log.rows[1].quality[0], Quality::kInvalid);
}

TEST(BlueforsErrors, AreTheInstrumentsWords) {
  const ReadLog log = read_log("bluefors", context_of("Errors 26-06-28.log"),
                               " 28-06-26,14:54:49,Ch6,T. OVER\n"
                               " 28-06-26,14:55:49,Ch6,T. OVER\n"
                               " 28-06-26,14:56:49,Ch1,T. UNDER 28-06-26,14:56:49,Ch2,T. OVER\n"
                               " 28-06-26,18:56:49,Ch1,T. UNDER 28-06-26,18:56:49,Ch2,T. OVER\n"
                               "nonsense\n");
  ASSERT_EQ(log.count(Remark::Kind::kInstrument), 3);
  EXPECT_EQ(log.remarks[0].text, "Ch6,T. OVER");
  EXPECT_EQ(log.remarks[1].text, "Ch1,T. UNDER; Ch2,T. OVER");
  EXPECT_EQ(to_rfc3339(*log.remarks[1].time), "2026-06-28T14:56:49.000Z");
  EXPECT_EQ(log.count(Remark::Kind::kBadRecord), 1);
}

TEST(Bluefors, ReadsTheSameHoweverTheFileGrows) {
  std::string r;
  for (int i = 10; i < 60; ++i) r += "28-06-26,00:00:" + std::to_string(i) + ",1.5\r\n";
  const FileContext context =
      beside("CH6 R 26-06-28.log", {{"CH6 T 26-06-28.log", r + "28-06-26,00:01:00,1\n"}});
  const ReadLog whole = read_log("bluefors", context, r);
  ASSERT_EQ(whole.rows.size(), 50);
  for (const std::size_t step : {1, 7, 64, 1000}) {
    const ReadLog grown = read_growing("bluefors", context, r, step);
    EXPECT_EQ(grown.rows, whole.rows) << step;
    EXPECT_EQ(grown.end, whole.end) << step;
  }
}

}  // namespace
}  // namespace coldwatch
