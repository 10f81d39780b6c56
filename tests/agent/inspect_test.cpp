#include "agent/inspect.hpp"

#include <gtest/gtest.h>

#include "common/json.hpp"
#include "tests/agent/formats/vcl_writer.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

class Inspect : public testing::Test {
 protected:
  Inspection look(const std::string& path) {
    std::string error;
    return inspect({.folder = path, .zone = *TimeZone::find("UTC", error)}, {});
  }
  TempFolder folder;
};

TEST_F(Inspect, AFileIsOneObject) {
  folder.write("a.vcl", small_vcl_head() + small_vcl_rows(0, 2) +
                            simulator::vcl_row(
                                std::vector<double>{56, 3, kVclBegin + 180, 9, kVclBegin, 300, 0}) +
                            "half a row");
  const json report = parse_json(inspection_json(look(folder.file("a.vcl"))));
  EXPECT_EQ(report.at("path"), folder.file("a.vcl"));
  EXPECT_EQ(report.at("format"), "vcl");
  EXPECT_EQ(report.at("why"), "starts with \"VeriCold data logfile\"");
  EXPECT_EQ(report.at("rows"), 4);
  EXPECT_EQ(report.at("bad_records"), 0);
  EXPECT_EQ(report.at("first_time"), "2018-12-10T23:39:25.000Z");
  EXPECT_EQ(report.at("last_time"), "2018-12-10T23:42:25.000Z");
  EXPECT_EQ(report.at("channels").at(0),
            parse_json(R"json({"key": "P1_Tank_Bar", "name": "P1 Tank (Bar)", "unit": "Bar",
                            "good": 4, "stale": 0, "invalid": 0, "min": 0.0, "max": 9.0,
                            "last": 9.0
})json"));
  EXPECT_EQ(report.at("channels").at(1),
            parse_json(R"json({"key": "MC_T_K", "name": "MC T(K)", "unit": "K", "good": 3,
                            "stale": 0, "invalid": 1, "min": 4.0, "max": 4.0, "last": 4.0
})json"));
  EXPECT_EQ(report.at("anomalies"), parse_json(R"json([{"kind": "partial_row", "line": 4,
                             "text": "10 bytes at the end are no whole record"}])json"));
}

TEST_F(Inspect, AFolderIsAnArrayInOrderOfTime) {
  folder.write("a.vcl", small_vcl_head("2") + small_vcl_rows(100, 101));
  folder.write("b.vcl", small_vcl_rows(0, 1));
  folder.write("notes.txt", "nothing for us");
  const Inspection inspection = look(folder.path());
  const json reports = parse_json(inspection_json(inspection));
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].at("path"), folder.path() + "/b.vcl");
  EXPECT_EQ(reports[1].at("path"), folder.path() + "/a.vcl");
  EXPECT_EQ(reports[0].at("channels")[0].at("key"), "P1_Tank_Bar") << "named by its sibling";
}

TEST_F(Inspect, AHeaderlessFileAloneIsNamedByItsNeighbour) {
  folder.write("a.vcl", small_vcl_head() + small_vcl_rows(0, 1));
  folder.write("b.vcl", small_vcl_rows(2, 3));
  const Inspection inspection = look(folder.file("b.vcl"));
  ASSERT_EQ(inspection.files.size(), 1U);
  EXPECT_EQ(inspection.files[0].channels.at(0).channel.name, "P1 Tank (Bar)");
}

TEST_F(Inspect, AFileWithoutRowsStillHasColumns) {
  folder.write("a.vcl", small_vcl_head());
  const json report = parse_json(inspection_json(look(folder.file("a.vcl"))));
  EXPECT_EQ(report.at("rows"), 0);
  EXPECT_FALSE(report.contains("first_time"));
  EXPECT_EQ(report.at("channels").size(), 3U);
  EXPECT_FALSE(report.at("channels")[0].contains("min"));
}

TEST_F(Inspect, SaysWhatItFoundWhereThereIsNoLog) {
  folder.write("notes.txt", "nothing\x01 for us");
  const Inspection file = look(folder.file("notes.txt"));
  ASSERT_EQ(file.files.size(), 1U);
  EXPECT_EQ(file.files[0].format, "");
  EXPECT_EQ(file.files[0].why, "no format knows it; it begins with \"nothing  for us\"");
  EXPECT_NE(look(folder.path()).problem.find("notes.txt"), std::string::npos);
  EXPECT_NE(look(folder.file("missing")).problem.find("missing"), std::string::npos);
  EXPECT_EQ(inspection_json(look(folder.path())), "[]\n");
}

TEST_F(Inspect, ShowsTheInstrumentsOwnWords) {
  folder.write("ppms.dat",
               "[Header]\nTITLE,Log\nBYAPP,LogData,1.1\nDATATYPE,TIME,2\nDATATYPE,COMMENT,1\n"
               "FILEOPENTIME,1000.00,6/4/2013,11:53 AM\n[Data]\nComment,Time Stamp (sec),Status "
               "(code),Temperature (K)\n,1005,4369,4.2\nhelium was filled,1010\n,1015,4383,4.3\n");
  const Inspection inspection = look(folder.path());
  ASSERT_EQ(inspection.files.size(), 1U);
  ASSERT_EQ(inspection.files[0].words.size(), 2U);
  EXPECT_EQ(inspection.files[0].words[0].text, "helium was filled");
  const std::string text = inspection_text(inspection);
  EXPECT_NE(text.find("helium was filled\n"), std::string::npos) << text;
  EXPECT_NE(text.find("failure"), std::string::npos) << "the status in words\n" << text;
}

TEST_F(Inspect, LooksLikeATable) {
  folder.write("a.vcl", small_vcl_head() + small_vcl_rows(0, 1) + std::string(64, '\0') +
                            small_vcl_rows(2, 3));
  const std::string text = inspection_text(look(folder.file("a.vcl")));
  const std::string path = folder.file("a.vcl") + "\n";
  EXPECT_EQ(text.substr(0, path.size()), path);
  EXPECT_EQ(text.substr(path.size()),
            "  Oxford Instruments VeriCold log (vcl): starts with \"VeriCold data logfile\"\n"
            "  4 rows from 2018-12-10 23:39:25 to 2018-12-10 23:42:25 UTC (3 min, one every 1 min),"
            " unreadable records: 1\n"
            "    key          name           unit  good  stale  invalid   min   max  last\n"
            "    P1_Tank_Bar  P1 Tank (Bar)  Bar      4      0        0     0     3     3\n"
            "    MC_T_K       MC T(K)        K        4      0        0     4     4     4\n"
            "    MC_R_Ohm     MC R(Ohm)      Ohm      4      0        0  1000  1000  1000\n"
            "  ! line 1, damage: 64 bytes are not a row and were skipped (after line 1)\n");
}

}  // namespace
}  // namespace coldwatch
