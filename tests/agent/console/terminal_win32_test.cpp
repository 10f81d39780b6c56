// On a Windows console of its own: what is shown stands on it, keys arrive, and it is given back.
#include <gtest/gtest.h>
#include <windows.h>

#include "agent/console/terminal.hpp"

namespace coldwatch {
namespace {

HANDLE open_console(const wchar_t* name) {
  return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                     nullptr, OPEN_EXISTING, 0, nullptr);
}

/// Gives the test a console where it has none, and the standard handles back at the end.
class OwnConsole {
 public:
  OwnConsole() : made_(AllocConsole() != 0) {
    input = open_console(L"CONIN$");
    SetStdHandle(STD_INPUT_HANDLE, input);
    SetStdHandle(STD_OUTPUT_HANDLE, open_console(L"CONOUT$"));
  }
  ~OwnConsole() {
    SetStdHandle(STD_INPUT_HANDLE, before_input_);
    SetStdHandle(STD_OUTPUT_HANDLE, before_output_);
    if (made_) FreeConsole();
  }
  OwnConsole(const OwnConsole&) = delete;
  OwnConsole& operator=(const OwnConsole&) = delete;
  HANDLE input;

 private:
  bool made_;
  HANDLE before_input_ = GetStdHandle(STD_INPUT_HANDLE);
  HANDLE before_output_ = GetStdHandle(STD_OUTPUT_HANDLE);
};

/// The first line of the screen that is now shown.
std::wstring first_line() {
  const HANDLE shown = open_console(L"CONOUT$");
  std::wstring text(20, L'?');
  DWORD read = 0;
  ReadConsoleOutputCharacterW(shown, text.data(), static_cast<DWORD>(text.size()), {0, 0}, &read);
  CloseHandle(shown);
  return text.substr(0, text.find_last_not_of(L' ') + 1);
}

void press(HANDLE input, WORD key, wchar_t letter) {
  INPUT_RECORD record{};
  record.EventType = KEY_EVENT;
  record.Event.KeyEvent.bKeyDown = TRUE;
  record.Event.KeyEvent.wVirtualKeyCode = key;
  record.Event.KeyEvent.uChar.UnicodeChar = letter;
  DWORD written = 0;
  ASSERT_NE(WriteConsoleInputW(input, &record, 1, &written), 0);
}

TEST(Terminal, DrawsOnAWindowsConsoleAndGivesItBack) {
  const OwnConsole console;
  DWORD before = 0;
  if (GetConsoleMode(console.input, &before) == 0) GTEST_SKIP() << "there is no console here";
  const std::wstring line_before = first_line();
  {
    const auto terminal = Terminal::take();
    ASSERT_NE(terminal, nullptr);
    EXPECT_GT(terminal->size().columns, 10);
    terminal->show({{{"21 °C "}, {"CRITICAL", Style::kCritical}}, {{"second"}}});
    EXPECT_EQ(first_line(), L"21 °C CRITICAL");
    terminal->show({{{"ok", Style::kGood}}});
    EXPECT_EQ(first_line(), L"ok");
    EXPECT_TRUE(terminal->keys().empty());
    press(console.input, 'T', L't');
    press(console.input, VK_SHIFT, 0);
    press(console.input, VK_PRIOR, 0);
    press(console.input, VK_ESCAPE, 27);
    EXPECT_EQ(terminal->keys(), (std::vector<Key>{Key::kTest, Key::kPageUp, Key::kExit}));
  }
  DWORD after = 0;
  ASSERT_NE(GetConsoleMode(console.input, &after), 0);
  EXPECT_EQ(after, before);
  EXPECT_EQ(first_line(), line_before);
}

TEST(Terminal, IsNotOpenedOnAPipe) {
  const HANDLE before = GetStdHandle(STD_OUTPUT_HANDLE);
  HANDLE read = nullptr;
  HANDLE write = nullptr;
  ASSERT_NE(CreatePipe(&read, &write, nullptr, 0), 0);
  SetStdHandle(STD_OUTPUT_HANDLE, write);
  EXPECT_EQ(Terminal::take(), nullptr);
  SetStdHandle(STD_OUTPUT_HANDLE, before);
  CloseHandle(read);
  CloseHandle(write);
}

}  // namespace
}  // namespace coldwatch
