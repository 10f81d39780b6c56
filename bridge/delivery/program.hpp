// A program of the user's, run with a text on its standard input; never through a shell, never
// waited for, and ended when its time is over. Its output is read (within a bound) and is the
// reply.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bridge/notifiers/notifier.hpp"

namespace coldwatch {

class Program {
 public:
  /// Starts it; where that fails, poll() says so.
  explicit Program(const ProgramCall& call, UtcTime now);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Moves input and output on without waiting; the reply once the program has ended: status is its
  /// exit status, body what it wrote.
  std::optional<Reply> poll(UtcTime now);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coldwatch
