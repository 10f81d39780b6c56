#include "bridge/watch/awaited.hpp"

#include <algorithm>

namespace coldwatch {

Awaited::Position known_position(const AlarmKey& key, const AlarmBook& book,
                                 const Fridges& fridges) {
  if (!key.rule.empty()) {
    const Alarm* alarm = book.find(key);
    if (alarm == nullptr) return {};
    return {alarm->message.epoch, alarm->message.seq};
  }
  const auto fridge = fridges.all().find({key.site, key.fridge});
  if (fridge == fridges.all().end() || fridge->second.marks.empty()) return {};
  const EventMark& mark = fridge->second.marks.back();
  return {mark.epoch, mark.seq};
}

void Awaited::forget(const AlarmKey& key) {
  waits_.erase(key);
  questions_.set(key, std::nullopt);
}

void Awaited::note(const AlarmKey& key, const Position& position, const Position& known,
                   UtcTime now) {
  if (known >= position) return forget(key);
  if (const auto wait = waits_.find(key); wait != waits_.end()) {
    wait->second.position = position;
  } else if (waits_.size() < kMost) {
    waits_.emplace(key, Wait{.position = position});
    questions_.set(key, now + kPatience);
  }
}

std::set<FridgeId> Awaited::due(const AlarmBook& book, const Fridges& fridges, UtcTime now) {
  std::set<FridgeId> silent;
  while (const AlarmKey* first = questions_.due(now)) {
    const AlarmKey key = *first;
    Wait& wait = waits_.at(key);
    if (known_position(key, book, fridges) >= wait.position) {
      forget(key);
      continue;
    }
    questions_.set(key, now + wait.again);
    wait.again = std::min(2 * wait.again, kAgainAtMost);
    silent.emplace(key.site, key.fridge);
  }
  return silent;
}

}  // namespace coldwatch
