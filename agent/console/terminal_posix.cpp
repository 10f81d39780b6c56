#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <utility>

#include "agent/console/terminal.hpp"

namespace coldwatch {
namespace {

// ECMA-48 and the two modes of xterm that every terminal of today knows: another screen, so that the
// old one comes back, and lines that are never folded.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
constexpr std::string_view kLeave = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
constexpr std::string_view kToLineEnd = "\x1b[0m\x1b[K";
constexpr int kStallTimeout_ms =
    200;  // a terminal that takes nothing (Ctrl+S) must not stop the agent

std::string_view style_code(Style style) {
  switch (style) {
    case Style::kPlain:
      return "\x1b[0m";
    case Style::kStrong:
      return "\x1b[0;1m";
    case Style::kFaint:
      return "\x1b[0;2m";
    case Style::kGood:
      return "\x1b[0;32m";
    case Style::kWarning:
      return "\x1b[0;1;33m";
    case Style::kCritical:
      return "\x1b[0;1;37;41m";
  }
  return "";
}

bool can_draw() {
  const char* name = std::getenv("TERM");
  return name != nullptr && *name != '\0' && std::string_view{name} != "dumb";
}

}  // namespace

class Terminal::Impl {
 public:
  explicit Impl(const termios& before) : before_(before) {
    termios raw = before;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    // Stopped by Ctrl+Z the agent would watch nothing.
    raw.c_cc[VSUSP] = _POSIX_VDISABLE;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    write(kEnter);
  }
  ~Impl() {
    write(kLeave);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// True where everything was taken.
  bool write(std::string_view text) {
    while (!text.empty()) {
      pollfd writable{STDOUT_FILENO, POLLOUT, 0};
      if (::poll(&writable, 1, kStallTimeout_ms) != 1 || (writable.revents & POLLOUT) == 0) break;
      // A little at a time: a write of more than there is room for would wait for the rest.
      const auto count =
          ::write(STDOUT_FILENO, text.data(), std::min<std::size_t>(text.size(), 512));
      if (count <= 0) break;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return text.empty();
  }

  Screen shown;
  ScreenSize shown_size;
  bool whole = false;  // the terminal has taken all of `shown`
  KeyReader reader;

 private:
  const termios before_;
};

Terminal::Terminal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Terminal::~Terminal() = default;

std::unique_ptr<Terminal> Terminal::take() {
  termios before{};
  if (!can_draw() || isatty(STDOUT_FILENO) == 0 || tcgetattr(STDIN_FILENO, &before) != 0 ||
      tcgetpgrp(STDIN_FILENO) != getpgrp()) {
    return nullptr;
  }
  return std::unique_ptr<Terminal>{new Terminal{std::make_unique<Impl>(before)}};
}

ScreenSize Terminal::size() const {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

void Terminal::show(const Screen& screen) {
  const ScreenSize now = size();
  const bool all = !impl_->whole || now != impl_->shown_size;
  std::string text = all ? "\x1b[2J" : "";
  for (std::size_t row = 0; row < std::max(screen.size(), impl_->shown.size()); ++row) {
    const Line line = row < screen.size() ? clipped(screen[row], now.columns) : Line{};
    const Line before = row < impl_->shown.size() ? impl_->shown[row] : Line{};
    if (static_cast<int>(row) >= now.rows || (!all && line == before)) continue;
    text += "\x1b[" + std::to_string(row + 1) + ";1H";
    for (const Span& span : line) text.append(style_code(span.style)).append(span.text);
    text += kToLineEnd;
  }
  impl_->shown.clear();
  for (const Line& line : screen) impl_->shown.push_back(clipped(line, now.columns));
  impl_->shown_size = now;
  impl_->whole = impl_->write(text);
}

void Terminal::beep() { impl_->write("\a"); }

std::vector<Key> Terminal::keys() {
  std::array<char, 256> bytes;
  pollfd readable{STDIN_FILENO, POLLIN, 0};
  if (::poll(&readable, 1, 0) < 1) return impl_->reader.read({});
  const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count <= 0) return {Key::kGone};
  return impl_->reader.read({bytes.data(), static_cast<std::size_t>(count)});
}

bool error_stream_is_terminal() { return isatty(STDERR_FILENO) != 0; }

}  // namespace coldwatch
