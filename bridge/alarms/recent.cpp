#include "bridge/alarms/recent.hpp"

namespace coldwatch {
namespace {

void count_down(std::map<std::string, int>& counts, const std::string& name) {
  const auto found = counts.find(name);
  if (--found->second == 0) counts.erase(found);
}

}  // namespace

void RecentAlarms::note(const Alarm& alarm, UtcTime now) {
  const auto known = begun_.find(alarm.key);
  const bool counts = alarm.active() && alarm.raised_at + kWindow >= now;
  if (known != begun_.end() && (!counts || known->second != alarm.raised_at)) forget(alarm.key);
  if (!counts || !begun_.emplace(alarm.key, alarm.raised_at).second) return;
  ends_.set(alarm.key, alarm.raised_at + kWindow);
  ++fridges_[alarm.key.fridge];
  ++rules_[alarm.key.rule];
}

void RecentAlarms::advance(UtcTime now) {
  while (const AlarmKey* due = ends_.due(now - Milliseconds{1})) forget(AlarmKey{*due});
}

void RecentAlarms::forget(const AlarmKey& key) {
  begun_.erase(key);
  ends_.set(key, std::nullopt);
  count_down(fridges_, key.fridge);
  count_down(rules_, key.rule);
}

}  // namespace coldwatch
