#include "agent/source/folder_watch.hpp"

#include <algorithm>

#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

using Extent = FolderWatch::Extent;

class Watch : public testing::Test, public FollowedFolder {
 protected:
  static constexpr int kFolders = 200;

  static std::string name_of(int number) { return "day " + std::to_string(1000 + number); }

  void SetUp() override {
    for (int i = 0; i < kFolders; ++i) {
      write(name_of(i) + "/a.log", "1");
      write(name_of(i) + "/b.log", "1");
      make_old(name_of(i));
    }
    make_old("");  // else the grain of the clock could hide what a test changes next
    watch.emplace(path());
    EXPECT_EQ(look(Extent::kWhole).size(), 2U * kFolders);
    EXPECT_EQ(look(Extent::kWhole).size(), 2U * kFolders);
  }

  /// False where the library sets no time of a folder, as on Windows.
  bool make_old(const std::string& folder) {
    std::error_code failed;
    std::filesystem::last_write_time(os_path(folder), long_ago, failed);
    return !failed;
  }

  Words look(Extent extent) {
    Words files;
    const Listing listing =
        watch->look(extent, {}, [&](const FolderEntry& file) { files.push_back(file.path); });
    EXPECT_EQ(listing.state, Listing::State::kListed);
    EXPECT_TRUE(listing.complete);
    std::ranges::sort(files);
    return files;
  }

  /// What the next looks at changes bring, until each folder had its turn.
  Words look_until_all_had_their_turn() {
    Words files;
    for (std::size_t i = 0; i <= kFolders / kFoldersInTurn; ++i) {
      std::ranges::move(look(Extent::kChanges), std::back_inserter(files));
    }
    return files;
  }

  const std::filesystem::file_time_type long_ago =
      std::filesystem::file_time_type::clock::now() - std::chrono::hours{24 * 400};
  std::optional<FolderWatch> watch;
};

TEST_F(Watch, ReadsNothingWhereNothingChanged) {
  EXPECT_EQ(look_until_all_had_their_turn(), Words{});
  EXPECT_EQ(watch->files(), 2U * kFolders);
  EXPECT_EQ(watch->seen(name_of(3)), FolderWatch::Seen::kAsBefore);
}

TEST_F(Watch, ANewFolderIsSeenAtOnce) {
  write("today/a.log", "1");
  EXPECT_EQ(look(Extent::kChanges), Words{"today/a.log"});
  write("today/b.log", "1");
  EXPECT_EQ(look(Extent::kChanges), (Words{"today/a.log", "today/b.log"}));
  write("today/1/c.log", "1");
  const Words files = look(Extent::kChanges);
  EXPECT_EQ(std::ranges::count(files, "today/1/c.log"), 1);
}

TEST_F(Watch, AFileThatAppearsInAnOldFolderIsSeenInItsTurn) {
  write(name_of(7) + "/c.log", "1");
  const Words files = look_until_all_had_their_turn();
  EXPECT_EQ(std::ranges::count(files, name_of(7) + "/c.log"), 1);
  EXPECT_EQ(std::ranges::count(files, name_of(8) + "/a.log"), 0) << "its neighbour is not read";
}

TEST_F(Watch, WhatAFoldersTimeDoesNotTellIsFoundByALookAtAll) {
  write(name_of(7) + "/c.log", "1");
  if (!make_old(name_of(7))) GTEST_SKIP() << "the time of a folder cannot be set here";
  EXPECT_EQ(look_until_all_had_their_turn(), Words{});
  EXPECT_TRUE(watch->times_tell());
  EXPECT_EQ(look(Extent::kWhole).size(), 2U * kFolders + 1);
  EXPECT_FALSE(watch->times_tell());
  EXPECT_EQ(look(Extent::kChanges).size(), 2U * kFolders + 1) << "no time is trusted any more";
}

TEST_F(Watch, ATimeIsNotTrustedUntilItWasSeenTwice) {
  write("today/a.log", "1");
  if (!make_old("today")) GTEST_SKIP() << "the time of a folder cannot be set here";
  EXPECT_EQ(look(Extent::kChanges), Words{"today/a.log"});
  write("today/b.log", "1");
  make_old("today");  // as within one grain of the clock
  const Words files = look_until_all_had_their_turn();
  EXPECT_EQ(std::ranges::count(files, "today/b.log"), 1);
}

TEST_F(Watch, AFolderThatIsGoneIsForgotten) {
  remove(name_of(7));
  EXPECT_EQ(look_until_all_had_their_turn(), Words{});
  EXPECT_EQ(watch->seen(name_of(7)), FolderWatch::Seen::kGone);
  EXPECT_EQ(watch->files(), 2U * kFolders - 2);
}

TEST_F(Watch, AFolderThatWasMovedInIsReadWithAllBelow) {
  move(name_of(7), "away");
  const Words files = look(Extent::kChanges);
  EXPECT_EQ(files, (Words{"away/a.log", "away/b.log"}));
}

TEST(FolderWatchOfFew, ReadsAllEveryTime) {
  const FollowedFolder folder;
  folder.write("a.log", "1");
  folder.write("old/b.log", "1");
  FolderWatch watch{folder.path()};
  for (int i = 0; i < 4; ++i) {
    int files = 0;
    watch.look(Extent::kChanges, {}, [&](const FolderEntry&) { ++files; });
    EXPECT_EQ(files, 2);
  }
  folder.remove("");
  EXPECT_EQ(watch.look(Extent::kChanges, {}, [](const FolderEntry&) {}).state,
            Listing::State::kMissing);
}

}  // namespace
}  // namespace coldwatch
