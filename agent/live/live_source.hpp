// Asks a server for one round of readings after the other, over a connection that is kept while it works
// and made anew where it does not.
#pragma once

#include <memory>

#include "agent/live/tcp_link.hpp"

namespace coldwatch {

class LiveSource {
 public:
  /// `stop` makes a round in progress end early.
  LiveSource(LiveSettings settings, LiveClock clock, std::function<bool()> stop);

  /// One round. Throws LiveError, whose text begins with the server's name.
  LiveSample sample();
  /// "triton_scpi at localhost:33576".
  std::string name() const;

 private:
  LiveSample converse();

  const LiveSettings settings_;
  const LiveProtocol& protocol_;
  LiveClock clock_;
  std::function<bool()> stop_;
  std::unique_ptr<TcpLink> link_;
  std::unique_ptr<LiveReader> reader_;
};

}  // namespace coldwatch
