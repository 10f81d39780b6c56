#include "agent/source/log_folder.hpp"

#include <algorithm>

#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

std::vector<std::string> paths(const Listing& listing) {
  std::vector<std::string> paths;
  for (const FolderEntry& file : listing.files) paths.push_back(file.path);
  return paths;
}

TEST(LogFolder, ListsDatedFoldersAndForeignLetters) {
  const FollowedFolder folder;
  folder.write("log 1.vcl", "12345");
  folder.write("26-06-25/CH1 T 26-06-25.log", "");
  folder.write("Messung Kühlung/Größe 温度.vcl", "");
  const Listing listing = list_folder(folder.path());
  EXPECT_EQ(listing.state, Listing::State::kListed);
  EXPECT_TRUE(listing.complete);
  EXPECT_EQ(paths(listing),
            (Words{"26-06-25/CH1 T 26-06-25.log", "Messung Kühlung/Größe 温度.vcl", "log 1.vcl"}));
  EXPECT_EQ(listing.files[2].size, 5U);
  EXPECT_GT(listing.files[2].modified, UtcTime{std::chrono::years{50}});
}

TEST(LogFolder, StopsAtABoundOfDepth) {
  const FollowedFolder folder;
  folder.write("1/2/3/4/here", "");
  folder.write("1/2/3/4/5/too deep", "");
  EXPECT_EQ(paths(list_folder(folder.path())), (Words{"1/2/3/4/here"}));
}

TEST(LogFolder, AFileIsAListOfItself) {
  const FollowedFolder folder;
  folder.write("a.vcl", "123");
  folder.write("b.vcl", "");
  const Listing listing = list_folder(folder.path() + "/a.vcl");
  EXPECT_EQ(paths(listing), (Words{"a.vcl"}));
  EXPECT_EQ(listing.root, folder.path() + "/");
}

TEST(LogFolder, SaysWhichFolderIsMissing) {
  const FollowedFolder folder;
  const Listing listing = list_folder(folder.path() + "/nowhere");
  EXPECT_EQ(listing.state, Listing::State::kMissing);
  EXPECT_NE(listing.error.find("/nowhere"), std::string::npos);
  EXPECT_EQ(listing.files.size(), 0U);
}

TEST(LogFolder, KnowsForeignCopies) {
  for (const char* name :
       {"log.sync-conflict-20260101-120000-ABCDEFG.vcl", "~$log.xlsx", ".~lock.log.xlsx#",
        "log (Anna's conflicted copy 2026-01-01).vcl", "log (Conflicted Copy).vcl", ".log.vcl.swp",
        ".syncthing.log.vcl.tmp", "log.vcl~", "log.vcl.part", "log.TMP", "log.vcl.bak",
        "log (Case Conflict).vcl"}) {
    EXPECT_TRUE(is_foreign_copy(name)) << name;
  }
  for (const char* name : {"log 181210 183825.vcl", "CH1 T 26-06-25.log", "LogAVS___2020.dat",
                           "template.dat", "log - Copy.vcl", "conflict.vcl", "a~b.log"}) {
    EXPECT_FALSE(is_foreign_copy(name)) << name;
  }
}

}  // namespace
}  // namespace coldwatch
