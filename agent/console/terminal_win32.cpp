#include <windows.h>

#include <array>
#include <utility>

#include "agent/console/terminal.hpp"
#include "common/wide_win32.hpp"

namespace coldwatch {
namespace {

// By the console's own functions and not by escape sequences, which Windows before 10 does not know.
constexpr WORD kGrey = FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE;
constexpr WORD kWhite = kGrey | FOREGROUND_INTENSITY;

WORD attributes(Style style) {
  switch (style) {
    case Style::kPlain:
      return kGrey;
    case Style::kStrong:
      return kWhite;
    case Style::kFaint:
      return FOREGROUND_INTENSITY;
    case Style::kGood:
      return FOREGROUND_GREEN | FOREGROUND_INTENSITY;
    case Style::kWarning:
      return FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_INTENSITY;
    case Style::kCritical:
      return kWhite | BACKGROUND_RED;
  }
  return kGrey;
}

/// What the console shows now, which need not be what standard output writes to.
HANDLE shown_screen() {
  return CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                     nullptr, OPEN_EXISTING, 0, nullptr);
}

Key key_of_event(const KEY_EVENT_RECORD& event) {
  switch (event.wVirtualKeyCode) {
    case VK_ESCAPE:
      return Key::kExit;
    case VK_UP:
      return Key::kUp;
    case VK_DOWN:
      return Key::kDown;
    case VK_PRIOR:
      return Key::kPageUp;
    case VK_NEXT:
      return Key::kPageDown;
    default:
      return event.uChar.UnicodeChar < 0x80
                 ? key_of_letter(static_cast<char>(event.uChar.UnicodeChar))
                 : Key::kOther;
  }
}

}  // namespace

class Terminal::Impl {
 public:
  Impl(HANDLE console, DWORD mode) : input(console), before_(shown_screen()), mode_(mode) {
    screen = CreateConsoleScreenBuffer(GENERIC_READ | GENERIC_WRITE, 0, nullptr,
                                       CONSOLE_TEXTMODE_BUFFER, nullptr);
    SetConsoleActiveScreenBuffer(screen);
    // Ctrl+C still asks the program to end; a mouse that selects text would stop its output.
    SetConsoleMode(input, ENABLE_PROCESSED_INPUT | ENABLE_EXTENDED_FLAGS);
    SetConsoleMode(screen, ENABLE_PROCESSED_OUTPUT);  // long lines are not folded
    CONSOLE_CURSOR_INFO cursor{1, FALSE};
    SetConsoleCursorInfo(screen, &cursor);
  }
  ~Impl() {
    SetConsoleActiveScreenBuffer(before_);
    SetConsoleMode(input, mode_);
    CloseHandle(screen);
    CloseHandle(before_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void write_line(SHORT row, const Line& line, int columns) const {
    SetConsoleCursorPosition(screen, {0, row});
    int left = columns;
    for (const Span& span : line) {
      const std::wstring wide = to_wide(span.text);
      DWORD written = 0;
      SetConsoleTextAttribute(screen, attributes(span.style));
      WriteConsoleW(screen, wide.data(), static_cast<DWORD>(wide.size()), &written, nullptr);
      left -= text_columns(span.text);
    }
    DWORD cleared = 0;
    const COORD from{static_cast<SHORT>(columns - left), row};
    const auto rest = static_cast<DWORD>(left > 0 ? left : 0);
    FillConsoleOutputCharacterW(screen, L' ', rest, from, &cleared);
    FillConsoleOutputAttribute(screen, kGrey, rest, from, &cleared);
  }

  HANDLE input;
  HANDLE screen;
  Screen shown;
  ScreenSize shown_size;

 private:
  HANDLE before_;
  DWORD mode_;
};

Terminal::Terminal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Terminal::~Terminal() = default;

std::unique_ptr<Terminal> Terminal::take() {
  HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
  HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
  DWORD mode = 0;
  DWORD output_mode = 0;
  if (GetConsoleMode(input, &mode) == 0 || GetConsoleMode(output, &output_mode) == 0)
    return nullptr;
  return std::unique_ptr<Terminal>{new Terminal{std::make_unique<Impl>(input, mode)}};
}

ScreenSize Terminal::size() const {
  CONSOLE_SCREEN_BUFFER_INFO info{};
  if (GetConsoleScreenBufferInfo(impl_->screen, &info) == 0) return {};
  return {info.srWindow.Right - info.srWindow.Left + 1,
          info.srWindow.Bottom - info.srWindow.Top + 1};
}

void Terminal::show(const Screen& screen) {
  const ScreenSize now = size();
  const bool all = now != impl_->shown_size;
  for (int row = 0; row < now.rows; ++row) {
    const auto at = static_cast<std::size_t>(row);
    const Line line = at < screen.size() ? clipped(screen[at], now.columns) : Line{};
    const Line before = at < impl_->shown.size() ? impl_->shown[at] : Line{};
    if (all || line != before) impl_->write_line(static_cast<SHORT>(row), line, now.columns);
  }
  impl_->shown.clear();
  for (const Line& line : screen) impl_->shown.push_back(clipped(line, now.columns));
  impl_->shown_size = now;
}

void Terminal::beep() { MessageBeep(MB_ICONWARNING); }

std::vector<Key> Terminal::keys() {
  std::vector<Key> keys;
  std::array<INPUT_RECORD, 64> records;
  const auto most = static_cast<DWORD>(records.size());
  DWORD count = 0;
  // Not GetNumberOfConsoleInputEvents: wine listens to its terminal only once somebody looks.
  if (PeekConsoleInputW(impl_->input, records.data(), most, &count) == 0) return {Key::kGone};
  if (count == 0) return keys;
  if (ReadConsoleInputW(impl_->input, records.data(), most, &count) == 0) return {Key::kGone};
  for (DWORD i = 0; i < count; ++i) {
    const INPUT_RECORD& one = records[i];
    if (one.EventType != KEY_EVENT || one.Event.KeyEvent.bKeyDown == FALSE) continue;
    // Shift, Control and their like by themselves.
    const KEY_EVENT_RECORD& key = one.Event.KeyEvent;
    if (key.wVirtualKeyCode == VK_SHIFT || key.wVirtualKeyCode == VK_CONTROL ||
        key.wVirtualKeyCode == VK_MENU || key.wVirtualKeyCode == VK_CAPITAL) {
      continue;
    }
    keys.push_back(key_of_event(key));
  }
  return keys;
}

bool error_stream_is_terminal() {
  DWORD mode = 0;
  return GetConsoleMode(GetStdHandle(STD_ERROR_HANDLE), &mode) != 0;
}

}  // namespace coldwatch
