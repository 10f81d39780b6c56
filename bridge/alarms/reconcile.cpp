#include "bridge/alarms/reconcile.hpp"

#include <algorithm>

#include "bridge/deadlines.hpp"

namespace coldwatch {
namespace {

std::optional<Intent> while_flapping(const Member& member, const Told& told) {
  const Alarm& alarm = *member.alarm;
  if (told.shown != Shown::kFlapping) {
    return member.gate.open() && member.routed ? std::optional{Intent::kFlap} : std::nullopt;
  }
  if (!member.active) return std::nullopt;
  if (alarm.severity() > told.severity && member.gate.open()) return Intent::kEscalate;
  if (alarm.stale && !told.stale) return Intent::kStale;
  return std::nullopt;
}

std::optional<Intent> while_told(const Member& member, const Told& told) {
  const Alarm& alarm = *member.alarm;
  const bool open = member.gate.open();
  const bool unattended = alarm.standing == Standing::kUnacknowledged;
  if (alarm.severity() > told.severity && open) return Intent::kEscalate;
  if (alarm.stale && !told.stale) return Intent::kStale;
  if (told.shown == Shown::kFlapping && open) return Intent::kStill;
  if (alarm.realarms > told.realarms && unattended && open) return Intent::kRealarm;
  if (told.muted && unattended && open) return Intent::kStill;
  if (!alarm.stale && told.stale) return Intent::kFresh;
  if (alarm.severity() < told.severity && open) return Intent::kLower;
  return std::nullopt;
}

std::optional<Intent> after_the_end(const Member& member, const Told* told) {
  const bool latched = member.latched;
  const bool unseen = told == nullptr || told->shown == Shown::kNothing;
  if (told != nullptr && told->shown == Shown::kReturned) return std::nullopt;
  if (!unseen) return latched ? Intent::kReturnUnacked : Intent::kClear;
  // A latching alarm asks for a person even where it ended before anybody was to be told.
  const bool to_mention = told != nullptr || (latched && member.routed && member.gate.open());
  return to_mention ? std::optional{Intent::kOccurredAndCleared} : std::nullopt;
}

bool is_end(Intent intent) {
  return intent == Intent::kClear || intent == Intent::kReturnUnacked ||
         intent == Intent::kOccurredAndCleared;
}

std::optional<Told> told_after(const Member& member, Intent intent) {
  const Alarm& alarm = *member.alarm;
  if (is_end(intent) && !member.latched) return std::nullopt;
  return Told{.shown = is_end(intent)    ? Shown::kReturned
                       : member.flapping ? Shown::kFlapping
                                         : Shown::kActive,
              .severity = alarm.severity(),
              .realarms = alarm.realarms,
              .episode = alarm.episode,
              .stale = alarm.stale};
}

/// Collects the plan of one conversation, member by member.
class Planner {
 public:
  Planner(const Conversation& conversation, std::span<const Member> members,
          const ReconcileSettings& settings, UtcTime now)
      : conversation_(conversation),
        members_(members),
        settings_(settings),
        now_(now),
        open_(conversation.open()),
        all_clear_(std::ranges::none_of(members, &Member::active)) {}

  Plan make() {
    if (!open_) plan_.items.reserve(members_.size());  // of a first message all are news
    for (const Member& member : members_) consider(member);
    for (const Line& line : conversation_.lines) {
      take_earlier(plan_.due, open_ ? batched() : line.at + settings_.group_wait);
    }
    repeat();
    return std::move(plan_);
  }

 private:
  void consider(const Member& member) {
    const auto known = conversation_.told.find(member.alarm->key);
    const Told* told = known == conversation_.told.end() ? nullptr : &known->second;
    wait_for_changes(member, told);
    const auto intent = difference(member, told);
    if (!intent) {
      if (told != nullptr) note_silence(member, *told);
      return;
    }
    if (is_end(*intent) && !settings_.send_end && *intent != Intent::kOccurredAndCleared) {
      plan_.silent.emplace_back(member.alarm->key, told_after(member, *intent));
      return;
    }
    add(member, *intent);
    if (!member.covered) take_earlier(plan_.due, due(member, *intent));
  }

  void add(const Member& member, Intent intent) {
    plan_.items.push_back({member.alarm->key, intent, told_after(member, intent)});
  }

  /// Gates that end and routes that begin by time alone.
  void wait_for_changes(const Member& member, const Told* told) {
    if (member.active || told != nullptr) {
      if (member.gate.until && *member.gate.until > now_) {
        take_earlier(plan_.check_at, member.gate.until);
      }
      if (member.routed_from && *member.routed_from > now_) {
        take_earlier(plan_.check_at, member.routed_from);
      }
    }
  }

  void note_silence(const Member& member, const Told& told) {
    if (told.shown == Shown::kReturned && !member.active && !member.latched) {
      plan_.silent.emplace_back(member.alarm->key, std::nullopt);
    }
    if (told.shown != Shown::kActive && told.shown != Shown::kFlapping) return;
    if (member.active && !member.gate.open() && !told.muted) {
      Told muted = told;
      muted.muted = true;
      plan_.silent.emplace_back(member.alarm->key, muted);
    }
    const bool repeats = member.active && member.routed && member.gate.open() && !member.flapping &&
                         member.alarm->standing == Standing::kUnacknowledged;
    const auto interval = settings_.repeat[static_cast<std::size_t>(member.alarm->severity())];
    if (!repeats || interval == Milliseconds{0} || !conversation_.last_loud) return;
    repeating_.push_back(&member);
    const UtcTime from = std::max(*conversation_.last_loud, member.alarm->unacknowledged_at);
    take_earlier(repeat_due_, from + interval);
  }

  /// One reminder names everything that still waits for somebody, not only what is due first.
  void repeat() {
    if (!repeat_due_) return;
    if (*repeat_due_ > now_) return take_earlier(plan_.check_at, repeat_due_);
    for (const Member* member : repeating_) add(*member, Intent::kRepeat);
    take_earlier(plan_.due, repeat_due_);
    std::ranges::sort(plan_.items, {}, &Planned::key);
  }

  UtcTime batched() const {
    return conversation_.last_sent ? *conversation_.last_sent + settings_.update_interval : now_;
  }

  UtcTime due(const Member& member, Intent intent) const {
    const Alarm& alarm = *member.alarm;
    const bool critical = alarm.severity() == Severity::kCritical;
    switch (intent) {
      case Intent::kOpen:
        if (open_) return critical ? now_ : batched();
        return critical ? std::min(alarm.raised_at + settings_.group_wait,
                                   alarm.severity_at + settings_.critical_wait)
                        : alarm.raised_at + settings_.group_wait;
      case Intent::kOccurredAndCleared:
        return std::max(now_, alarm.raised_at + settings_.group_wait);
      case Intent::kClear:
      case Intent::kReturnUnacked:
        return all_clear_ ? now_ : batched();
      case Intent::kLower:
      case Intent::kFresh:
        return batched();
      default:
        return now_;
    }
  }

  const Conversation& conversation_;
  std::span<const Member> members_;
  const ReconcileSettings& settings_;
  UtcTime now_;
  bool open_;
  bool all_clear_;
  Plan plan_;
  std::optional<UtcTime> repeat_due_;
  std::vector<const Member*> repeating_;
};

}  // namespace

std::optional<Intent> difference(const Member& member, const Told* told) {
  const bool shown =
      told != nullptr && (told->shown == Shown::kActive || told->shown == Shown::kFlapping);
  if (member.flapping) return while_flapping(member, told != nullptr ? *told : Told{});
  if (!member.active) return after_the_end(member, told);
  if (shown) return while_told(member, *told);
  const bool attempted =
      told != nullptr && (told->shown == Shown::kNothing || told->shown == Shown::kInDoubt);
  const bool wanted =
      attempted || (member.routed && member.alarm->standing == Standing::kUnacknowledged);
  return wanted && member.gate.open() ? std::optional{Intent::kOpen} : std::nullopt;
}

bool is_told_to_flap(const Alarm& alarm, const Conversation& conversation) {
  const auto told = conversation.told.find(alarm.key);
  return told != conversation.told.end() && told->second.shown == Shown::kFlapping &&
         alarm.severity() <= told->second.severity && alarm.stale == told->second.stale;
}

Plan reconcile(const Conversation& conversation, std::span<const Member> members,
               const ReconcileSettings& settings, UtcTime now) {
  return Planner{conversation, members, settings, now}.make();
}

}  // namespace coldwatch
