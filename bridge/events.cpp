#include "bridge/events.hpp"

#include <algorithm>

namespace coldwatch {
namespace {

constexpr std::size_t kMostEpochs = 8;
constexpr std::size_t kMostBegun = 1000;
constexpr std::size_t kMostBegunBytes = 256 * 1024;  // written anew with every event
constexpr std::size_t kBegunOverhead = 100;

/// Moves the mark of the event's epoch on; false where the event is not beyond it.
bool advance_mark(Fridge& fridge, const EventMessage& event) {
  auto& marks = fridge.marks;
  const auto known = std::ranges::find(marks, event.epoch, &EventMark::epoch);
  if (known != marks.end()) {
    if (event.seq <= known->seq) return false;
    known->seq = event.seq;
    return true;
  }
  if (marks.size() == kMostEpochs) marks.erase(marks.begin());
  marks.push_back({event.epoch, event.seq});
  return true;
}

/// A state has shown the alarm active within an episode that began and ended with these seqs. That a
/// later state was taken says nothing: after an outage the present one comes before the events.
bool was_seen(const Alarm* alarm, const EventMessage& raise, std::uint64_t end) {
  if (alarm == nullptr || alarm->message.epoch != raise.epoch) return false;
  return std::ranges::any_of(alarm->shown,
                             [&](std::uint64_t seq) { return seq >= raise.seq && seq < end; });
}

bool is_told_once(std::string_view type) {
  return type == "notice" || type == "snapshot" || type == "test" || type == "gap" ||
         type == "format_changed" || type == "fallback";
}

std::size_t begun_bytes(const Fridge& fridge) {
  std::size_t bytes = 0;
  for (const auto& [rule, event] : fridge.begun) {
    bytes += kBegunOverhead + rule.size() + event.text.size() + event.channel.size() +
             event.id.size() + event.file.size();
  }
  return bytes;
}

void note_beginning(Fridge& fridge, const EventMessage& event, const Alarm* alarm) {
  const bool is_present = alarm != nullptr && alarm->active() &&
                          alarm->message.epoch == event.epoch && alarm->message.seq <= event.seq;
  if (was_seen(alarm, event, event.seq + 1) || is_present) return;
  if (fridge.begun.size() >= kMostBegun || begun_bytes(fridge) >= kMostBegunBytes) return;
  fridge.begun[event.rule] = event;
}

}  // namespace

bool is_transition(std::string_view type) {
  return type == "raise" || type == "change" || type == "clear";
}

NotificationItem item_of(const AlarmKey& key, const EventMessage& event, Intent intent) {
  return {.intent = intent,
          .key = key,
          .severity = event.severity,
          .text = event.text,
          .channel = event.channel,
          .value = event.value,
          .unit = event.unit,
          .since = event.rule.empty() || event.since == UtcTime{} ? event.time : event.since,
          .cause = event.cause};
}

bool pass_event(Fridge& fridge, const EventMessage& event) { return advance_mark(fridge, event); }

bool forget_beginning(Fridge& fridge, const std::string& rule, const AlarmMessage& state) {
  const auto begun = fridge.begun.find(rule);
  if (begun == fridge.begun.end() || state.state != AlarmState::kActive) return false;
  if (begun->second.epoch != state.epoch || begun->second.seq != state.seq) return false;
  fridge.begun.erase(begun);
  return true;
}

EventVerdict take_event(Fridge& fridge, const EventMessage& event, const Alarm* alarm,
                        Milliseconds shortest) {
  EventVerdict verdict{.fresh = advance_mark(fridge, event)};
  if (!verdict.fresh) return verdict;
  const AlarmKey key{fridge.site, fridge.name, event.rule.empty() ? event.type : event.rule};
  const auto begun = fridge.begun.find(event.rule);
  if (is_told_once(event.type)) {
    if (event.text.empty()) return verdict;
    verdict.mention =
        item_of(key, event, event.replay ? Intent::kOccurredAndCleared : Intent::kNotice);
    if (event.replay) verdict.mention->until = event.time;
  } else if (event.type == "raise") {
    note_beginning(fridge, event, alarm);
  } else if (event.type == "change" && begun != fridge.begun.end()) {
    begun->second.severity = std::max(begun->second.severity, event.severity);
  } else if (event.type == "clear" && begun != fridge.begun.end()) {
    const EventMessage raise = begun->second;
    fridge.begun.erase(begun);
    if (was_seen(alarm, raise, event.seq)) return verdict;
    if (raise.replay || event.replay || event.time - raise.time >= shortest) {
      verdict.mention = item_of(key, raise, Intent::kOccurredAndCleared);
      verdict.mention->until = event.time;
    }
  }
  return verdict;
}

}  // namespace coldwatch
