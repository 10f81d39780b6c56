// Writes the journal of a live source from a thread of its own: however slow a server is, the agent's
// loop never waits for it.
#pragma once

#include <thread>

#include "agent/live/journal.hpp"
#include "agent/live/live_source.hpp"

namespace coldwatch {

class LiveRecorder {
 public:
  /// Begins at once. `folder` is the log folder of the config.
  LiveRecorder(const LiveSettings& settings, const std::string& folder, LiveClock clock);
  /// Waits for a round in progress, which ends within a second; a connection that is being made may
  /// take the timeout of the settings.
  ~LiveRecorder() = default;

 private:
  std::jthread thread_;
};

}  // namespace coldwatch
