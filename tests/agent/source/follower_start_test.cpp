// Where the follower begins in a folder, and how it goes on after a restart.
#include "agent/source/follower.hpp"
#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

class Start : public testing::Test, public FollowedFolder {
 protected:
  /// Three days of logs; the newest row is of the second half of the third.
  void write_days() {
    write("a.vcl", small_vcl_head("1") + small_vcl_rows(0, 9));
    write("b.vcl", small_vcl_head("2") + small_vcl_rows(1440, 1449));
    write("c.vcl", small_vcl_head("3") + small_vcl_rows(2880, 2889));
  }
};

TEST_F(Start, NowIsTheNewestRecord) {
  write_days();
  start();
  EXPECT_EQ(read(), (Ids{2889}));
  append("c.vcl", small_vcl_rows(2890, 2891));
  EXPECT_EQ(read(), (Ids{2890, 2891}));
}

TEST_F(Start, NowSkipsAFileWithoutRecords) {
  write_days();
  write("d.vcl", small_vcl_head("4"));
  start();
  EXPECT_EQ(read(), (Ids{2889}));
  append("d.vcl", small_vcl_rows(2950, 2950));
  EXPECT_EQ(read(), (Ids{2950}));
}

TEST_F(Start, BeginningIsTheOldestFile) {
  write_days();
  settings.start = LogStart::kBeginning;
  start();
  EXPECT_EQ(read(1).size(), 30U);
}

TEST_F(Start, TodayBeginsAtMidnightOfTheLogsZone) {
  write("a.vcl", small_vcl_head("1") + small_vcl_rows(0, 9));
  write("b.vcl", small_vcl_head("2") + small_vcl_rows(15, 40));
  write("c.vcl", small_vcl_head("3") + small_vcl_rows(50, 51));
  settings.start = LogStart::kToday;
  now = UtcTime{std::chrono::seconds{1'544'485'165 + 3600}};
  start();
  const Ids ids = read(1);
  ASSERT_EQ(ids.size(), 22U) << "00:00:25 is row 21";
  EXPECT_EQ(ids.front(), 21);
  EXPECT_EQ(ids.back(), 51);
}

TEST_F(Start, TodayWithoutARecordIsTheNewestOne) {
  write_days();
  settings.start = LogStart::kToday;
  start();
  EXPECT_EQ(read(), (Ids{2889}));
}

TEST_F(Start, AFolderThatComesLateIsReadAsConfigured) {
  remove("");
  start();
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(follower->condition().state, LogCondition::State::kMissing);
  write_days();
  EXPECT_EQ(read(), (Ids{2889}));
}

TEST_F(Start, ASingleFileCanBeFollowed) {
  write_days();
  settings.start = LogStart::kBeginning;
  settings.folder = path() + "/b.vcl";
  follower.emplace(settings, StreamPositions{});
  EXPECT_EQ(read(1).size(), 10U);
}

TEST_F(Start, SaysWhatItSawWhereNoFormatFits) {
  write("notes.txt", "nothing for us");
  start();
  EXPECT_EQ(read(), Ids{});
  const LogCondition condition = follower->condition();
  EXPECT_EQ(condition.state, LogCondition::State::kMissing);
  EXPECT_NE(condition.text.find("notes.txt"), std::string::npos);
  EXPECT_EQ(follower->format(), "");
}

TEST_F(Start, ReportsAFileThatItsFormatCannotRead) {
  const std::vector<std::string> names{"LineSize(bytes)", "Time(secs)", "LineNumber"};
  write("a.vcl", simulator::vcl_head(names, "x", "2020-01-01T00:00:00") + small_vcl_rows(0, 1));
  start();
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(follower->condition().state, LogCondition::State::kUnreadable);
  EXPECT_NE(follower->condition().text.find("column 2"), std::string::npos);
}

/// The cursor stands behind the ten rows of a.vcl; b.vcl and c.vcl follow.
class Resume : public Start {
 protected:
  void SetUp() override {
    write_days();
    settings.start = LogStart::kBeginning;
    start();
    follower->poll(now);
    cursor = {{"main", follower->next()->after}};
  }
  void restart() {
    settings.start = LogStart::kNow;
    start(cursor);
  }
  StreamPositions cursor;
};

TEST_F(Resume, GoesOnAtTheCursor) {
  append("a.vcl", small_vcl_rows(10, 11));
  restart();
  const Ids ids = read(1);
  ASSERT_EQ(ids.size(), 22U);
  EXPECT_EQ(ids.front(), 10);
  EXPECT_EQ(notices, Words{});
}

TEST_F(Resume, EveryPositionBringsTheRest) {
  start();
  const Ids all = read();
  for (std::size_t taken = 0; taken < all.size(); ++taken) {
    start();
    follower->poll(now);
    std::optional<Chunk> chunk = follower->next();
    for (std::size_t file = 0; file < taken / 10; ++file) chunk = follower->next();
    FilePosition place = chunk->before;
    if (taken % 10 > 0) place.position = (*chunk->rows)[taken % 10 - 1].next;
    start({{"main", place}});
    EXPECT_EQ(read(1), Ids(all.begin() + static_cast<std::ptrdiff_t>(taken), all.end())) << taken;
  }
}

TEST_F(Resume, FindsARenamedFile) {
  append("a.vcl", small_vcl_rows(10, 10));
  move("a.vcl", "0.vcl");
  restart();
  const Ids ids = read(1);
  EXPECT_EQ(ids.size(), 21U);
  EXPECT_EQ(ids.front(), 10);
  EXPECT_EQ(notices, Words{});
}

TEST_F(Resume, KnowsTheFileAgainOnAShareWithNewNumbers) {
  append("a.vcl", small_vcl_rows(10, 10));
  copy("a.vcl", "copy");
  remove("a.vcl");
  move("copy", "a.vcl");
  cursor.at("main").identity = "1:1";
  restart();
  EXPECT_EQ(read(1).front(), 10);
  EXPECT_EQ(notices, Words{});
}

TEST_F(Resume, TellsThatTheFileIsGoneAndGoesOnWithTheNext) {
  remove("a.vcl");
  restart();
  EXPECT_EQ(read().size(), 20U);
  EXPECT_EQ(notices, (Words{"gap"}));
}

TEST_F(Resume, TellsThatTheFileWasReplaced) {
  write("a.vcl", small_vcl_head("9") + small_vcl_rows(100, 101));
  restart();
  const Ids ids = read();
  EXPECT_EQ(ids.size(), 22U);
  EXPECT_EQ(ids.front(), 100);
  EXPECT_EQ(notices, (Words{"gap"}));
}

TEST_F(Resume, WaitsForAFolderThatIsAway) {
  const std::filesystem::path away = os_path("").string() + "_away";
  std::filesystem::rename(os_path(""), away);
  restart();
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(follower->positions(), cursor);
  std::filesystem::rename(away, os_path(""));
  EXPECT_EQ(read().size(), 20U);
  EXPECT_EQ(notices, Words{});
}

TEST_F(Resume, WaitsForTheNextFileWhereAllAreGone) {
  for (const char* name : {"a.vcl", "b.vcl", "c.vcl"}) remove(name);
  restart();
  EXPECT_EQ(read(), Ids{});
  write("d.vcl", small_vcl_head("4") + small_vcl_rows(3000, 3001));
  EXPECT_EQ(read(), (Ids{3000, 3001}));
  EXPECT_EQ(notices, (Words{"gap"}));
}

TEST_F(Resume, ReportsAChangeOfColumns) {
  std::vector<std::string> names = small_vcl_names();
  names[3] = "P1 Tank (mBar)";
  write("d.vcl", simulator::vcl_head(names, "x", "4") + small_vcl_rows(3000, 3001));
  restart();
  EXPECT_EQ(read().size(), 22U);
  EXPECT_EQ(notices, (Words{"format_changed"}));
}

}  // namespace
}  // namespace coldwatch
