// What a teller has to mention once: notices, and alarms that came and went before they could be told.
#include <algorithm>

#include "bridge/teller.hpp"
#include "bridge/watch/own_alarms.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kMostLines = 50;  // of one conversation; later ones are only counted

bool same_line(const NotificationItem& a, const NotificationItem& b) {
  return a.intent == b.intent && a.key == b.key && a.text == b.text;
}

/// What counts a line for which there is no room: where one is of the same alarm, the newest of these.
Line& stand_in(std::vector<Line>& lines, const NotificationItem& item) {
  const auto same = std::ranges::find_if(lines.rbegin(), lines.rend(), [&item](const Line& line) {
    return line.item.intent == item.intent && line.item.key == item.key;
  });
  return same == lines.rend() ? lines.back() : *same;
}

}  // namespace

void Teller::mention(const std::string& incident, NotificationItem item, UtcTime now) {
  auto& lines = conversation(incident).lines;
  const auto known =
      std::ranges::find_if(lines, [&item](const Line& line) { return same_line(line.item, item); });
  if (known != lines.end()) {
    known->item = std::move(item);
    ++known->count;
  } else if (lines.size() < kMostLines) {
    lines.push_back({std::move(item), now});
  } else {
    ++stand_in(lines, item).count;
  }
  changed_conversations_.insert(incident);
  touch(incident, now);
}

/// What was to be mentioned because a message had not arrived: by now this one has.
void Teller::forget_told_lines(const std::string& incident, const Notification& message) {
  std::erase_if(conversation(incident).lines, [&message](const Line& line) {
    return line.item.intent == Intent::kOccurredAndCleared &&
           std::ranges::any_of(message.items, [&line](const NotificationItem& item) {
             return item.key == line.item.key && item.since == line.item.since &&
                    item.intent != Intent::kOccurredAndCleared && item.intent != Intent::kNotice;
           });
  });
}

void Teller::episode_ended(const Alarm& alarm, const ReconcileSettings& settings, UtcTime now) {
  const bool own = alarm.message.epoch == kOwnEpoch;  // it comes back while its reason lasts
  if (own || alarm.flapping) return;
  Conversation& known = conversation(alarm.incident);
  const auto told = known.told.find(alarm.key);
  bool missed = false;
  if (told == known.told.end()) {
    // Without a schedule nothing was planned yet, as after a restart.
    const auto schedule = schedule_.find(alarm.incident);
    const bool planned = schedule != schedule_.end() && schedule->second.due;
    // After an outage of the agent's connection both states come at once; it counts how long it was.
    const Milliseconds seen = now - alarm.raised_at;
    const Milliseconds lasted =
        alarm.end_by_agent.value_or(alarm.message.since) - alarm.message.since;
    const bool waited = std::max(seen, lasted) > settings.group_wait;
    missed = planned ? *schedule->second.due <= now || (waited && known.told.empty()) : waited;
  } else if (told->second.shown == Shown::kNothing) {
    missed = true;
    known.told.erase(told);
  } else if (told->second.shown == Shown::kActive) {
    missed = told->second.episode != 0 && told->second.episode != alarm.episode;
  }
  if (missed) mention(alarm.incident, make_item(alarm, Intent::kOccurredAndCleared), now);
}

}  // namespace coldwatch
