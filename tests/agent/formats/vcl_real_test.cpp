// The real logs of a Triton: counts that an independent reader gave.
#include <gtest/gtest.h>

#include <map>

#include "agent/inspect.hpp"
#include "tests/common/shared_logs.hpp"

namespace coldwatch {
namespace {

struct Expected {
  const char* file;
  std::uint64_t rows;
  const char* first;
  const char* last;
  std::uint64_t good, stale, invalid;
  std::map<std::string, int> anomalies;
};

FileReport report_of(const std::string& folder, const std::string& file) {
  std::string error;
  const Inspection inspection =
      inspect({.folder = folder + "/vcl/" + file, .zone = *TimeZone::find("UTC", error)}, {});
  EXPECT_EQ(inspection.files.size(), 1U) << inspection.problem;
  return inspection.files.empty() ? FileReport{} : inspection.files.front();
}

TEST(VclReal, RowsTimesAndQualitiesAreThoseOfAnIndependentReader) {
  const auto logs = shared_logs();
  if (!logs) GTEST_SKIP() << "no real logs on this machine";
  const Expected table[] = {
      {"log 180825 131456.vcl",
       159,
       "2018-08-25T17:15:56.000Z",
       "2018-08-25T19:53:58.000Z",
       5875,
       0,
       1598,
       {}},
      {"log 181210 183825.vcl",
       4269,
       "2018-12-10T23:39:25.000Z",
       "2018-12-13T22:48:23.000Z",
       149'903,
       0,
       50'740,
       {}},
      {"log 181215 165937.vcl",
       1729,
       "2018-12-15T22:00:37.000Z",
       "2018-12-17T02:49:00.000Z",
       63'903,
       0,
       17'360,
       {}},
      {"test.vcl",
       1332,
       "2018-12-10T23:39:25.000Z",
       "2018-12-11T21:39:43.000Z",
       46'606,
       2,
       15'996,
       {{"number_jump", 8}, {"repeated_time", 4}, {"time_back", 3}, {"gap", 1}}},
  };
  for (const Expected& expected : table) {
    const FileReport report = report_of(*logs, expected.file);
    EXPECT_EQ(report.rows, expected.rows) << expected.file;
    EXPECT_EQ(report.bad_records, 0U) << expected.file;
    EXPECT_EQ(to_rfc3339(report.first_time.value()), expected.first);
    EXPECT_EQ(to_rfc3339(report.last_time.value()), expected.last);
    ASSERT_EQ(report.channels.size(), 47U) << expected.file;
    EXPECT_EQ(report.channels[0].channel.name, "P2 Condense (Bar)") << expected.file;
    std::uint64_t good = 0;
    std::uint64_t stale = 0;
    std::uint64_t invalid = 0;
    for (const ChannelReport& channel : report.channels) {
      good += channel.good;
      stale += channel.stale;
      invalid += channel.invalid;
    }
    EXPECT_EQ(good, expected.good) << expected.file;
    EXPECT_EQ(stale, expected.stale) << expected.file;
    EXPECT_EQ(invalid, expected.invalid) << expected.file;
    std::map<std::string, int> anomalies;
    for (const AnomalyReport& anomaly : report.anomalies) ++anomalies[anomaly.kind];
    EXPECT_EQ(anomalies, expected.anomalies) << expected.file;
  }
}

TEST(VclReal, ADisabledSensorHasNoReadings) {
  const auto logs = shared_logs();
  if (!logs) GTEST_SKIP() << "no real logs on this machine";
  const FileReport report = report_of(*logs, "log 181210 183825.vcl");
  for (const ChannelReport& channel : report.channels) {
    if (channel.channel.key != "MC_Plate_Cernox_T_K") continue;
    EXPECT_EQ(channel.invalid, 4022U);
    EXPECT_EQ(channel.good, 247U);
    EXPECT_GT(channel.min.value(), 0);
    return;
  }
  ADD_FAILURE() << "no MC_Plate_Cernox_T_K";
}

}  // namespace
}  // namespace coldwatch
