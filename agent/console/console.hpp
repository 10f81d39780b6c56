// `run --console`: the live table of a running agent on the terminal of the person who started it. It
// draws what it is told and returns what was asked for; the caller does it.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/console/facts.hpp"
#include "agent/console/terminal.hpp"

namespace coldwatch {

class Console {
 public:
  enum class Wish { kTest, kSnapshot, kExit };
  using SteadyTime = std::chrono::steady_clock::time_point;

  static constexpr Milliseconds kKeyInterval{100};
  static constexpr Milliseconds kDrawInterval{500};

  /// nullptr where there is no terminal to draw on. Until the console is gone, the program's log is
  /// shown on it where it would otherwise go to the same terminal.
  static std::unique_ptr<Console> take(bool beep);
  ~Console();

  /// What was asked for by keys since the last call.
  std::vector<Wish> wishes();
  /// True where the table is old, or a key has changed it.
  bool draw_due(SteadyTime steady) const;
  void draw(const ConsoleFacts& facts, SteadyTime steady);
  /// The words below the table, until the next ones.
  void say(std::string answer);

 private:
  static constexpr std::size_t kLogLines = 20;

  Console(std::unique_ptr<Terminal> terminal, bool beep);
  std::optional<Wish> on_key(Key key);
  void beep_for_new_alarms(const ConsoleFacts& facts);
  std::vector<std::string> log_lines() const;

  std::unique_ptr<Terminal> terminal_;
  const bool beep_;
  int first_ = 0;  // rules scrolled away
  bool exit_asked_ = false;
  std::string answer_;
  bool changed_ = true;
  SteadyTime drawn_{};
  std::set<std::string> active_;
  mutable std::mutex log_mutex_;  // log lines come from any thread
  std::deque<std::string> log_;
};

}  // namespace coldwatch
