// Which fridges' agents are alive: by their last will and by their heartbeat.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridge/deadlines.hpp"
#include "bridge/watch/fridge.hpp"
#include "common/name.hpp"

namespace coldwatch {

/// Site and name.
using FridgeId = std::pair<Name, Name>;

struct LivenessChange {
  FridgeId id;
  bool offline = false;
  UtcTime since{};  // of the silence
  std::string why;  // a sentence for people
};

class Fridges {
 public:
  /// `longest_silence` is the age of the last heartbeat at which an agent counts as offline.
  explicit Fridges(Milliseconds longest_silence) : longest_silence_(longest_silence) {}
  void configure(Milliseconds longest_silence) { longest_silence_ = longest_silence; }

  /// The fridge, made where it was not known. Null beyond kMostFridges.
  Fridge* get(const FridgeId& id);
  const std::map<FridgeId, Fridge>& all() const { return all_; }
  bool offline(const FridgeId& id) const;

  /// Something came from the agent itself, not from the broker's memory.
  void heard(const FridgeId& id, UtcTime now);
  void heartbeat(const FridgeId& id, UtcTime now);
  /// Its last will was published, or it said goodbye.
  void went_offline(const FridgeId& id, UtcTime now);
  /// The retained status says that it is connected.
  void claims_online(const FridgeId& id, UtcTime now);

  /// Without the broker nobody can be heard: no silence counts until `connected` again, and then
  /// from that moment.
  void set_connected(bool connected, UtcTime now);

  void advance(UtcTime now);
  std::optional<UtcTime> next() const;

  std::vector<LivenessChange> take_changes() { return std::exchange(changes_, {}); }
  /// Fridges that are online for a while: their alarms that still count as stale are fresh again.
  std::vector<FridgeId> take_settled() { return std::exchange(settled_, {}); }
  void touch(const FridgeId& id) { changed_.insert(id); }
  std::set<FridgeId> take_changed() { return std::exchange(changed_, {}); }
  void restore(Fridge fridge, UtcTime now);

  static constexpr std::size_t kMostFridges = 10'000;

 private:
  void set_offline(Fridge& fridge, bool offline, UtcTime now, UtcTime since,
                   const std::string& why);

  Milliseconds longest_silence_;
  bool connected_ = true;
  std::map<FridgeId, Fridge> all_;
  Deadlines<FridgeId> heartbeats_;  // when its silence has become too long
  Deadlines<FridgeId> settling_;
  std::vector<LivenessChange> changes_;
  std::vector<FridgeId> settled_;
  std::set<FridgeId> changed_;
};

}  // namespace coldwatch
