#include "agent/source/fingerprint.hpp"

#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

TEST(Fingerprint, KnowsAFileThatHasGrown) {
  const TempFolder folder;
  for (const std::size_t size : {0U, 1U, 63U, 1023U, 1024U, 5000U}) {
    const std::string head(size, 'a');
    const std::string known = fingerprint(head);
    EXPECT_EQ(fingerprint_bytes(known), std::min<std::size_t>(size, kFingerprintBytes));
    folder.write("f", head + "and more");
    LogFile grown{folder.file("f")};
    EXPECT_EQ(begins_with(grown, known), true) << size;
    if (size == 0) continue;
    folder.write("g", "b" + head);
    LogFile other{folder.file("g")};
    EXPECT_EQ(begins_with(other, known), false) << size;
    folder.write("h", head.substr(0, std::min(size, kFingerprintBytes) - 1));
    LogFile shorter{folder.file("h")};
    EXPECT_EQ(begins_with(shorter, known), false) << size;
  }
}

TEST(Fingerprint, TextsThatAreNone) {
  for (const char* text : {"", "abc", ":", "-1:00", "2000:0011", "1e3:00"}) {
    EXPECT_EQ(fingerprint_bytes(text), 0U) << text;
  }
}

TEST(LogFile, ReadsAtAnyOffset) {
  const TempFolder folder;
  folder.write("f", "0123456789");
  LogFile file{folder.file("f")};
  ASSERT_EQ(file.state(), LogFile::State::kOpen);
  EXPECT_EQ(file.size(), 10U);
  EXPECT_EQ(read_some(file, 0, 3), "012");
  EXPECT_EQ(read_some(file, 8, 100), "89");
  EXPECT_EQ(read_some(file, 10, 100), "");
  EXPECT_EQ(read_some(file, 1'000'000, 100), "");
}

TEST(LogFile, KeepsItsIdentityWhenItIsRenamed) {
  const TempFolder folder;
  folder.write("a", "1");
  const std::string before = LogFile{folder.file("a")}.identity();
  std::filesystem::rename(folder.file("a"), folder.file("b"));
  folder.write("a", "1");
  EXPECT_EQ(LogFile{folder.file("b")}.identity(), before);
  EXPECT_NE(LogFile{folder.file("a")}.identity(), before);
}

TEST(LogFile, SaysWhatStandsInTheWay) {
  const TempFolder folder;
  const LogFile missing{folder.file("nothing")};
  EXPECT_EQ(missing.state(), LogFile::State::kMissing);
  EXPECT_NE(missing.error().find("nothing: "), std::string::npos);
  const LogFile no_file{folder.path()};
  EXPECT_EQ(no_file.state(), LogFile::State::kUnreadable);
}

}  // namespace
}  // namespace coldwatch
