#include "bridge/watch/event_order.hpp"

#include <algorithm>

#include "bridge/deadlines.hpp"

namespace coldwatch {
bool EventOrder::misses_one(const Fridge& fridge, const EventMessage& event) {
  if (event.previous == 0 || fridge.marks.empty()) return false;
  const auto mark = std::ranges::find(fridge.marks, event.epoch, &EventMark::epoch);
  return mark == fridge.marks.end() || mark->seq < event.previous;
}

bool EventOrder::keep(const FridgeId& id, const EventMessage& event) {
  if (held_.size() >= kMost) return false;
  held_.emplace_back(id, event);
  return true;
}

std::vector<EventOrder::Kept> EventOrder::release() {
  auto held = std::exchange(held_, {});
  std::ranges::stable_sort(held, {}, [](const Kept& one) { return one.second.seq; });
  return held;
}

bool EventOrder::admits(const FridgeId& id, const Fridge& fridge, const EventMessage& event,
                        UtcTime now) {
  if (!misses_one(fridge, event) || count_ >= kMost) return true;
  const auto [place, first] =
      waiting_.try_emplace(id, Waiting{.until = now + kPatience, .ask = now});
  count_ += place->second.events.emplace(std::pair{event.epoch, event.seq}, event).second ? 1 : 0;
  return false;
}

std::optional<EventMessage> EventOrder::follower(const FridgeId& id, const Fridge& fridge) {
  const auto known = waiting_.find(id);
  if (known == waiting_.end()) return std::nullopt;
  auto& events = known->second.events;
  const auto ready = std::ranges::find_if(
      events, [&fridge](const auto& entry) { return !misses_one(fridge, entry.second); });
  if (ready == events.end()) return std::nullopt;
  EventMessage event = std::move(ready->second);
  events.erase(ready);
  --count_;
  if (events.empty()) waiting_.erase(known);
  return event;
}

std::vector<FridgeId> EventOrder::due(UtcTime now) {
  std::vector<FridgeId> asked;
  for (auto& [id, waiting] : waiting_) {
    if (waiting.ask > now) continue;
    waiting.ask = now + kAgain;
    asked.push_back(id);
  }
  return asked;
}

std::vector<EventOrder::Kept> EventOrder::overdue(UtcTime now) {
  std::vector<Kept> late;
  for (auto entry = waiting_.begin(); entry != waiting_.end();) {
    if (entry->second.until > now) {
      ++entry;
      continue;
    }
    for (auto& [place, event] : entry->second.events) {
      late.emplace_back(entry->first, std::move(event));
    }
    count_ -= entry->second.events.size();
    entry = waiting_.erase(entry);
  }
  return late;
}

std::optional<UtcTime> EventOrder::next() const {
  std::optional<UtcTime> first;
  for (const auto& [id, waiting] : waiting_) {
    take_earlier(first, std::min(waiting.until, waiting.ask));
  }
  return first;
}

}  // namespace coldwatch
