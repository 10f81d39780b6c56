#include "bridge/watch/own_alarms.hpp"

namespace coldwatch {
namespace {

AlarmMessage message_of(const AlarmKey& key, AlarmState state, Severity severity,
                        const std::string& text, UtcTime since, UtcTime now) {
  AlarmMessage message{.state = state,
                       .severity = severity,
                       .text = text,
                       .time = now,
                       .since = since,
                       .epoch = kOwnEpoch};
  if (key.rule.text().starts_with(kNotifierFailing)) message.cause = "notifier_failing";
  return message;
}

}  // namespace

void OwnAlarms::begin(const AlarmKey& key, const std::string& kind, const std::string& text,
                      UtcTime since, std::optional<Milliseconds> hold) {
  const OwnAlarmSettings& settings = settings_.at(kind);
  const auto [entry, added] =
      conditions_.try_emplace(key, Condition{since, text, settings.severity, false});
  Condition& condition = entry->second;
  if (condition.raised || (!added && !hold)) return;
  condition.text = text;
  const UtcTime from = condition.since + std::min(settings.hold, hold.value_or(settings.hold));
  const auto known = deadlines_.of(key);
  deadlines_.set(key, known ? std::min(*known, from) : from);
}

void OwnAlarms::end(const AlarmKey& key) {
  const auto known = conditions_.find(key);
  if (known == conditions_.end()) return;
  if (known->second.raised) ended_.emplace_back(*known);
  conditions_.erase(known);
  deadlines_.set(key, std::nullopt);
}

std::vector<std::pair<AlarmKey, AlarmMessage>> OwnAlarms::due(UtcTime now) {
  std::vector<std::pair<AlarmKey, AlarmMessage>> messages;
  for (const auto& [key, condition] : std::exchange(ended_, {})) {
    messages.emplace_back(key, message_of(key, AlarmState::kNormal, condition.severity,
                                          condition.text, condition.since, now));
  }
  while (const AlarmKey* first = deadlines_.due(now)) {
    const AlarmKey key = *first;
    deadlines_.set(key, std::nullopt);
    Condition& condition = conditions_.at(key);
    condition.raised = true;
    messages.emplace_back(key, message_of(key, AlarmState::kActive, condition.severity,
                                          condition.text, condition.since, now));
  }
  return messages;
}

std::optional<UtcTime> OwnAlarms::next() const {
  return ended_.empty() ? deadlines_.next() : std::optional{UtcTime{}};
}

void OwnAlarms::restore(const AlarmKey& key, UtcTime since, const std::string& text,
                        Severity severity) {
  conditions_[key] = {since, text, severity, true};
}

}  // namespace coldwatch
