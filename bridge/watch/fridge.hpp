// What the bridge knows of one fridge's agent, beyond its alarms.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bridge/watch/twins.hpp"
#include "common/messages.hpp"
#include "common/time.hpp"

namespace coldwatch {

/// How far the events of one epoch have been taken.
struct EventMark {
  std::string epoch;
  std::uint64_t seq = 0;  // of the last event taken
};

struct Fridge {
  std::string site;
  std::string name;
  bool offline = false;          // by its last will, or by a missing heartbeat
  bool heartbeats = false;       // it has sent one since it was first heard of
  std::vector<EventMark> marks;  // the newest epochs, the present one last
  std::map<std::string, EventMessage>
      begun;  // by rule: raises of the past whose end is still to come
  Twins twins;
};

}  // namespace coldwatch
