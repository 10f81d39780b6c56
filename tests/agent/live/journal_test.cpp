#include "agent/live/journal.hpp"

#include <gtest/gtest.h>

#include "agent/source/log_folder.hpp"
#include "tests/agent/formats/format_reading.hpp"
#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

using namespace std::chrono_literals;

constexpr UtcTime kEvening{std::chrono::milliseconds{1'792'713'599'500}};  // 0.5 s before midnight
constexpr Milliseconds kMonth = 24h * 30;

class LiveJournalTest : public ::testing::Test {
 protected:
  LiveJournal journal(Milliseconds keep = kMonth) {
    return {folder.path(), "test at here:1", keep};
  }

  void add(LiveJournal& to, const std::vector<LiveValue>& values, UtcTime now,
           std::map<std::string, std::string> words = {}) {
    std::string error;
    ASSERT_TRUE(to.add({values, std::move(words)}, now, error)) << error;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.os_path(""))) {
      names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }

  std::string content(const std::string& name) const {
    std::ifstream stream{folder.os_path(name), std::ios::binary};
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  FollowedFolder folder;
};

TEST_F(LiveJournalTest, IsReadBackExactly) {
  LiveJournal one = journal();
  add(one, {{"T8 (K)", 1.47628e-3}, {"P1 (mB)", -6.5, Quality::kStale}}, kEvening - 30s);
  add(one, {{"P1 (mB)", 1e300}}, kEvening - 20s, {{"ACTN", "COND"}});
  add(one, {{"T8 (K)", 2, Quality::kInvalid}, {"P1 (mB)", 0}}, kEvening - 10s, {{"ACTN", "COND"}});
  ASSERT_EQ(names(), Words{"live 000001 2026-10-22.log"});
  for (const std::size_t step : {1U, 7U, 1000U}) {
    const ReadLog log = read_growing("live", context_of("live 000001 2026-10-22.log"),
                                     content("live 000001 2026-10-22.log"), step);
    ASSERT_EQ(log.rows.size(), 3U) << log.why;
    EXPECT_EQ(log.channels[0].key, "T8_K");
    EXPECT_EQ(log.channels[1].unit, "mB");
    EXPECT_EQ(log.rows[0].time, kEvening - 30s);
    EXPECT_EQ(log.rows[0].values, (Ids{1.47628e-3, -6.5}));
    EXPECT_EQ(log.rows[0].quality, (std::vector{Quality::kGood, Quality::kStale}));
    EXPECT_EQ(log.rows[1].quality, (std::vector{Quality::kInvalid, Quality::kGood}));
    EXPECT_EQ(log.rows[1].values[1], 1e300);
    EXPECT_EQ(log.rows[2].quality, (std::vector{Quality::kInvalid, Quality::kGood}));
    EXPECT_EQ(log.count(Remark::Kind::kInstrument), 1U) << "words are said when they change";
    EXPECT_EQ(log.count(Remark::Kind::kBadRecord), 0U);
  }
}

TEST_F(LiveJournalTest, ANewColumnIsANewHeader) {
  LiveJournal one = journal();
  add(one, {{"T8", 1}}, kEvening - 30s);
  add(one, {{"T8", 2}, {"T9\t(K)\n", 3}}, kEvening - 20s);
  add(one, {{"T8", 4}}, kEvening - 10s);
  const ReadLog log =
      read_log("live", context_of("live 000001 2026-10-22.log"), content(names().at(0)));
  ASSERT_EQ(log.channels.size(), 2U);
  EXPECT_EQ(log.channels[1].name, "T9 (K)");
  ASSERT_EQ(log.rows.size(), 3U);
  EXPECT_EQ(log.rows[1].values, (Ids{2, 3}));
  EXPECT_EQ(log.rows[2].quality[1], Quality::kInvalid);
}

TEST_F(LiveJournalTest, GoesOnInANewFileAtMidnightAndAtEachStartWhateverTheClockSays) {
  LiveJournal one = journal();
  add(one, {{"T8", 1}}, kEvening);
  add(one, {{"T8", 2}}, kEvening + 1s);
  LiveJournal set_back = journal();
  add(set_back, {{"T8", 3}}, kEvening - 48h);
  EXPECT_EQ(names(), (Words{"live 000001 2026-10-22.log", "live 000002 2026-10-23.log",
                            "live 000003 2026-10-20.log"}));
  folder.settings.start = LogStart::kBeginning;
  folder.start();
  EXPECT_EQ(folder.read(), (Ids{1, 2, 3}));
  EXPECT_EQ(folder.follower->format(), "live");
  EXPECT_EQ(folder.notices, Words{});
}

TEST_F(LiveJournalTest, ATornLineIsLeftBehind) {
  LiveJournal one = journal();
  add(one, {{"T8", 1}}, kEvening - 30s);
  folder.append("live 000001 2026-10-22.log", "1792713");
  LiveJournal after_crash = journal();
  add(after_crash, {{"T8", 2}}, kEvening - 10s);
  folder.settings.start = LogStart::kBeginning;
  folder.start();
  EXPECT_EQ(folder.read(), (Ids{1, 2}));
}

TEST_F(LiveJournalTest, DeletesItsOwnOldFilesAlone) {
  for (const char* name : {"live 000001 2026-10-22.log", "live sensor.log", "notes.log"}) {
    folder.write(name, "from now");
  }
  const UtcTime written = list_folder(folder.path()).files.at(0).modified;
  LiveJournal young = journal(24h);
  add(young, {{"T8", 1}}, written + 23h);
  EXPECT_EQ(names().size(), 4U);
  LiveJournal old = journal(24h);
  add(old, {{"T8", 1}}, written + 25h);
  const Words left = names();
  ASSERT_EQ(left.size(), 3U);
  EXPECT_TRUE(left[0].starts_with("live 000003 "));
  EXPECT_EQ(left[1], "live sensor.log");
  EXPECT_EQ(left[2], "notes.log");
}

TEST_F(LiveJournalTest, SaysWhereTheDiskRefuses) {
  folder.write("file", "no folder");
  LiveJournal one{folder.path() + "/file", "test at here:1", kMonth};
  std::string error;
  EXPECT_FALSE(one.add({{{"T8", 1}}, {}}, kEvening, error));
  EXPECT_NE(error.find("/file"), std::string::npos) << error;
}

}  // namespace
}  // namespace coldwatch
