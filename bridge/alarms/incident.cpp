#include "bridge/alarms/incident.hpp"

#include <algorithm>

namespace coldwatch {

bool Conversation::open() const {
  return std::ranges::any_of(told, [](const auto& entry) {
    return entry.second.shown == Shown::kActive || entry.second.shown == Shown::kFlapping;
  });
}

}  // namespace coldwatch
