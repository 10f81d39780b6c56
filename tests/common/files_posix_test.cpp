// What may stand in the place of a file here: pipes, links, devices.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/files.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

TEST(FilesOfPosix, APipeIsASentenceAndNoWaiting) {
  const TempFolder folder;
  const std::string pipe = folder.file("state.json");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::string error;
  EXPECT_EQ(read_file(pipe, 100, error), std::nullopt);
  EXPECT_EQ(error, pipe + ": found a pipe, expected a regular file");
  EXPECT_FALSE(append_to_file(pipe, "x", error)) << "nobody reads it";
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  EXPECT_FALSE(append_to_file(pipe, "x", error));
  EXPECT_EQ(error, pipe + ": found a pipe, expected a regular file");
  ::close(reader);
}

TEST(FilesOfPosix, FoldersAndDevicesAreNoFiles) {
  const TempFolder folder;
  std::string error;
  EXPECT_EQ(read_file(folder.path(), 100, error), std::nullopt);
  EXPECT_EQ(error, folder.path() + ": found a folder, expected a regular file");
  EXPECT_EQ(read_file("/dev/zero", 100, error), std::nullopt);
  EXPECT_EQ(error, "/dev/zero: found a device or a socket, expected a regular file");
}

TEST(FilesOfPosix, ALinkToAFileIsThatFile) {
  const TempFolder folder;
  folder.write("a", "one");
  ASSERT_EQ(::symlink(folder.file("a").c_str(), folder.file("b").c_str()), 0);
  std::string error;
  EXPECT_EQ(read_file(folder.file("b"), 100, error), "one");
}

TEST(FilesOfPosix, WhatIsInTheWayOfTheNewFileIsNeverWrittenTo) {
  const TempFolder folder;
  const std::string path = folder.file("state.json");
  std::string error;
  folder.write("precious", "precious");
  ASSERT_EQ(::symlink(folder.file("precious").c_str(), (path + ".new").c_str()), 0);
  EXPECT_TRUE(replace_file(path, "one", error)) << error;
  EXPECT_EQ(read_file(folder.file("precious"), 100, error), "precious");
  EXPECT_EQ(read_file(path, 100, error), "one");

  ASSERT_EQ(::symlink("/nonexistent/x", (path + ".new").c_str()), 0);
  EXPECT_TRUE(replace_file(path, "two", error)) << error;
  ASSERT_EQ(::link(folder.file("precious").c_str(), (path + ".new").c_str()), 0);
  EXPECT_TRUE(replace_file(path, "three", error)) << error;
  EXPECT_EQ(read_file(folder.file("precious"), 100, error), "precious");

  folder.write("state.json.new", std::string(1000, 'x'));  // of a crash
  EXPECT_TRUE(replace_file(path, "four", error)) << error;
  EXPECT_EQ(read_file(path, 100, error), "four");

  ASSERT_EQ(::mkdir((path + ".new").c_str(), 0700), 0);
  EXPECT_FALSE(replace_file(path, "five", error)) << "a folder is left alone";
  EXPECT_EQ(read_file(path, 100, error), "four");
}

TEST(FilesOfPosix, TheNewFileBelongsToItsOwnerAlone) {
  const TempFolder folder;
  std::string error;
  folder.write("state.json", "old");
  ASSERT_EQ(::chmod(folder.file("state.json").c_str(), 0666), 0);
  ASSERT_TRUE(replace_file(folder.file("state.json"), "new", error)) << error;
  EXPECT_FALSE(is_open_to_everyone(folder.file("state.json")));
  EXPECT_FALSE(is_writable_by_everyone(folder.file("state.json")));
}

}  // namespace
}  // namespace coldwatch
