// Every way in which a log can change under its reader, by name; each on a real folder.
#include "agent/source/follower.hpp"

#include <algorithm>

#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

class Rotation : public testing::Test, public FollowedFolder {
 protected:
  void begin_with(const std::string& name, const std::string& bytes) {
    settings.start = LogStart::kBeginning;
    write(name, bytes);
    start();
  }
};

TEST_F(Rotation, Append) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 2));
  EXPECT_EQ(read(), (Ids{0, 1, 2}));
  append("a.vcl", small_vcl_rows(3, 3));
  EXPECT_EQ(read(1), (Ids{3}));
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(notices, Words{});
}

TEST_F(Rotation, PartialWrite) {
  const std::string row = small_vcl_row(1, 1);
  begin_with("a.vcl", small_vcl_head() + small_vcl_row(0, 0));
  EXPECT_EQ(read(), (Ids{0}));
  for (const char byte : row.substr(0, 55)) {
    append("a.vcl", {byte});
    EXPECT_EQ(read(1), Ids{});
  }
  append("a.vcl", row.substr(55));
  EXPECT_EQ(read(1), (Ids{1}));
  EXPECT_EQ(remarks, Words{});
}

TEST_F(Rotation, HeaderOnlyAtFirst) {
  begin_with("a.vcl", "");
  EXPECT_EQ(read(), Ids{});
  append("a.vcl", small_vcl_head().substr(0, 100));
  EXPECT_EQ(read(), Ids{});
  append("a.vcl", small_vcl_head().substr(100));
  EXPECT_EQ(read(), Ids{});
  append("a.vcl", small_vcl_rows(0, 1));
  EXPECT_EQ(read(), (Ids{0, 1}));
  EXPECT_EQ(notices, Words{});
}

TEST_F(Rotation, FileNotThereYet) {
  settings.start = LogStart::kNow;
  start();
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(follower->condition().state, LogCondition::State::kMissing);
  write("a.vcl", small_vcl_head() + small_vcl_rows(0, 2));
  EXPECT_EQ(read(), (Ids{0, 1, 2})) << "a log that begins while we wait is read from its start";
  EXPECT_EQ(follower->condition().state, LogCondition::State::kReadable);
}

TEST_F(Rotation, NewFileByName) {
  begin_with("log 181210 183825.vcl", small_vcl_head() + small_vcl_rows(0, 1));
  EXPECT_EQ(read(), (Ids{0, 1}));
  append("log 181210 183825.vcl", small_vcl_rows(2, 3));
  write("log 181210 190000.vcl", small_vcl_head("2018-12-10T19:00:00") + small_vcl_rows(21, 22));
  EXPECT_EQ(read(), (Ids{2, 3, 21, 22})) << "the old file is read to its end first";
  append("log 181210 190000.vcl", small_vcl_rows(23, 23));
  EXPECT_EQ(read(), (Ids{23}));
  EXPECT_EQ(notices, Words{});
}

TEST_F(Rotation, NewFileByFolder) {
  begin_with("18-12-10/a.vcl", small_vcl_head() + small_vcl_rows(0, 1));
  EXPECT_EQ(read(), (Ids{0, 1}));
  write("18-12-11/a.vcl", small_vcl_head("2018-12-11T00:00:01") + small_vcl_rows(2, 3));
  EXPECT_EQ(read(), (Ids{2, 3}));
  EXPECT_EQ(follower->positions().at("main").path, "18-12-11/a.vcl");
}

TEST_F(Rotation, LateRowsOfTheFileBefore) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 1));
  EXPECT_EQ(read(), (Ids{0, 1}));
  write("b.vcl", small_vcl_head("2018-12-10T19:00:00") + small_vcl_rows(21, 21));
  EXPECT_EQ(read(), (Ids{21}));
  const FilePosition at = follower->positions().at("main");
  append("a.vcl", small_vcl_rows(2, 2));
  EXPECT_EQ(read(), (Ids{2}));
  const FilePosition after = follower->positions().at("main");
  EXPECT_EQ(after.path, at.path);
  EXPECT_EQ(after.position, at.position) << "the cursor does not go back for them";
  now += std::chrono::hours{1};
  append("a.vcl", small_vcl_rows(3, 3));
  EXPECT_EQ(read(), (Ids{3})) << "and it is not forgotten before another file is finished";
}

TEST_F(Rotation, LateRowsWhileTheNextFileCannotBeOpened) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 1));
  EXPECT_EQ(read(), (Ids{0, 1}));
  write("b.vcl", small_vcl_head("2018-12-10T19:00:00") + small_vcl_rows(21, 21));
  now += std::chrono::seconds{10};
  follower->poll(now);  // the next file is in the listing
  remove("b.vcl");
  EXPECT_FALSE(follower->next());
  append("a.vcl", small_vcl_rows(2, 2));
  EXPECT_EQ(read(1), (Ids{2}));
  const StreamPositions at = follower->positions();
  EXPECT_EQ(at.at("main").path, "a.vcl");
  append("a.vcl", small_vcl_rows(3, 3));
  start(at);
  EXPECT_EQ(read(), (Ids{3})) << "nothing twice, nothing lost";
}

/// Row `number` of a log that was begun hours before the others; its id is 500 more.
std::string earlier_row(int number) {
  const double time = kVclBegin - 30'000 + 60.0 * number;
  return simulator::vcl_row(
      std::vector<double>{56, double(number), time, number + 500.0, time - 10, 4, 1000});
}

TEST_F(Rotation, TheClockOfThePcIsSetBack) {
  const std::string current = "log 181210 183825.vcl";
  const std::string set_back = "log 181210 120000.vcl";
  begin_with(current, small_vcl_head() + small_vcl_rows(0, 1));
  EXPECT_EQ(read(), (Ids{0, 1}));
  write(set_back, small_vcl_head("2018-12-10T12:00:00") + earlier_row(0));
  Ids ids;
  for (int row = 1; row < 20; ++row) {
    append(set_back, earlier_row(row));
    now += std::chrono::minutes{1};
    std::ranges::move(read(1), std::back_inserter(ids));
  }
  ASSERT_EQ(ids.size(), 20U);
  EXPECT_EQ(ids.front(), 500);
  EXPECT_EQ(notices, Words{"gap"});
  append(set_back, earlier_row(20));
  start(follower->positions());
  now += std::chrono::minutes{30};
  EXPECT_EQ(read(), (Ids{520})) << "also after a restart";
  write("log 181210 190000.vcl", small_vcl_head("2018-12-10T19:00:00") + small_vcl_rows(50, 50));
  EXPECT_EQ(read(), (Ids{50})) << "a later file follows, the one before is not read again";
}

TEST_F(Rotation, AnOldLogThatIsPutIntoTheFolderIsNotRead) {
  begin_with("log 181210 183825.vcl", small_vcl_head() + small_vcl_rows(0, 1));
  EXPECT_EQ(read(), (Ids{0, 1}));
  write("log 181209 120000.vcl",
        small_vcl_head("2018-12-09T12:00:00") + earlier_row(0) + earlier_row(1));
  for (int minute = 0; minute < 20; ++minute) {
    now += std::chrono::minutes{1};
    EXPECT_EQ(read(1), Ids{});
  }
  EXPECT_EQ(notices, Words{});
}

TEST_F(Rotation, SeveralFilesAtOnce) {
  begin_with("a.vcl", small_vcl_head("1") + small_vcl_rows(0, 700));
  write("c.vcl", small_vcl_head("3") + small_vcl_rows(1500, 1501));
  write("b.vcl", small_vcl_head("2") + small_vcl_rows(800, 1499));
  const Ids ids = read(1);
  ASSERT_EQ(ids.size(), 1403U);
  EXPECT_TRUE(std::ranges::is_sorted(ids));
}

TEST_F(Rotation, Rename) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 1));
  EXPECT_EQ(read(), (Ids{0, 1}));
  move("a.vcl", "b.vcl");
  append("b.vcl", small_vcl_rows(2, 2));
  EXPECT_EQ(read(), (Ids{2}));
  EXPECT_EQ(follower->positions().at("main").path, "b.vcl");
  EXPECT_EQ(notices, Words{});
}

TEST_F(Rotation, RenameToAForeignNameAndCreate) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 1));
  EXPECT_EQ(read(), (Ids{0, 1}));
  append("a.vcl", small_vcl_rows(2, 2));
  move("a.vcl", "a.vcl.1");
  write("a.vcl", small_vcl_head("2018-12-10T19:00:00") + small_vcl_rows(21, 22));
  EXPECT_EQ(read(), (Ids{2, 21, 22}));
  EXPECT_EQ(notices, Words{});
}

TEST_F(Rotation, CopyTruncateToSmaller) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 9));
  EXPECT_EQ(read().size(), 10U);
  append("a.vcl", small_vcl_rows(10, 10));
  copy("a.vcl", "a.vcl.1");
  write("a.vcl", small_vcl_head("2018-12-10T19:00:00") + small_vcl_rows(21, 22));
  EXPECT_EQ(read(), (Ids{10, 21, 22})) << "what was not read yet is read from the copy";
  EXPECT_EQ(notices, Words{});
}

TEST_F(Rotation, TruncateToSmallerSameAndLarger) {
  begin_with("a.vcl", small_vcl_head("0") + small_vcl_rows(0, 9));
  EXPECT_EQ(read().size(), 10U);
  write("a.vcl", small_vcl_head("1") + small_vcl_rows(100, 101));
  EXPECT_EQ(read(), (Ids{100, 101}));
  write("a.vcl", small_vcl_head("2") + small_vcl_rows(200, 201));
  EXPECT_EQ(read(), (Ids{200, 201}));
  write("a.vcl", small_vcl_head("3") + small_vcl_rows(300, 303));
  EXPECT_EQ(read(), (Ids{300, 301, 302, 303}));
  EXPECT_EQ(notices, (Words{"gap", "gap", "gap"}));
}

TEST_F(Rotation, RewrittenInPlaceUnderTheSameHeader) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 3));
  EXPECT_EQ(read().size(), 4U);
  write("a.vcl", small_vcl_head() + small_vcl_rows(100, 101));
  EXPECT_EQ(read(), (Ids{100, 101}));
  write("a.vcl", small_vcl_head() + small_vcl_rows(200, 209));
  EXPECT_EQ(read().size(), 10U);
  EXPECT_EQ(notices, (Words{"gap", "gap"}));
}

TEST_F(Rotation, EmptiedAndGoneOn) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 3));
  EXPECT_EQ(read().size(), 4U);
  write("a.vcl", "");
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(notices, (Words{"gap"}));
  append("a.vcl", small_vcl_head("1") + small_vcl_rows(100, 100));
  EXPECT_EQ(read(), (Ids{100}));
  EXPECT_EQ(notices, (Words{"gap"}));
}

TEST_F(Rotation, Delete) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 3));
  EXPECT_EQ(read().size(), 4U);
  remove("a.vcl");
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(notices, Words{}) << "everything it held was read";
  write("b.vcl", small_vcl_head("1") + small_vcl_rows(100, 100));
  EXPECT_EQ(read(), (Ids{100}));
}

TEST_F(Rotation, DeleteWithUnreadBytes) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 3) + small_vcl_row(4, 4).substr(0, 20));
  EXPECT_EQ(read().size(), 4U);
  remove("a.vcl");
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(notices, (Words{"gap"}));
}

TEST_F(Rotation, DeleteAndRecreate) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 3));
  EXPECT_EQ(read().size(), 4U);
  remove("a.vcl");
  write("a.vcl", small_vcl_head("1") + small_vcl_rows(100, 109));
  EXPECT_EQ(read().size(), 10U);
  remove("a.vcl");
  EXPECT_EQ(read(), Ids{});
  write("a.vcl", small_vcl_head("2") + small_vcl_rows(200, 200));
  EXPECT_EQ(read(), (Ids{200}));
}

TEST_F(Rotation, FolderGoneAndBack) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 3));
  EXPECT_EQ(read().size(), 4U);
  const std::filesystem::path away = os_path("").string() + "_away";
  std::filesystem::rename(os_path(""), away);
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(follower->condition().state, LogCondition::State::kMissing);
  EXPECT_NE(follower->condition().text.find("logs"), std::string::npos);
  std::filesystem::rename(away, os_path(""));
  append("a.vcl", small_vcl_rows(4, 4));
  EXPECT_EQ(read(), (Ids{4}));
  EXPECT_EQ(follower->condition().state, LogCondition::State::kReadable);
  EXPECT_EQ(notices, Words{});
}

TEST_F(Rotation, ForeignCopiesAreNoLogs) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 1));
  copy("a.vcl", "a.sync-conflict-20260101-120000-ABCDEFG.vcl");
  copy("a.vcl", "~$a.vcl");
  copy("a.vcl", "a (Anna's conflicted copy 2026-01-01).vcl");
  EXPECT_EQ(read(), (Ids{0, 1}));
  copy("a.vcl", "a - Copy.vcl");
  copy("a.vcl", "z Kopie.vcl");
  EXPECT_EQ(read(), Ids{}) << "a copy under any name begins as the original does";
  append("a.vcl", small_vcl_rows(2, 2));
  EXPECT_EQ(read(), (Ids{2}));
}

TEST_F(Rotation, DamagedBytesAreSkipped) {
  begin_with("a.vcl", small_vcl_head() + small_vcl_rows(0, 1) + std::string(1000, '\0') +
                          small_vcl_rows(2, 4));
  EXPECT_EQ(read(), (Ids{0, 1, 2, 3, 4}));
  EXPECT_EQ(remarks, (Words{"damage"}));
  EXPECT_EQ(follower->bad_records(), 1U);
}

}  // namespace
}  // namespace coldwatch
