// The last rows of a finished file that come while nobody looks: read once, and only once.
#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

class LateRows : public testing::Test, public FollowedFolder {
 protected:
  /// a.vcl is finished after rows 0 and 1, b.vcl in hand.
  void SetUp() override {
    write("a.vcl", small_vcl_head() + small_vcl_rows(0, 1));
    settings.start = LogStart::kBeginning;
    start();
    EXPECT_EQ(read(), (Ids{0, 1}));
    write("b.vcl", small_vcl_head("2018-12-10T19:00:00") + small_vcl_rows(21, 21));
    EXPECT_EQ(read(), (Ids{21}));
  }
  void restart() { start(StreamPositions{follower->positions()}); }
  const FilePosition& place() const { return follower->positions().at("main"); }
};

TEST_F(LateRows, ThatCameWhileTheAgentWasDownAreReadOnce) {
  append("a.vcl", small_vcl_rows(2, 3));
  append("b.vcl", small_vcl_rows(22, 22));
  restart();
  EXPECT_EQ(read(), (Ids{22, 2, 3}));
  EXPECT_EQ(place().path, "b.vcl");
  ASSERT_EQ(place().finished.size(), 1U);
  EXPECT_EQ(place().finished[0].path, "a.vcl");
  restart();
  EXPECT_EQ(read(), Ids{}) << "nothing twice";
  append("a.vcl", small_vcl_rows(4, 4));
  EXPECT_EQ(read(), (Ids{4})) << "and those that come now";
  EXPECT_EQ(notices, Words{});
}

TEST_F(LateRows, AreReadHoursAfterAndThroughSeveralRestarts) {
  now += std::chrono::hours{5};
  EXPECT_EQ(read(), Ids{});
  restart();
  now += std::chrono::hours{5};
  EXPECT_EQ(read(), Ids{});
  append("a.vcl", small_vcl_rows(2, 2));
  restart();
  EXPECT_EQ(read(), (Ids{2}));
}

TEST_F(LateRows, OfAFileThatWasRenamedMeanwhile) {
  append("a.vcl", small_vcl_rows(2, 2));
  move("a.vcl", "old.vcl");
  restart();
  EXPECT_EQ(read(), (Ids{2}));
  move("old.vcl", "older.vcl");
  EXPECT_EQ(read(), Ids{});
  append("older.vcl", small_vcl_rows(3, 3));
  EXPECT_EQ(read(), (Ids{3})) << "also where that happened under our eyes";
}

TEST_F(LateRows, AreNotLookedForInAFileThatIsGoneOrAnother) {
  remove("a.vcl");
  restart();
  EXPECT_EQ(read(), Ids{});
  EXPECT_TRUE(place().finished.empty());
  write("a.vcl", small_vcl_head("2018-12-10T17:00:00") + small_vcl_rows(5, 8));
  append("b.vcl", small_vcl_rows(22, 22));
  restart();
  EXPECT_EQ(read(), (Ids{22}));
  EXPECT_EQ(notices, Words{});
}

TEST_F(LateRows, AreThoseOfTheLastFinishedFileOnly) {
  write("c.vcl", small_vcl_head("2018-12-10T20:00:00") + small_vcl_rows(31, 31));
  EXPECT_EQ(read(), (Ids{31}));
  append("a.vcl", small_vcl_rows(2, 2));
  append("b.vcl", small_vcl_rows(22, 22));
  restart();
  EXPECT_EQ(read(), (Ids{22}));
  EXPECT_EQ(place().finished[0].path, "b.vcl");
}

TEST_F(LateRows, ChangedColumnsAreToldAfterARestartAsWell) {
  restart();
  EXPECT_EQ(read(), Ids{});
  std::vector<std::string> names = small_vcl_names();
  names[3] = "P1 Tank (mBar)";
  write("c.vcl", simulator::vcl_head(names, "C:/logs/fridge/log.vcl", "2018-12-10T20:00:00") +
                     small_vcl_rows(31, 31));
  EXPECT_EQ(read(), (Ids{31}));
  EXPECT_EQ(notices, Words{"format_changed"});
}

TEST_F(LateRows, HalfARowAtTheEndIsToldOnce) {
  const std::string row = small_vcl_rows(2, 2);
  append("a.vcl", row.substr(0, 20));
  EXPECT_EQ(read(), Ids{});
  now += std::chrono::minutes{11};
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(notices, Words{"gap"});
  restart();
  now += std::chrono::minutes{11};
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(notices, Words{"gap"}) << "not again after each restart";
  append("a.vcl", row.substr(20));
  now += std::chrono::minutes{11};
  EXPECT_EQ(read(), (Ids{2})) << "and it is read when it is whole after all";
}

TEST_F(LateRows, GiveEachOfThemAPlaceOfItsOwn) {
  append("a.vcl", small_vcl_rows(2, 5));
  const FilePosition before = place();
  now += std::chrono::seconds{3};
  follower->poll(now);
  const auto chunk = follower->next();
  ASSERT_TRUE(chunk && chunk->late);
  ASSERT_EQ(chunk->rows->size(), 4U);
  EXPECT_EQ(chunk->before, before);
  const FilePosition middle = chunk->after_row(1);
  EXPECT_EQ(middle.position, before.position) << "not a place of the one file in the other";
  start({{"main", middle}});
  EXPECT_EQ(read(), (Ids{4, 5}));
}

}  // namespace
}  // namespace coldwatch
