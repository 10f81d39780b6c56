// Who may read or write a file, by the access lists of Windows (or of Wine, which makes permissions of them).
#include <gtest/gtest.h>
#include <windows.h>
// After the header that it needs.
#include <sddl.h>

#include "common/files.hpp"
#include "common/wide_win32.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

/// Sets the access list of a file, written in the language of security descriptors.
void set_list(const std::string& file, const wchar_t* list) {
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  ASSERT_TRUE(ConvertStringSecurityDescriptorToSecurityDescriptorW(list, SDDL_REVISION_1,
                                                                   &descriptor, nullptr));
  EXPECT_TRUE(SetFileSecurityW(to_wide_path(file).c_str(), DACL_SECURITY_INFORMATION, descriptor));
  LocalFree(descriptor);
}

TEST(FilesOfWindows, WhoMayReadIsInTheAccessList) {
  // Of everybody, those who have logged in, the users of the machine; administrators; and a file
  // whose owner alone may do anything.
  const struct {
    const wchar_t* list;
    bool open;
    bool writable;
  } table[] = {{L"D:P(A;;FA;;;OW)(A;;FR;;;WD)", true, false},
               {L"D:P(A;;FA;;;OW)", false, false},
               {L"D:P(A;;FA;;;OW)(A;;FA;;;BA)", false, false},
               {L"D:P(A;;FA;;;OW)(A;;FW;;;WD)", false, true}};
  const TempFolder folder;
  folder.write("password", "hunter2\n");
  const std::string file = folder.file("password");
  for (const auto& [list, open, writable] : table) {
    set_list(file, list);
    EXPECT_EQ(is_open_to_everyone(file), open) << from_wide(list);
    EXPECT_EQ(is_writable_by_everyone(file), writable) << from_wide(list);
  }
  EXPECT_NE(how_to_close(file).find("icacls"), std::string::npos);
}

}  // namespace
}  // namespace coldwatch
