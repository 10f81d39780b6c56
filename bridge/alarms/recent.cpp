#include "bridge/alarms/recent.hpp"

namespace coldwatch {
namespace {

void count_down(std::map<std::string, int>& counts, const std::string& name) {
  const auto found = counts.find(name);
  if (--found->second == 0) counts.erase(found);
}

}  // namespace

void RecentAlarms::note(const Alarm& alarm, UtcTime now) {
  const UtcTime end = alarm.raised_at + kWindow;
  const bool counts = alarm.active() && end >= now;
  const auto known = ends_.of(alarm.key);
  if (known && counts && *known == end) return;
  if (known) forget(alarm.key);
  if (!counts) return;
  ends_.set(alarm.key, end);
  ++fridges_[alarm.key.fridge];
  ++rules_[alarm.key.rule];
}

void RecentAlarms::advance(UtcTime now) {
  while (const AlarmKey* due = ends_.due(now - Milliseconds{1})) forget(AlarmKey{*due});
}

void RecentAlarms::forget(const AlarmKey& key) {
  ends_.set(key, std::nullopt);
  count_down(fridges_, key.fridge);
  count_down(rules_, key.rule);
}

}  // namespace coldwatch
