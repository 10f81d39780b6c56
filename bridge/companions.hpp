// What a bridge has to do with the other bridges of its site: who lives, what they said and could not be
// taken yet, and what they have to hear.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bridge/notified.hpp"
#include "bridge/watch/peers.hpp"
#include "bridge/watch/versions.hpp"

namespace coldwatch {

struct Companions {
  /// An entry of another bridge's book; none where that one has closed it just now.
  struct Entry {
    std::string bridge;
    AlarmKey key;
    std::optional<Alarm> alarm;
  };

  Peers peers;
  Milliseconds told_later{0};  // so long others are left to tell first
  bool cut_off = false;
  UtcTime last_step{};
  UtcTime says_from{};                 // the broker's memory has begun to come in
  UtcTime collected_at{};              // until then the broker's memory may still come in
  std::map<AlarmKey, Notified> heard;  // records that wait for the alarm that they are about
  std::set<AlarmKey> to_take;          // of these, the ones to look at
  std::vector<Entry> entries;          // of books
  Versions versions;                   // of what was told, here or by the others
  // To tell the others; what was told is put in at that moment.
  std::map<AlarmKey, Notified> unsaid;
  bool shelves_unsaid = false;

  /// The broker's memory comes in from now on.
  void collect(UtcTime now, Milliseconds grace) {
    says_from = now + kListen;
    collected_at = now + std::min(grace, kCollect);
  }
  /// One that was stopped for a while reads what came meanwhile before it tells anything.
  void note_step(UtcTime now) {
    if (last_step + kLongestStep < now) collected_at = std::max(collected_at, now + kListen);
    last_step = now;
  }
  /// `place` as it stands: nothing new was told.
  void say_again(const Versions::Place& place) {
    unsaid.try_emplace(place.second, Notified{.notifier = place.first, .intent = Intent::kStill});
  }
  /// There is or was another bridge, which has to know who has told what.
  bool known() const { return peers.known() || !versions.all().empty(); }

  static constexpr std::size_t kMost = 100'000;  // of each list
  static constexpr Milliseconds kLongestStep = std::chrono::milliseconds{2500};
  static constexpr Milliseconds kListen = std::chrono::seconds{1};
  static constexpr Milliseconds kCollect = std::chrono::seconds{5};
};

}  // namespace coldwatch
