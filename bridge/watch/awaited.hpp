// What an agent has said and the bridge has not: an event ahead of its alarm's retained state, which
// goes out first, or a heartbeat ahead of the events that it counts. A broker has then acknowledged
// a message and lost it (mosquitto's queue limits; a node of a cluster that died). The agent is asked
// to say everything once more; else an alarm would wait ten minutes for the regular repeat.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "bridge/alarms/alarm_book.hpp"
#include "bridge/deadlines.hpp"
#include "bridge/watch/fridges.hpp"
#include "common/time.hpp"

namespace coldwatch {

class Awaited {
 public:
  static constexpr Milliseconds kPatience = std::chrono::seconds{5};
  static constexpr Milliseconds kAgain = std::chrono::seconds{30};  // doubled at each question
  static constexpr Milliseconds kAgainAtMost = std::chrono::minutes{10};
  static constexpr std::size_t kMost = 10'000;  // waited for at once

  /// How far an agent had come: its epoch and its seq. Epochs are times, written so that they sort.
  using Position = std::pair<std::string, std::uint64_t>;
  /// The agent has come to `position` with `key`, of which so much is `known`.
  void note(const AlarmKey& key, const Position& position, const Position& known, UtcTime now);

  /// The fridges to be asked at `now`.
  std::set<FridgeId> due(const AlarmBook& book, const Fridges& fridges, UtcTime now);
  /// When due() has to be called at the latest; nullopt while nothing is waited for.
  std::optional<UtcTime> next() const { return questions_.next(); }

 private:
  struct Wait {
    Position position;
    Milliseconds again = kAgain;
  };
  void forget(const AlarmKey& key);

  std::map<AlarmKey, Wait> waits_;
  Deadlines<AlarmKey> questions_;
};

/// How far the bridge knows of an alarm, or of a fridge's events where the key's rule is "".
Awaited::Position known_position(const AlarmKey& key, const AlarmBook& book,
                                 const Fridges& fridges);

}  // namespace coldwatch
