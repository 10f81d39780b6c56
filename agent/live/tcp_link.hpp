// A conversation over TCP, in which every round has its time and every answer its bound.
#pragma once

#include <functional>

#include "agent/live/live_protocol.hpp"
#include "agent/live/socket.hpp"

namespace coldwatch {

inline constexpr std::size_t kLongestAnswerBytes = 256 * 1024;

/// The clocks of a live source, which main has.
struct LiveClock {
  std::function<UtcTime()> utc;
  std::function<std::chrono::steady_clock::time_point()> steady;
};

class TcpLink final : public LiveLink {
 public:
  /// Gives up early where `stop` says so.
  TcpLink(const LiveSettings& settings, LiveClock clock, std::function<bool()> stop);

  /// From now on a round has the time of the settings; what an earlier one has left over is an error.
  void begin_round();
  void send(std::string_view bytes) override;
  std::string receive_until(std::string_view end) override;
  std::string receive(std::size_t bytes) override;
  std::string peek(Milliseconds wait) override;

 private:
  void receive_more();
  std::string take(std::size_t bytes, std::size_t with_end);

  Milliseconds timeout_;
  LiveClock clock_;
  std::function<bool()> stop_;
  Socket socket_;
  std::chrono::steady_clock::time_point deadline_;
  std::string received_;
};

}  // namespace coldwatch
