// The fridge's program is another process that holds its log open, appends to it, renames and deletes
// it; nothing of that may fail because we read.
#include <windows.h>

#include "agent/source/log_file.hpp"
#include "common/wide_win32.hpp"
#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

constexpr int kRows = 40;
constexpr int kRenamedAfterRow = 20;
constexpr DWORD kRowEveryMs = 20;
constexpr wchar_t kPathVariable[] = L"COLDWATCH_TEST_LOG";

HANDLE open_to_append(const std::wstring& path, DWORD share) {
  return CreateFileW(path.c_str(), FILE_APPEND_DATA | DELETE, share, nullptr, OPEN_ALWAYS,
                     FILE_ATTRIBUTE_NORMAL, nullptr);
}

bool append_to(HANDLE file, const std::string& bytes) {
  DWORD written = 0;
  return WriteFile(file, bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr) &&
         written == bytes.size();
}

/// The other process: this program, told to run only this.
TEST(LogWriter, DISABLED_AppendsRenamesAndDeletes) {
  wchar_t path[1024];
  ASSERT_GT(GetEnvironmentVariableW(kPathVariable, path, 1024), 0U);
  const std::wstring renamed = std::wstring{path} + L" (älter).vcl";
  const HANDLE file = open_to_append(path, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
  ASSERT_NE(file, INVALID_HANDLE_VALUE);
  for (int row = 0; row < kRows; ++row) {
    ASSERT_TRUE(append_to(file, small_vcl_row(row, row)));
    if (row == kRenamedAfterRow) {
      ASSERT_TRUE(MoveFileExW(path, renamed.c_str(), 0)) << last_error_text();
    }
    Sleep(kRowEveryMs);
  }
  Sleep(50 * kRowEveryMs);
  ASSERT_TRUE(DeleteFileW(renamed.c_str())) << last_error_text();
  CloseHandle(file);
}

HANDLE start_writer(const std::wstring& path) {
  SetEnvironmentVariableW(kPathVariable, path.c_str());
  // The writer is in none of the parts in which the tests may be run.
  for (const wchar_t* part : {L"GTEST_TOTAL_SHARDS", L"GTEST_SHARD_INDEX"}) {
    SetEnvironmentVariableW(part, nullptr);
  }
  wchar_t program[1024];
  GetModuleFileNameW(nullptr, program, 1024);
  std::wstring command = L"\"" + std::wstring{program} +
                         L"\" --gtest_also_run_disabled_tests "
                         L"--gtest_filter=LogWriter.DISABLED_AppendsRenamesAndDeletes";
  STARTUPINFOW startup{.cb = sizeof startup};
  PROCESS_INFORMATION process{};
  if (!CreateProcessW(nullptr, command.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr,
                      &startup, &process)) {
    return nullptr;
  }
  CloseHandle(process.hThread);
  return process.hProcess;
}

class SharedLog : public testing::Test, public FollowedFolder {
 protected:
  const std::string name_ = "Kühlschrank 1/log größe 温度 1.vcl";
};

TEST_F(SharedLog, IsReadWhileAnotherProcessWritesRenamesAndDeletesIt) {
  settings.start = LogStart::kBeginning;
  write(name_, small_vcl_head());
  start();
  const HANDLE writer = start_writer(to_wide(path() + "/" + name_));
  ASSERT_NE(writer, nullptr) << last_error_text();
  // Besides the follower, which opens the log for a moment only, one reader keeps it open.
  const LogFile held{path() + "/" + name_};
  EXPECT_EQ(held.state(), LogFile::State::kOpen) << held.error();
  Ids ids;
  while (WaitForSingleObject(writer, 1) == WAIT_TIMEOUT) {
    for (const double id : read(1)) ids.push_back(id);
  }
  DWORD failed = 1;
  EXPECT_TRUE(GetExitCodeProcess(writer, &failed));
  EXPECT_EQ(failed, 0U) << "the writer was disturbed";
  CloseHandle(writer);
  Ids expected;
  for (int row = 0; row < kRows; ++row) expected.push_back(row);
  EXPECT_EQ(ids, expected);
  EXPECT_EQ(notices, Words{});
}

TEST_F(SharedLog, ALogThatItsWriterLocksIsReadLater) {
  settings.start = LogStart::kBeginning;
  write(name_, small_vcl_head() + small_vcl_rows(0, 1));
  start();
  EXPECT_EQ(read(), (Ids{0, 1}));
  const HANDLE lock = open_to_append(to_wide(path() + "/" + name_), 0);
  ASSERT_NE(lock, INVALID_HANDLE_VALUE) << last_error_text();
  EXPECT_TRUE(append_to(lock, small_vcl_row(2, 2)));
  EXPECT_EQ(read(), Ids{});
  EXPECT_EQ(follower->condition().state, LogCondition::State::kUnreadable);
  EXPECT_NE(follower->condition().text.find(name_), std::string::npos);
  CloseHandle(lock);
  EXPECT_EQ(read(), (Ids{2}));
  EXPECT_EQ(follower->condition().state, LogCondition::State::kReadable);
}

TEST_F(SharedLog, PathsMayBeLong) {
  const std::string deep = std::string(100, 'a') + "/" + std::string(100, 'b');
  std::filesystem::path folder = os_path("");
  std::filesystem::create_directories(L"\\\\?\\" + folder.make_preferred().wstring() + L"\\" +
                                      to_wide(std::string(100, 'a')) + L"\\" +
                                      to_wide(std::string(100, 'b')));
  const std::string file = path() + "/" + deep + "/" + std::string(60, 'c') + ".vcl";
  const HANDLE log = open_to_append(to_wide_path(file), FILE_SHARE_READ | FILE_SHARE_WRITE);
  ASSERT_NE(log, INVALID_HANDLE_VALUE) << last_error_text();
  EXPECT_TRUE(append_to(log, small_vcl_head() + small_vcl_rows(0, 1)));
  CloseHandle(log);
  settings.start = LogStart::kBeginning;
  start();
  EXPECT_EQ(read(), (Ids{0, 1}));
  EXPECT_TRUE(DeleteFileW(to_wide_path(file).c_str()));
  // The folder of the test cannot be cleared away with so long a name in it, also by the next run.
  EXPECT_TRUE(RemoveDirectoryW(to_wide_path(path() + "/" + deep).c_str()));
}

}  // namespace
}  // namespace coldwatch
