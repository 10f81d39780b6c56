// Bluefors folders through the follower: what a reader cannot be trusted with alone.
#include <gtest/gtest.h>

#include "agent/inspect.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

Inspection inspect_folder(const TempFolder& folder) {
  std::string error;
  return inspect({.folder = folder.path(), .zone = *TimeZone::find("UTC", error)},
                 UtcTime{Milliseconds{1'800'000'000'000}});
}

TEST(BlueforsFollow, LosesNoRowWhereKeysAppearBeforeTheNextFile) {
  const TempFolder folder;
  std::string day;
  for (int i = 0; i < 4000; ++i) day += "28-06-26,10:00:00,a,1,b,2\n";
  ASSERT_GT(day.size(), kHeadBytes);
  day += "28-06-26,10:00:01,a,1,b,2,c,3\n28-06-26,10:00:02,a,1,b,2,c,3\n";
  folder.write("Status_26-06-28.log", day);
  folder.write("Status_26-06-29.log", "29-06-26,10:00:00,a,1,d,2\n");
  const Inspection inspection = inspect_folder(folder);
  ASSERT_EQ(inspection.files.size(), 2);
  EXPECT_EQ(inspection.files[0].rows, 4002);
  EXPECT_EQ(inspection.files[0].channels.size(), 3);
  EXPECT_EQ(inspection.files[1].rows, 1);
}

TEST(BlueforsFollow, TemperaturesAreNoFileOfTheirOwnBesideResistances) {
  const TempFolder folder;
  folder.write("CH6 T 26-06-28.log", "28-06-26,00:00:02,0.01\n28-06-26,00:00:12,0.01\n");
  folder.write("CH6 R 26-06-28.log", "28-06-26,00:00:02,9000\n28-06-26,00:00:12,-0.0\n");
  folder.write("CH1 T 26-06-28.log", "28-06-26,00:00:02,45\n");
  const Inspection inspection = inspect_folder(folder);
  std::uint64_t rows = 0;
  std::uint64_t good = 0;
  for (const FileReport& file : inspection.files) {
    rows += file.rows;
    for (const ChannelReport& report : file.channels) good += report.good;
  }
  EXPECT_EQ(rows, 3);
  EXPECT_EQ(good, 3) << "CH6 T and R of the first row, and CH1 T";
}

}  // namespace
}  // namespace coldwatch
