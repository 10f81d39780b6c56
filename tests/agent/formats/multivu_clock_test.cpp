#include "agent/formats/multivu_clock.hpp"

#include <gtest/gtest.h>

#include "tests/agent/formats/format_reading.hpp"

namespace coldwatch {
namespace {

std::string wall(std::string_view value) {
  const auto opened = parse_file_open_time(value);
  return opened ? to_rfc3339(UtcTime{opened->wall.time_since_epoch()}) : "none";
}

std::string time(std::string_view opened, double stamp) {
  MultiVuClock clock{parse_file_open_time(opened), zone("UTC")};
  const auto utc = clock.to_utc(stamp, {});
  return utc ? to_rfc3339(*utc) : "none";
}

TEST(FileOpenTime, IsReadInEverySpelling) {
  const std::pair<const char*, const char*> good[] = {
      {"35108593.23,02/11/2016,4:32 pm", "2016-02-11T16:32:00.000Z"},
      {"12212238.42,,1/10/2022 15:29:28", "2022-01-10T15:29:28.000Z"},
      {" 1164777384.812000 11/28/2006, 9:16:24 PM", "2006-11-28T21:16:24.000Z"},
      {"29595963.16,6/4/2013,11:53 AM", "2013-06-04T11:53:00.000Z"},
      {"3907407619.14099,10/25/2023,12:00 am", "2023-10-25T00:00:00.000Z"},
      {"1,10/25/2023,12:30 PM", "2023-10-25T12:30:00.000Z"},
      {"1,25/10/2023,12:30", "2023-10-25T12:30:00.000Z"}};
  for (const auto& [value, expected] : good) EXPECT_EQ(wall(value), expected) << value;
  EXPECT_EQ(parse_file_open_time("29595963.16,6/4/2013,11:53 AM")->stamp, 29595963.16);
}

TEST(FileOpenTime, IsNoneWhereItIsDamaged) {
  for (const char* value :
       {"", ",", "x", "29595963.16", "29595963.16,", "29595963.16,6/4/2013",
        "29595963.16,6/4,11:53 AM", "29595963.16,13/13/2013,11:53 AM", "1,6/31/2013,11:53 AM",
        "29595963.16,6/4/2013,AM", "29595963.16,6/4/2013,11", "29595963.16,6.4.2013,11:53",
        "6/4/2013,11:53 AM", "1,6/4/99999,11:53", "1,6/4/2013,11:"}) {
    EXPECT_EQ(wall(value), "none") << value;
  }
}

TEST(MultiVuClock, IsKnownByFileOpenTime) {
  const struct {
    const char* opened;
    double stamp;
    const char* time;
  } table[] = {
      {"3907407619.14099,10/25/2023,3:00 pm", 3907409041.21466, "2023-10-25T15:24:01.215Z"},
      {"1164777384.812000 11/29/2006, 5:16:24 AM", 1164777984.812, "2006-11-29T05:26:24.812Z"},
      {"1164777384.812000 11/28/2006, 9:16:24 PM", 1164777984.812, "2006-11-29T05:26:24.812Z"},
      {"29595963.16,6/4/2013,11:53 AM", 29596004.72, "2013-06-04T11:53:41.560Z"},
      {"3589995867.25658,4/26/2025,10:00 AM", 3589995877.25658, "2025-04-26T10:00:10.000Z"},
      {"29595963.16,6/4/2013,11:53 AM", 29595963.16 - 61, "none"},
      {"", 3953264078.5, "2025-04-08T08:54:38.500Z"},
      {"", 1164777384.812, "2006-11-29T05:16:24.812Z"},
      {"", 29596004.72, "none"},
      {"", -1, "none"},
      {"", 7e9, "none"},
      {"", 1e300, "none"}};
  for (const auto& row : table) EXPECT_EQ(time(row.opened, row.stamp), row.time) << row.opened;
}

}  // namespace
}  // namespace coldwatch
