// The terminal of the person who started the program: taken over as a whole, redrawn in place, and
// given back as it was, whichever way the program ends.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "agent/console/keys.hpp"
#include "agent/console/screen.hpp"

namespace coldwatch {

class Terminal {
 public:
  /// Takes the terminal over; nullptr where standard input and output are not both one that can be
  /// drawn on and typed at: a pipe, a file, a program in the background.
  static std::unique_ptr<Terminal> take();
  ~Terminal();

  /// As it is now: people resize windows.
  ScreenSize size() const;
  /// Shows these lines and nothing else; only what has changed is written.
  void show(const Screen& screen);
  void beep();
  /// What was pressed since the last call. Does not wait.
  std::vector<Key> keys();

 private:
  class Impl;
  explicit Terminal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Would a person see what goes to standard error on a terminal? Then it must not be written between
/// the lines of a screen.
bool error_stream_is_terminal();

}  // namespace coldwatch
