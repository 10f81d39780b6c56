// A folder with the logs of years: nothing of it is lost, and little of it is remembered.
#include <algorithm>
#include <numeric>

#include "agent/source/catalog.hpp"
#include "agent/source/follower.hpp"
#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

using Extent = FolderWatch::Extent;

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

class Archive : public testing::Test, public FollowedFolder {
 protected:
  /// Day `number` of a calendar whose months have 28 days.
  static std::string day(int number) {
    return two_digits(10 + number / 336) + "-" + two_digits(1 + number / 28 % 12) + "-" +
           two_digits(1 + number % 28);
  }
  static std::string file_of(int number) {
    return day(number) + "/Flowmeter " + day(number) + ".log";
  }
  static std::string row_of(int number, const std::string& time = "00:00:02") {
    const std::string date = day(number);
    return date.substr(6) + date.substr(2, 4) + date.substr(0, 2) + "," + time + "," +
           std::to_string(number) + "\n";
  }

  void write_days(int days) {
    settings.format = "bluefors";
    for (int i = 0; i < days; ++i) write(file_of(i), row_of(i));
  }
  void make_old(const std::string& name) {
    std::filesystem::last_write_time(
        os_path(name), std::filesystem::file_time_type::clock::now() - std::chrono::hours{2400});
  }
  /// One poll in which listing is due.
  Ids read_once() {
    now += std::chrono::seconds{3};
    return read(1);
  }
  static Ids numbers(int first, int last) {
    Ids ids(static_cast<std::size_t>(last - first + 1));
    std::iota(ids.begin(), ids.end(), first);
    return ids;
  }
};

TEST_F(Archive, MoreFilesThanAreRememberedAreAllRead) {
  const int days = static_cast<int>(kMostFilesKept) + 300;
  write_days(days);
  settings.start = LogStart::kBeginning;
  start();
  Ids ids;
  for (int i = 0; i < 3; ++i) std::ranges::move(read_once(), std::back_inserter(ids));
  EXPECT_LT(ids.size(), static_cast<std::size_t>(days)) << "the bound has struck";
  EXPECT_GT(follower->bytes_behind(), 0U);
  start(follower->positions());
  for (int i = 0; i < 6; ++i) std::ranges::move(read_once(), std::back_inserter(ids));
  EXPECT_EQ(ids, numbers(0, days - 1));
  EXPECT_EQ(follower->bytes_behind(), 0U);
  write(file_of(days), row_of(days));
  EXPECT_EQ(read(), Ids{double(days)});
  EXPECT_EQ(notices, Words{});
}

TEST_F(Archive, ANewFileDoesNotOvertakeThoseThatAreNotRemembered) {
  write_days(400);
  settings.start = LogStart::kBeginning;
  settings.folder = path();
  Catalog catalog{settings, 40};
  StreamPositions places;
  int expected = 0;
  for (int i = 0; i < 200 && expected < 401; ++i) {
    if (i == 1) write(file_of(400), row_of(400));
    catalog.refresh({}, {}, places, Extent::kChanges);
    const bool begun = places.contains("flowmeter");
    for (const LogEntry* file : catalog.files("flowmeter")) {
      if (begun && file->recognition.order <= places["flowmeter"].order) continue;
      ASSERT_EQ(file->path, file_of(expected++));
      places["flowmeter"] = {
          .path = file->path, .identity = file->identity, .order = file->recognition.order};
    }
    if (catalog.bytes_beyond("flowmeter")) catalog.refresh({}, {}, places, Extent::kWhole);
  }
  EXPECT_EQ(expected, 401);
  EXPECT_FALSE(catalog.bytes_beyond("flowmeter"));
}

TEST_F(Archive, OfAFolderThatWasCopiedOnlyTheNewestAreRemembered) {
  write_days(400);
  settings.folder = path();
  Catalog catalog{settings, 40};
  catalog.refresh({}, {});
  ASSERT_NE(catalog.find(file_of(399)), nullptr);
  EXPECT_EQ(catalog.files("flowmeter").back()->path, file_of(399));
  EXPECT_LE(catalog.files("flowmeter").size(), 50U);
  int remembered = 0;
  for (int i = 0; i < 400; ++i) remembered += catalog.find(file_of(i)) != nullptr ? 1 : 0;
  EXPECT_LE(remembered, 50);
  EXPECT_TRUE(catalog.exists(file_of(0))) << "though it is not remembered";
  EXPECT_FALSE(catalog.exists("nothing"));
}

TEST_F(Archive, AFileThatIsGoneIsFoundInTheArchive) {
  write_days(400);
  for (int i = 0; i < 399; ++i) make_old(file_of(i));
  settings.folder = path();
  Catalog catalog{settings, 40};
  catalog.refresh({}, {});
  ASSERT_NE(catalog.find(file_of(399)), nullptr);
  const LogEntry& newest = *catalog.find(file_of(399));
  const FilePosition place{.path = newest.path,
                           .identity = newest.identity,
                           .head_hash = newest.head_hash,
                           .order = newest.recognition.order};
  const std::string moved = day(5) + "/Flowmeter " + day(3) + ".log";
  move(file_of(399), moved);
  make_old(moved);
  catalog.refresh({}, {file_of(399)}, {{"flowmeter", place}});
  EXPECT_EQ(catalog.whereabouts(place), moved);
  EXPECT_EQ(catalog.find(file_of(3)), nullptr);
}

TEST_F(Archive, ANewDayIsReadWithinFiveSecondsAndALateRowAtOnce) {
  write_days(400);
  start();
  EXPECT_EQ(read(), Ids{399});
  write(file_of(400), row_of(400));
  EXPECT_EQ(read(2), Ids{400}) << "in six seconds of polls";
  append(file_of(399), row_of(399, "23:59:59"));
  EXPECT_EQ(read(1), Ids{399});
}

TEST_F(Archive, AFileInAFolderWhoseTimeStandsStillIsReadWithinMinutes) {
  write_days(400);
  start();
  EXPECT_EQ(read(), Ids{399});
  const auto time = std::filesystem::last_write_time(os_path(day(399)));
  const auto write_unseen = [&](const std::string& name) {
    write(day(399) + "/" + name, row_of(399));
    std::error_code failed;
    std::filesystem::last_write_time(os_path(day(399)), time, failed);
    return !failed;
  };
  if (!write_unseen("maxigauge.txt")) GTEST_SKIP() << "the time of a folder cannot be set here";
  write_unseen("Flowmeter " + day(400) + ".log");
  EXPECT_EQ(read(), Ids{});
  now += std::chrono::minutes{11};
  EXPECT_EQ(read(), Ids{399});
}

TEST_F(Archive, TheClockOfThePcIsSetBack) {
  write_days(400);
  start();
  EXPECT_EQ(read(), Ids{399});
  Ids ids;
  for (int minute = 10; minute < 40; ++minute) {
    append(file_of(390), row_of(390, "12:" + std::to_string(minute) + ":00"));
    now += std::chrono::minutes{1};
    std::ranges::move(read(1), std::back_inserter(ids));
  }
  EXPECT_EQ(ids, Ids(31, 390)) << "the file of a day that was there, and grows again";
  EXPECT_EQ(notices, Words{"gap"});
}

}  // namespace
}  // namespace coldwatch
