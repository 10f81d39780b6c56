#include "bridge/watch/fridges.hpp"

namespace coldwatch {
namespace {

/// An agent that comes back repeats its alarms at once; so long nobody is told that an old one is
/// fresh, because its end may be the next message.
constexpr Milliseconds kSettling = std::chrono::seconds{10};

}  // namespace

Fridge* Fridges::get(const FridgeId& id) {
  const auto known = all_.find(id);
  if (known != all_.end()) return &known->second;
  if (all_.size() >= kMostFridges) return nullptr;
  changed_.insert(id);
  Fridge& fridge = all_[id];
  fridge.site = id.first;
  fridge.name = id.second;
  return &fridge;
}

bool Fridges::offline(const FridgeId& id) const {
  const auto known = all_.find(id);
  return known != all_.end() && known->second.offline;
}

void Fridges::set_offline(Fridge& fridge, bool offline, UtcTime now, UtcTime since,
                          const std::string& why) {
  if (fridge.offline == offline) return;
  const FridgeId id{fridge.site, fridge.name};
  fridge.offline = offline;
  changed_.insert(id);
  settling_.set(id, offline ? std::nullopt : std::optional{now + kSettling});
  changes_.push_back({id, offline, since, why});
}

void Fridges::heard(const FridgeId& id, UtcTime now) {
  if (Fridge* fridge = get(id)) set_offline(*fridge, false, now, now, "");
}

void Fridges::heartbeat(const FridgeId& id, UtcTime now) {
  Fridge* fridge = get(id);
  if (fridge == nullptr) return;
  if (!fridge->heartbeats) changed_.insert(id);
  fridge->heartbeats = true;
  heartbeats_.set(id, now + longest_silence_);
  set_offline(*fridge, false, now, now, "");
}

void Fridges::went_offline(const FridgeId& id, UtcTime now) {
  Fridge* fridge = get(id);
  if (fridge == nullptr) return;
  heartbeats_.set(id, std::nullopt);
  set_offline(*fridge, true, now, now, "its connection to the broker is lost");
}

void Fridges::claims_online(const FridgeId& id, UtcTime now) {
  Fridge* fridge = get(id);
  if (fridge == nullptr) return;
  if (fridge->heartbeats) heartbeats_.set(id, now + longest_silence_);
  set_offline(*fridge, false, now, now, "");
}

void Fridges::set_connected(bool connected, UtcTime now) {
  connected_ = connected;
  for (const auto& [id, fridge] : all_) {
    if (!fridge.heartbeats || fridge.offline) continue;
    heartbeats_.set(id, connected ? std::optional{now + longest_silence_} : std::nullopt);
  }
}

void Fridges::advance(UtcTime now) {
  while (const FridgeId* due = heartbeats_.due(now)) {
    const FridgeId id = *due;
    heartbeats_.set(id, std::nullopt);
    set_offline(all_.at(id), true, now, now - longest_silence_,
                "no heartbeat for " + duration_words(longest_silence_));
  }
  while (const FridgeId* due = settling_.due(now)) {
    settled_.push_back(*due);
    settling_.set(settled_.back(), std::nullopt);
  }
}

std::optional<UtcTime> Fridges::next() const {
  const auto silence = heartbeats_.next();
  const auto settled = settling_.next();
  if (!silence || !settled) return silence ? silence : settled;
  return std::min(*silence, *settled);
}

void Fridges::restore(Fridge fridge, UtcTime now) {
  const FridgeId id{fridge.site, fridge.name};
  if (fridge.heartbeats && !fridge.offline) heartbeats_.set(id, now + longest_silence_);
  all_.insert_or_assign(id, std::move(fridge));
}

}  // namespace coldwatch
