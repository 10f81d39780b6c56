#include "bridge/alarms/alarm_book.hpp"

#include <algorithm>
#include <utility>

namespace coldwatch {
namespace {

constexpr std::size_t kMostShown = 64;  // seqs kept of one alarm

SeverityMove compare(Severity then, Severity now) {
  if (now == then) return SeverityMove::kSame;
  return now > then ? SeverityMove::kHigher : SeverityMove::kLower;
}

bool is_refresh(const Alarm& alarm, const AlarmMessage& message) {
  return alarm.message.epoch == message.epoch && message.seq <= alarm.message.seq;
}

/// Between two episodes there are an end and a beginning. Since when an alarm is active does not change
/// within one.
bool is_later_episode(const Alarm& alarm, const AlarmMessage& message) {
  const AlarmMessage& known = alarm.message;
  return alarm.active() && message.state == AlarmState::kActive && message.epoch == known.epoch &&
         message.seq >= known.seq + 2 && known.since != UtcTime{} && message.since != known.since &&
         message.since != UtcTime{};
}

void drop_acknowledgement(Alarm& alarm) {
  alarm.acknowledged_by = {};
  alarm.note = {};
  alarm.acknowledged_until.reset();
}

/// What the alarm was is what its end has to name; only the value and the order are the new ones.
void end_message(Alarm& alarm, const AlarmMessage& message, bool ends) {
  AlarmMessage end = message;
  if (ends) {
    end.severity = alarm.message.severity;
    if (!alarm.message.text.empty()) end.text = alarm.message.text;
    end.since = alarm.message.since;
  }
  alarm.message = std::move(end);
}

}  // namespace

const Alarm* AlarmBook::find(const AlarmKey& key) const {
  const auto found = alarms_.find(key);
  return found == alarms_.end() ? nullptr : &found->second;
}

bool AlarmBook::has_room(const AlarmKey& key) const {
  const auto count = of_fridge_.find({key.site, key.fridge});
  return count == of_fridge_.end() || count->second < kMostOfOneFridge || alarms_.contains(key);
}

std::pair<Alarm*, bool> AlarmBook::entry(const AlarmKey& key) {
  const auto known = alarms_.find(key);
  if (known != alarms_.end()) return {&known->second, false};
  if (alarms_.size() >= kMostAlarms) return {nullptr, false};
  ++of_fridge_[{key.site, key.fridge}];
  return {&alarms_[key], true};
}

bool AlarmBook::take(const AlarmKey& key, const AlarmMessage& message, UtcTime now) {
  const auto [place, first] = entry(key);
  if (place == nullptr) return false;
  Alarm& alarm = *place;
  alarm.key = key;
  if (!first && is_refresh(alarm, message)) {
    if (message.seq == alarm.message.seq && message.state == alarm.message.state) {
      alarm.message.value = message.value;
      alarm.message.time = message.time;
      alarm.message.trend = message.trend;
    }
    return true;
  }
  if (message.epoch != alarm.message.epoch) alarm.shown.clear();
  if (message.state == AlarmState::kActive) {
    if (alarm.shown.size() == kMostShown) alarm.shown.erase(alarm.shown.begin());
    alarm.shown.push_back(message.seq);
    apply(alarm, Happening::kRaise, &message, now);
  } else if (message.state == AlarmState::kNormal) {
    apply(alarm, Happening::kClear, &message, now);
  } else {
    // "unknown" says nothing of the condition: what was true stays, with the new place in the order.
    alarm.message.epoch = message.epoch;
    alarm.message.seq = message.seq;
    note_change(alarm, Reason::kNothing);
  }
  return true;
}

void AlarmBook::end_unseen(const AlarmKey& key, const AlarmMessage& message, UtcTime now) {
  const auto known = alarms_.find(key);
  if (known == alarms_.end() || !is_later_episode(known->second, message)) return;
  Alarm& alarm = known->second;
  AlarmMessage end = alarm.message;
  end.state = AlarmState::kNormal;
  apply(alarm, Happening::kClear, &end, now);
  alarm.end_by_agent.reset();
}

bool AlarmBook::take_notice(const AlarmKey& key, const std::string& epoch, std::uint64_t seq) {
  const auto [place, first] = entry(key);
  if (place == nullptr) return false;
  Alarm& alarm = *place;
  if (!first && alarm.message.epoch == epoch && seq <= alarm.message.seq) return false;
  alarm.key = key;
  alarm.message.epoch = epoch;
  alarm.message.seq = seq;
  alarm.message.kind = AlarmKind::kNotice;
  note_change(alarm, Reason::kNothing);
  return true;
}

void AlarmBook::apply(Alarm& alarm, Happening happening, const AlarmMessage* message, UtcTime now) {
  const auto move =
      message == nullptr ? SeverityMove::kSame : compare(alarm.severity(), message->severity);
  const bool latch =
      message != nullptr ? message->latch || alarm.message.latch : alarm.message.latch;
  const Transition made = transition(alarm.standing, happening, move, latch);
  if (message == nullptr && made.reason == Reason::kNothing) return;
  alarm.standing = made.next;
  if (made.reason == Reason::kBegan) {
    begin(alarm, *message, now);
  } else if (happening == Happening::kRaise) {
    alarm.message = *message;
  } else if (message != nullptr) {
    end_message(alarm, *message, made.reason != Reason::kNothing);
  }
  note_reason(alarm, made.reason, message == nullptr ? now : message->time, now);
  note_deadline(alarm);
  note_change(alarm, made.reason);
}

void AlarmBook::note_change(Alarm& alarm, Reason reason) {
  alarm.unread = true;
  changes_.push_back({alarm.key, reason});
}

std::vector<BookChange> AlarmBook::take_changes() {
  ended_.clear();
  for (const BookChange& change : changes_) alarms_.at(change.key).unread = false;
  return std::exchange(changes_, {});
}

void AlarmBook::note_reason(Alarm& alarm, Reason reason, UtcTime ended_by_agent, UtcTime now) {
  if (reason == Reason::kRose || reason == Reason::kFell) alarm.severity_at = now;
  if (reason == Reason::kRealarmed) ++alarm.realarms;
  if (reason == Reason::kRose || reason == Reason::kUnacknowledged ||
      reason == Reason::kRealarmed) {
    alarm.unacknowledged_at = now;
    drop_acknowledgement(alarm);
  }
  if (reason == Reason::kEnded || reason == Reason::kReturned) {
    alarm.ended_at = now;
    alarm.end_by_agent = ended_by_agent;
    alarm.acknowledged_until.reset();
    ended_.insert(alarm.key);
  }
}

void AlarmBook::begin(Alarm& alarm, const AlarmMessage& message, UtcTime now) {
  alarm.message = message;
  alarm.first_severity = message.severity;
  alarm.raised_at = alarm.severity_at = alarm.unacknowledged_at = now;
  alarm.ended_at.reset();
  alarm.end_by_agent.reset();
  ++alarm.episode;
  alarm.episode_seq = message.seq;
  // Who has the last one in hand may not know of this one, where its end was not told before.
  if (!alarm.acknowledged_by.empty()) ++alarm.realarms;
  alarm.handled = 0;
  drop_acknowledgement(alarm);
  count_activation(alarm, now);
}

void AlarmBook::count_activation(Alarm& alarm, UtcTime now) {
  auto& times = alarm.activations;
  times.push_back(now);
  std::erase_if(times, [&](UtcTime time) { return time <= now - settings_.flapping.window; });
  const auto most = static_cast<std::size_t>(settings_.flapping.count);
  if (times.size() > most) times.erase(times.begin(), times.end() - settings_.flapping.count);
  if (times.size() >= most) alarm.flapping = true;
}

void AlarmBook::set_stale(const AlarmKey& key, bool stale) {
  const auto found = alarms_.find(key);
  if (found == alarms_.end() || found->second.stale == stale) return;
  found->second.stale = stale;
  note_deadline(found->second);
  note_change(found->second, Reason::kNothing);
}

int AlarmBook::acknowledge(const Selector& means, const std::string& by, const std::string& note,
                           UtcTime now) {
  int count = 0;
  for (auto& [key, alarm] : alarms_) {
    const bool open =
        alarm.standing == Standing::kUnacknowledged || alarm.standing == Standing::kReturned;
    if (!open || !means(alarm)) continue;
    alarm.acknowledged_by = by;
    alarm.note = note;
    if (alarm.active()) alarm.acknowledged_until = now + settings_.ack_timeout;
    ++alarm.handled;
    apply(alarm, Happening::kAcknowledge, nullptr, now);
    ++count;
  }
  return count;
}

int AlarmBook::unacknowledge(const Selector& means, UtcTime now) {
  int count = 0;
  for (auto& [key, alarm] : alarms_) {
    if (alarm.standing != Standing::kAcknowledged || !means(alarm)) continue;
    ++alarm.handled;
    apply(alarm, Happening::kUnacknowledge, nullptr, now);
    ++count;
  }
  return count;
}

void AlarmBook::follow(const AlarmKey& key, const Alarm& other, UtcTime now) {
  const auto found = alarms_.find(key);
  if (found == alarms_.end() || other.handled <= found->second.handled) return;
  Alarm& alarm = found->second;
  alarm.handled = other.handled;
  if (other.standing == Standing::kAcknowledged && alarm.standing == Standing::kUnacknowledged) {
    alarm.acknowledged_by = other.acknowledged_by;
    alarm.note = other.note;
    alarm.acknowledged_until = other.acknowledged_until.value_or(now + settings_.ack_timeout);
    apply(alarm, Happening::kAcknowledge, nullptr, now);
  } else if (other.standing == Standing::kUnacknowledged) {
    apply(alarm, Happening::kUnacknowledge, nullptr, now);
  }
}

void AlarmBook::advance(UtcTime now) {
  while (const AlarmKey* due = deadlines_.due(now)) {
    Alarm& alarm = alarms_.at(*due);
    if (alarm.acknowledged_until && *alarm.acknowledged_until <= now) {
      alarm.acknowledged_until.reset();
      apply(alarm, Happening::kAcknowledgeTimeout, nullptr, now);
    }
    if (alarm.flapping && alarm.activations.back() + settings_.flapping.quiet <= now) {
      alarm.flapping = false;
      alarm.activations.clear();
      note_change(alarm, Reason::kNothing);
    }
    note_deadline(alarm);
  }
}

void AlarmBook::note_deadline(const Alarm& alarm) {
  std::optional<UtcTime> first = alarm.acknowledged_until;
  if (alarm.flapping && !alarm.activations.empty()) {
    const UtcTime settled = alarm.activations.back() + settings_.flapping.quiet;
    first = first ? std::min(*first, settled) : settled;
  }
  deadlines_.set(alarm.key, first);
}

void AlarmBook::restore(Alarm alarm) {
  const AlarmKey key = alarm.key;
  if (alarms_.insert_or_assign(key, std::move(alarm)).second) ++of_fridge_[{key.site, key.fridge}];
  note_deadline(alarms_.at(key));
}

void AlarmBook::assign_incident(const AlarmKey& key, const std::string& incident) {
  alarms_.at(key).incident = incident;
}

}  // namespace coldwatch
