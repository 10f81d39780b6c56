// What a notifier's teller has to do with those of other bridges.
#include <algorithm>

#include "bridge/teller.hpp"
#include "bridge/watch/own_alarms.hpp"

namespace coldwatch {

const Told* Teller::told(const std::string& incident, const AlarmKey& key) const {
  const auto known = conversations_.find(incident);
  if (known == conversations_.end()) return nullptr;
  const auto found = known->second.told.find(key);
  return found == known->second.told.end() ? nullptr : &found->second;
}

Known Teller::known(const Alarm& alarm) const {
  const Told* found = told(alarm.incident, alarm.key);
  if (found == nullptr) return {};
  const Conversation& all = conversations_.at(alarm.incident);
  Known known{.told = *found, .number = all.number, .title = all.title, .thread = all.thread};
  if (known.told->episode != alarm.episode) known.told->episode = 0;
  return known;
}

void Teller::adopt(const std::string& incident, const AlarmKey& key, const Known& known, bool quiet,
                   UtcTime now) {
  if (!known.told && !conversations_.contains(incident)) return;
  Conversation& all = conversation(incident);
  if (known.told) all.told.insert_or_assign(key, *known.told);
  if (!known.told) all.told.erase(key);
  if (known.number > all.number) {
    all.number = known.number;
    all.title = known.title;
    all.thread = known.thread;
  }
  all.last_sent = now;
  if (!quiet || !all.last_loud) all.last_loud = now;
  schedule_[incident].since.reset();
  changed_conversations_.insert(incident);
  touch(incident, now);
}

void Teller::forget_lines(const AlarmKey& key, const std::vector<UtcTime>& mentioned, UtcTime now) {
  for (auto& [incident, known] : conversations_) {
    const auto count = std::erase_if(known.lines, [&](const Line& line) {
      return line.item.key == key &&
             std::ranges::find(mentioned, line.item.since) != mentioned.end();
    });
    if (count == 0) continue;
    changed_conversations_.insert(incident);
    touch(incident, now);
  }
}

/// Puts off what another bridge can tell too; what is about this one it tells itself.
void Teller::leave_to_others(const Conversation& told, const Plan& plan, Milliseconds later,
                             Schedule& schedule) {
  if (!schedule.due) {
    schedule.since.reset();
    return;
  }
  const auto is_shared = [](const AlarmKey& key) { return key.fridge != kBridgeItself; };
  const bool shared =
      std::ranges::any_of(plan.items, is_shared, &Planned::key) ||
      std::ranges::any_of(told.lines, is_shared,
                          [](const Line& line) -> const AlarmKey& { return line.item.key; });
  take_earlier(schedule.since, *schedule.due);
  if (shared) schedule.due = std::max(*schedule.due, *schedule.since + later);
}

}  // namespace coldwatch
