#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "agent/formats/format.hpp"
#include "tests/agent/formats/vcl_writer.hpp"

namespace coldwatch {
namespace {

const Format& vcl() { return *find_format("vcl"); }

FileContext context() {
  std::string error;
  return {.path = "log.vcl", .zone = *TimeZone::find("UTC", error)};
}

/// All rows of a log, read in one go or in pieces.
struct Read {
  explicit Read(const std::string& log, std::size_t piece = std::string::npos,
                const FileContext& with = context()) {
    const Opened opened = vcl().open(with, std::string_view{log}.substr(0, kHeadBytes));
    why = opened.why;
    if (!opened.reader) return;
    channels = *opened.reader->channels();
    at = opened.reader->start();
    std::size_t end = std::min(log.size(), at.offset + std::min(piece, log.size()));
    RowBatch batch;
    for (;;) {
      batch.reset(opened.reader->channels());
      const std::string_view all{log};
      const Position next = opened.reader->read(all.substr(at.offset, end - at.offset), at, batch);
      for (std::size_t i = 0; i < batch.size(); ++i) {
        numbers.push_back(batch[i].number);
        times.push_back(batch[i].time);
        values.emplace_back(batch[i].values.begin(), batch[i].values.end());
        quality.emplace_back(batch[i].quality.begin(), batch[i].quality.end());
        EXPECT_LE(batch[i].next.offset, next.offset);
      }
      for (const Remark& remark : batch.remarks) {
        remarks.push_back(remark.code);
        if (remark.kind == Remark::Kind::kBadRecord) bad += remark.count;
      }
      if (next == at && end == log.size()) return;
      at = next;
      end = std::min(log.size(), end + std::min(piece, log.size()));
    }
  }

  std::string why;
  Channels channels;
  Position at;
  std::vector<std::uint64_t> numbers;
  std::vector<UtcTime> times;
  std::vector<std::vector<double>> values;
  std::vector<std::vector<Quality>> quality;
  std::vector<std::string> remarks;
  std::uint64_t bad = 0;
};

using Numbers = std::vector<std::uint64_t>;
using Words = std::vector<std::string>;

TEST(Vcl, ReadsRowsOfItsOwnColumns) {
  const Read read{small_vcl_head() + small_vcl_rows(0, 2)};
  EXPECT_EQ(read.channels, (Channels{{"P1_Tank_Bar", "P1 Tank (Bar)", "Bar", "pressure"},
                                     {"MC_T_K", "MC T(K)", "K", "temperature"},
                                     {"MC_R_Ohm", "MC R(Ohm)", "Ohm", "resistance"}}));
  EXPECT_EQ(read.numbers, (Numbers{0, 1, 2}));
  EXPECT_EQ(to_rfc3339(read.times[1]), "2018-12-10T23:40:25.000Z");
  EXPECT_EQ(read.values[2], (std::vector<double>{2, 4, 1000}));
  EXPECT_EQ(read.remarks, Words{});
  EXPECT_EQ(read.at.record, 3U);
}

TEST(Vcl, GivesTheSameRowsInPiecesOfAnySize) {
  const std::string log = small_vcl_head() + small_vcl_rows(0, 900);
  const Read whole{log};
  for (const std::size_t piece : {1U, 7U, 56U, 57U, 10'000U}) {
    const Read pieces{log, piece};
    EXPECT_EQ(pieces.numbers, whole.numbers) << piece;
    EXPECT_EQ(pieces.values, whole.values) << piece;
    EXPECT_EQ(pieces.at, whole.at) << piece;
  }
}

TEST(Vcl, KnowsWhichNumbersAreNoReadings) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  struct Case {
    const char* name;
    double age, temperature, resistance;
    Quality expected;
  };
  const Case cases[] = {
      {"measured now", 0, 4, 1000, Quality::kGood},
      {"waits for the scanner", 124, 4, 1000, Quality::kGood},
      {"at the limit", 300, 4, 1000, Quality::kGood},
      {"32 s in the future, as seen", -32, 4, 1000, Quality::kGood},
      {"a small negative temperature", 0, -0.001, 1000, Quality::kGood},
      {"switched off five minutes ago", 301, 4, 1000, Quality::kStale},
      {"frozen for a day", 91'365, 4, 1000, Quality::kStale},
      {"from the future", -61, 4, 1000, Quality::kStale},
      {"overload: 321 K at 25 mK", 91'365, 321.1145, 0, Quality::kInvalid},
      {"shorted", 0, 20.1, 0, Quality::kInvalid},
      {"negative resistance", 0, 20.1, -1.8e-5, Quality::kInvalid},
      {"never measured", kVclBegin, 0, 0, Quality::kInvalid},
      {"no number in R", 0, 4, kNan, Quality::kInvalid},
      {"no number in t", kNan, 4, 1000, Quality::kInvalid},
      {"t before 1970", kInfinity, 4, 1000, Quality::kInvalid},
  };
  for (const Case& c : cases) {
    const Read read{small_vcl_head() +
                    simulator::vcl_row(std::vector<double>{56, 0, kVclBegin, 1, kVclBegin - c.age,
                                                           c.temperature, c.resistance})};
    ASSERT_EQ(read.quality.size(), 1U) << c.name;
    EXPECT_EQ(read.quality[0], (std::vector{Quality::kGood, c.expected, c.expected})) << c.name;
  }
}

TEST(Vcl, NumbersThatAreNoneAreInvalid) {
  for (const double value : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    const Read read{small_vcl_head() + simulator::vcl_row(std::vector<double>{
                                           56, 0, kVclBegin, value, kVclBegin, 4, 1000})};
    EXPECT_EQ(read.quality.at(0).at(0), Quality::kInvalid);
    EXPECT_EQ(read.quality.at(0).at(1), Quality::kGood);
  }
}

TEST(Vcl, ZeroIsAReadingOutsideOfSensors) {
  const Read read{small_vcl_head() +
                  simulator::vcl_row(std::vector<double>{56, 0, kVclBegin, 0, kVclBegin, 4, 1})};
  EXPECT_EQ(read.quality.at(0).at(0), Quality::kGood);
}

TEST(Vcl, TakesTheStaleLimitFromTheConfig) {
  FileContext longer = context();
  longer.options["stale_after"] = "1h";
  const std::string log = small_vcl_head() + simulator::vcl_row(std::vector<double>{
                                                 56, 0, kVclBegin, 1, kVclBegin - 3000, 4, 1000});
  EXPECT_EQ(Read(log).quality.at(0).at(1), Quality::kStale);
  EXPECT_EQ(Read(log, std::string::npos, longer).quality.at(0).at(1), Quality::kGood);
  longer.options["stale_after"] = "soon";
  EXPECT_NE(Read(log, std::string::npos, longer).why.find("found \"soon\""), std::string::npos);
}

TEST(Vcl, TritonXlHasTwinsAndNoTimesOfMeasurement) {
  const std::vector<std::string> names{"LineSize(bytes)",  "LineNumber",       "Time(secs)",
                                       "Input Water Temp", "Input Water Temp", "PT1 Head  T(K)",
                                       "PT1 Head  R(Ohm)"};
  const std::string head = simulator::vcl_head(names, "C:/x.vcl", "2020-01-01T00:00:00");
  const Read read{head + simulator::vcl_row(std::vector<double>{56, 0, kVclBegin, 20, 21, 4, 0}) +
                  simulator::vcl_row(std::vector<double>{56, 1, kVclBegin + 60, 20, 21, 4, 9})};
  ASSERT_EQ(read.channels.size(), 4U);
  EXPECT_EQ(read.channels[0].key, "Input_Water_Temp");
  EXPECT_EQ(read.channels[1].key, "Input_Water_Temp_2");
  EXPECT_EQ(read.channels[1].unit, "C");
  EXPECT_EQ(read.channels[2].key, "PT1_Head_T_K");
  EXPECT_EQ(read.quality.at(0).at(2), Quality::kInvalid);
  EXPECT_EQ(read.quality.at(1).at(2), Quality::kGood);
}

TEST(Vcl, HeaderlessNamesComeFromConfigThenSiblingThenNowhere) {
  const std::string rows = small_vcl_rows(0, 1);
  FileContext with = context();
  EXPECT_EQ(Read(rows).channels.at(0).key, "column_4");
  EXPECT_NE(Read(rows).why, "");
  with.names_of_sibling = [](std::size_t columns) {
    return columns == 7 ? small_vcl_names() : Words{};
  };
  EXPECT_EQ(Read(rows, std::string::npos, with).channels.at(0).key, "P1_Tank_Bar");
  with.names = {"a", "b", "c", "d"};
  EXPECT_EQ(Read(rows, std::string::npos, with).channels.at(0).key, "a");
  with.names = {"LineSize", "LineNumber", "Time", "e", "f", "g", "h"};
  EXPECT_EQ(Read(rows, std::string::npos, with).channels.at(0).key, "e");
  with.names = {"too", "few"};
  EXPECT_EQ(Read(rows, std::string::npos, with).channels.at(0).key, "P1_Tank_Bar");
}

TEST(Vcl, GoesOnAfterDamage) {
  const std::string head = small_vcl_head();
  const std::string other = simulator::vcl_row(std::vector<double>{64, 2, 3, 4, 5, 6, 7, 8});
  const std::string rows = small_vcl_rows(3, 5);
  struct Case {
    const char* name;
    std::string between;
    std::uint64_t bad;
  };
  const Case cases[] = {
      {"zeros of a power cut", std::string(4096, '\0'), 1},
      {"bytes that shift the rows", "torn", 1},
      {"a row cut in the middle", small_vcl_row(2, 2).substr(0, 30), 1},
      {"a megabyte of noise", std::string(1 << 20, 'x'), 0},
      {"a row of another width", other, 1},
      {"rows of another width", other + other + other, 3},
      {"no line number", simulator::vcl_row(std::vector<double>{56, -1, kVclBegin, 1, 1, 1, 1}), 1},
      {"half a line number",
       simulator::vcl_row(std::vector<double>{56, 2.5, kVclBegin, 1, 1, 1, 1}), 1},
      {"no time", simulator::vcl_row(std::vector<double>{56, 2, 0, 1, 1, 1, 1}), 1},
      {"no number as time",
       simulator::vcl_row(std::vector<double>{56, 2, std::nan(""), 1, 1, 1, 1}), 1},
      {"a time after the year 9999",
       simulator::vcl_row(std::vector<double>{56, 2, 1e300, 1, 1, 1, 1}), 1},
  };
  for (const Case& c : cases) {
    for (const std::size_t piece : {std::size_t{64 * 1024}, std::string::npos}) {
      const Read read{head + small_vcl_rows(0, 1) + c.between + rows, piece};
      EXPECT_EQ(read.numbers, (Numbers{0, 1, 3, 4, 5})) << c.name;
      if (c.bad == 0) {
        EXPECT_GE(read.bad, 1U) << c.name;
      } else {
        EXPECT_EQ(read.bad, c.bad) << c.name;
      }
    }
  }
}

TEST(Vcl, RemarksOnStrangeOrder) {
  const std::string begin = small_vcl_head() + small_vcl_rows(0, 3);
  const auto row = [](int number, double time) {
    return simulator::vcl_row(
        std::vector<double>{56, double(number), kVclBegin + time, 1, 1, 1, 1});
  };
  EXPECT_EQ(Read(begin + row(4, 240)).remarks, Words{});
  EXPECT_EQ(Read(begin + row(4, 180)).remarks, (Words{"repeated_time"}));
  EXPECT_EQ(Read(begin + row(4, 100)).remarks, (Words{"time_back"}));
  EXPECT_EQ(Read(begin + row(4, 2293)).remarks, (Words{"gap"}));
  EXPECT_EQ(Read(begin + row(9, 240)).remarks, (Words{"number_jump"}));
  EXPECT_EQ(Read(begin + row(2, 100)).remarks, (Words{"number_jump", "time_back"}));
}

TEST(Vcl, WaitsForTheRestOfTheHead) {
  const std::string log = small_vcl_head() + small_vcl_row(0, 0);
  for (const std::size_t size : {0U, 1U, 21U, 1024U, 0x2FFFU}) {
    const std::string_view head = std::string_view{log}.substr(0, size);
    EXPECT_TRUE(vcl().recognise("log.vcl", head).mine) << size;
    const Opened opened = vcl().open(context(), head);
    EXPECT_TRUE(opened.need_more) << size;
    EXPECT_EQ(opened.reader, nullptr) << size;
  }
}

TEST(Vcl, IsRecognisedByItsBytes) {
  const std::string head = small_vcl_head() + small_vcl_row(0, 0);
  const std::string rows = small_vcl_rows(0, 1);
  EXPECT_TRUE(vcl().recognise("anything.dat", head).mine);
  EXPECT_TRUE(vcl().recognise("anything.dat", rows).mine);
  EXPECT_TRUE(vcl().recognise("a.VCL", small_vcl_row(0, 0)).mine);
  EXPECT_EQ(vcl().recognise("x", head).order, "2018-12-10T23:39:25.000Z");
  EXPECT_EQ(vcl().recognise("x", small_vcl_head("2019-01-02T03:04:05")).order,
            "2019-01-02T03:04:05");
}

TEST(Vcl, LeavesOtherFilesAlone) {
  const std::string one_row = small_vcl_row(0, 0);
  const std::pair<const char*, std::string> others[] = {
      {"a.dat", ""},
      {"a.dat", one_row},
      {"a.dat", std::string(5000, '\0')},
      {"a.vcl", std::string(5000, '\0')},
      {"a.vcl", "a text that only has the name"},
      {"a.vcl", std::string(64, '\xFF')},
      {"log.dat", "[Header]\r\nTITLE, PPMS Log Data File\r\n"},
      {"CH1 T 26-06-25.log", "25-06-26,00:00:36,1.082930E+2\r\n"},
      {"a.xlsx", "PK\x03\x04"},
      {"a.dat", one_row + simulator::vcl_row(std::vector<double>{64, 2, 3, 4, 5, 6, 7, 8})}};
  for (const auto& [name, bytes] : others) {
    EXPECT_FALSE(vcl().recognise(name, bytes).mine) << name << " " << bytes.substr(0, 20);
  }
}

TEST(Vcl, SaysWhyAHeadCannotBeUsed) {
  const auto why = [](std::vector<std::string> names) {
    return Read(simulator::vcl_head(names, "x", "2020-01-01T00:00:00")).why;
  };
  EXPECT_NE(why({}).find("0 column names"), std::string::npos);
  EXPECT_NE(why({"LineSize(bytes)", "LineNumber"}).find("2 column names"), std::string::npos);
  EXPECT_NE(why({"LineSize(bytes)", "Time(secs)", "LineNumber"}).find("column 2 is \"Time(secs)\""),
            std::string::npos);
}

TEST(Vcl, ReadsAsManyNamesAsThereIsRoomFor) {
  std::vector<std::string> names{"LineSize(bytes)", "LineNumber", "Time(secs)"};
  std::vector<double> values{184 * 8, 0, kVclBegin};
  while (names.size() < 184) {
    names.push_back("V" + std::to_string(names.size()));
    values.push_back(static_cast<double>(values.size()));
  }
  const Read read{simulator::vcl_head(names, "x", "2020-01-01T00:00:00") +
                  simulator::vcl_row(values)};
  ASSERT_EQ(read.channels.size(), 181U);
  EXPECT_EQ(read.values.at(0).back(), 183);
}

}  // namespace
}  // namespace coldwatch
