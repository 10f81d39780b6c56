// One TCP connection that never waits longer than it is told to. The platforms' part of a live source.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/time.hpp"

namespace coldwatch {

class Socket {
 public:
  /// Connects to the first address of `host` that accepts within `timeout`. Throws LiveError. The name
  /// is looked up by the system, in the time that the system takes.
  Socket(const std::string& host, std::uint16_t port, Milliseconds timeout);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// Bytes taken, 0 where there is no room. Throws LiveError where the connection is gone.
  std::size_t send(std::string_view bytes);
  /// What arrives within `wait`, at most `most` bytes; "" for silence. Throws LiveError where the other
  /// side has closed.
  std::string receive(std::size_t most, Milliseconds wait);

 private:
  std::intptr_t handle_ = -1;
};

}  // namespace coldwatch
