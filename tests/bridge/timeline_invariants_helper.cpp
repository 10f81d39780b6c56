// What must hold at every moment of a timeline, seen from inside the bridge.
#include <algorithm>

#include "tests/bridge/timeline_helper.hpp"

namespace coldwatch {
namespace {

/// Its readers may know more than the bridge does while an attempt may have arrived.
bool may_have_arrived(const Teller& teller, const AlarmKey& key) {
  return std::ranges::any_of(teller.outbox().pending(), [&key](const auto& entry) {
    const auto names = [&key](const Mark& mark) { return mark.key == key; };
    return entry.second.frozen && std::ranges::any_of(entry.second.marks, names);
  });
}

bool is_open(const Told& told) {
  return told.shown == Shown::kActive || told.shown == Shown::kFlapping;
}

}  // namespace

void Lab::check_between_steps() {
  if (!bridge_) return;
  for (const auto& [name, teller] : bridge_->tellers()) {
    std::set<AlarmKey> open;
    for (const auto& [incident, conversation] : teller.conversations()) {
      for (const auto& [key, told] : conversation.told) {
        if (is_open(told) && !open.insert(key).second) fault(name + ": told twice as open");
        check_told(teller, key, told);
      }
    }
    for (const auto& [id, belief] : beliefs_) {
      const auto& [reader, key] = id;
      if (reader != name || !belief.open || open.contains(key)) continue;
      if (!may_have_arrived(teller, key)) fault(name + ": forgot that it told of " + key.rule);
    }
  }
}

/// One entry of what was told against what the reader believes and what is true by now.
void Lab::check_told(const Teller& teller, const AlarmKey& key, const Told& told) {
  const std::string what = teller.settings().name + " about " + key.fridge + "/" + key.rule;
  if (may_have_arrived(teller, key)) return;
  const Belief& belief = beliefs_[{teller.settings().name, key}];
  if (is_open(told) && !belief.open) fault(what + ": counts as told, but nobody read it");
  if (is_open(told) && belief.open && belief.severity != told.severity) {
    fault(what + ": another severity was read than counts as told");
  }
  const World world = bridge_->world();
  const Alarm* alarm = world.book.find(key);
  const bool can_be_told =
      now_ > quiet_until_ && teller.outbox().may_try(now_) && teller.outbox().pending().empty();
  if (!is_open(told) || alarm == nullptr || !alarm->active() || alarm->flapping || !can_be_told) {
    return;
  }
  // That a source is silent may have been said with another alarm of it.
  if (key.rule == "agent_offline") return;
  if (!gate_of(world, *alarm, teller.settings(), now_).open()) return;
  if (alarm->severity() > told.severity) fault(what + ": a rise in severity waits (I5)");
  if (told.muted && alarm->standing == Standing::kUnacknowledged) {
    fault(what + ": a gate has ended without a word (I7)");
  }
}

}  // namespace coldwatch
