#include "common/files.hpp"

#include <gtest/gtest.h>

#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

TEST(Files, ReplacedFilesReadBackAndLeaveNothingBeside) {
  const TempFolder folder;
  std::string error;
  const std::string path = folder.file("state ü.json");
  ASSERT_TRUE(replace_file(path, "one", error)) << error;
  ASSERT_TRUE(replace_file(path, "two", error)) << error;
  EXPECT_EQ(read_file(path, 100, error), "two");
  EXPECT_EQ(read_file(path + ".new", 100, error), std::nullopt);
}

TEST(Files, AFolderThatIsNotThereIsASentenceWithItsPath) {
  const TempFolder folder;
  std::string error;
  EXPECT_FALSE(replace_file(folder.file("absent/state.json"), "x", error));
  EXPECT_NE(error.find("absent"), std::string::npos) << error;
  error.clear();
  EXPECT_EQ(read_file(folder.file("absent"), 100, error), std::nullopt);
  EXPECT_NE(error.find("absent"), std::string::npos) << error;
}

TEST(Files, NothingLargerThanTheBoundIsRead) {
  const TempFolder folder;
  folder.write("large", std::string(101, 'x'));
  std::string error;
  EXPECT_EQ(read_file(folder.file("large"), 100, error), std::nullopt);
  EXPECT_NE(error.find("100 bytes"), std::string::npos) << error;
  EXPECT_TRUE(read_file(folder.file("large"), 101, error).has_value());
}

TEST(Files, AppendingMakesAndLengthens) {
  const TempFolder folder;
  std::string error;
  EXPECT_TRUE(append_to_file(folder.file("a.log"), "one\n", error)) << error;
  EXPECT_TRUE(append_to_file(folder.file("a.log"), "two\n", error)) << error;
  EXPECT_EQ(read_file(folder.file("a.log"), 100, error), "one\ntwo\n");
  EXPECT_FALSE(append_to_file(folder.file("absent/a.log"), "x", error));
  EXPECT_NE(error.find("absent"), std::string::npos) << error;
}

TEST(Files, ADamagedFileIsKeptForALook) {
  const TempFolder folder;
  folder.write("state.json", "{torn");
  set_file_aside(folder.file("state.json"));
  std::string error;
  EXPECT_EQ(read_file(folder.file("state.json"), 100, error), std::nullopt);
  EXPECT_EQ(read_file(folder.file("state.json.damaged"), 100, error), "{torn");
}

}  // namespace
}  // namespace coldwatch
