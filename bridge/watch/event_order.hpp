// The events of each agent in their order. A broker may lose what it has acknowledged, and what came
// while nobody was subscribed is gone: an event says which one came before it, and one whose
// predecessor is missing waits, unconfirmed, while the agent is asked to say everything once more.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bridge/watch/fridges.hpp"

namespace coldwatch {

class EventOrder {
 public:
  static constexpr Milliseconds kPatience =
      std::chrono::minutes{1};                                      // then it is taken all the same
  static constexpr Milliseconds kAgain = std::chrono::seconds{15};  // between two questions
  static constexpr std::size_t kMost = 100'000;  // kept at once; beyond that none waits

  using Kept = std::pair<FridgeId, EventMessage>;

  /// Keeps `event`, whatever came before it, until release(); false where there is no room.
  bool keep(const FridgeId& id, const EventMessage& event);
  /// What keep() has kept, by seq.
  std::vector<Kept> release();

  /// The event before this one was not taken. Of a fridge that was never heard of none is missing.
  static bool misses_one(const Fridge& fridge, const EventMessage& event);
  /// Whether none is missing before `event` of `fridge`; else it is kept.
  bool admits(const FridgeId& id, const Fridge& fridge, const EventMessage& event, UtcTime now);
  /// One that waited for what has been taken by now; call it until there is none.
  std::optional<EventMessage> follower(const FridgeId& id, const Fridge& fridge);

  /// The fridges to be asked at `now`.
  std::vector<FridgeId> due(UtcTime now);
  /// Those that have waited for long enough, in their order.
  std::vector<Kept> overdue(UtcTime now);
  std::optional<UtcTime> next() const;
  bool empty() const { return held_.empty(); }

 private:
  struct Waiting {
    std::map<std::pair<std::string, std::uint64_t>, EventMessage> events;  // by epoch and seq
    UtcTime until{};
    UtcTime ask{};
  };
  std::vector<Kept> held_;
  std::map<FridgeId, Waiting> waiting_;
  std::size_t count_ = 0;  // in waiting_
};

}  // namespace coldwatch
