// What only a POSIX system can do to a log: links, pipes, no permission.
#include <sys/stat.h>
#include <unistd.h>

#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

class PosixRotation : public testing::Test, public FollowedFolder {
 protected:
  void SetUp() override {
    settings.start = LogStart::kBeginning;
    write("a.vcl", small_vcl_head("1") + small_vcl_rows(0, 1));
  }
};

TEST_F(PosixRotation, Symlink) {
  std::filesystem::create_symlink("a.vcl", os_path("current.vcl"));
  start();
  EXPECT_EQ(read(), (Ids{0, 1})) << "one file under two names is read once";
  write("b.vcl", small_vcl_head("2") + small_vcl_rows(100, 101));
  remove("current.vcl");
  std::filesystem::create_symlink("b.vcl", os_path("current.vcl"));
  EXPECT_EQ(read(), (Ids{100, 101}));
  EXPECT_EQ(notices, Words{});
}

TEST_F(PosixRotation, SymlinkOutOfTheFolder) {
  std::filesystem::create_directories(os_path("../elsewhere"));
  write("../elsewhere/1", small_vcl_head("2") + small_vcl_rows(0, 1));
  write("../elsewhere/2", small_vcl_head("3") + small_vcl_rows(100, 101));
  remove("a.vcl");
  std::filesystem::create_symlink("../elsewhere/1", os_path("current.vcl"));
  start();
  EXPECT_EQ(read(), (Ids{0, 1}));
  remove("current.vcl");
  std::filesystem::create_symlink("../elsewhere/2", os_path("current.vcl"));
  EXPECT_EQ(read(), (Ids{100, 101}));
}

TEST_F(PosixRotation, LinksThatLeadNowhereOrInCircles) {
  std::filesystem::create_symlink("gone.vcl", os_path("dangling.vcl"));
  std::filesystem::create_directory_symlink(".", os_path("circle"));
  start();
  EXPECT_EQ(read(), (Ids{0, 1}));
  append("a.vcl", small_vcl_rows(2, 2));
  EXPECT_EQ(read(), (Ids{2}));
}

TEST_F(PosixRotation, APipeDoesNotHoldUs) {
  ASSERT_EQ(mkfifo(os_path("pipe.vcl").c_str(), 0600), 0);
  start();
  EXPECT_EQ(read(), (Ids{0, 1}));
}

TEST_F(PosixRotation, NoPermission) {
  start();
  EXPECT_EQ(read(), (Ids{0, 1}));
  // A loop of links cannot be opened even by root.
  move("a.vcl", "../kept");
  std::filesystem::create_symlink("a.vcl", os_path("a.vcl"));
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(follower->condition().state, LogCondition::State::kUnreadable);
  EXPECT_NE(follower->condition().text.find("a.vcl"), std::string::npos);
  remove("a.vcl");
  move("../kept", "a.vcl");
  append("a.vcl", small_vcl_rows(2, 2));
  EXPECT_EQ(read(), (Ids{2}));
  EXPECT_EQ(follower->condition().state, LogCondition::State::kReadable);
  EXPECT_EQ(notices, Words{});
}

TEST_F(PosixRotation, NoPermissionForAnotherUser) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  start();
  EXPECT_EQ(read(), (Ids{0, 1}));
  std::filesystem::permissions(os_path("a.vcl"), std::filesystem::perms::none);
  append("a.vcl", "");
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(follower->condition().state, LogCondition::State::kUnreadable);
  std::filesystem::permissions(os_path("a.vcl"), std::filesystem::perms::owner_all);
  append("a.vcl", small_vcl_rows(2, 2));
  EXPECT_EQ(read(), (Ids{2}));
}

TEST_F(PosixRotation, AFolderInThePlaceOfTheFile) {
  start();
  EXPECT_EQ(read(), (Ids{0, 1}));
  move("a.vcl", "../kept");
  std::filesystem::create_directory(os_path("a.vcl"));
  EXPECT_EQ(read(), Ids{});
  remove("a.vcl");
  move("../kept", "a.vcl");
  append("a.vcl", small_vcl_rows(2, 2));
  EXPECT_EQ(read(), (Ids{2}));
  EXPECT_EQ(notices, Words{});
}

}  // namespace
}  // namespace coldwatch
