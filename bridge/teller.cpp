#include "bridge/teller.hpp"

#include <algorithm>

#include "bridge/alarms/routes.hpp"
#include "bridge/watch/own_alarms.hpp"

namespace coldwatch {
Conversation& Teller::conversation(const std::string& incident) {
  Conversation& found = conversations_[incident];
  found.incident = incident;
  found.notifier = settings_.name;
  return found;
}

void Teller::touch(const std::string& incident, UtcTime at) {
  const auto known = checks_.of(incident);
  checks_.set(incident, known ? std::min(*known, at) : at);
  Schedule& schedule = schedule_[incident];
  if (schedule.order == 0) schedule.order = ++incidents_;
  schedule.checked.reset();
}

UtcTime Teller::earliest(const Alarm& alarm, const Incident& incident,
                         const ReconcileSettings& settings, UtcTime now) const {
  const auto known = conversations_.find(alarm.incident);
  const bool nothing_told = known == conversations_.end() || known->second.told.empty();
  if (alarm.flapping && (nothing_told || !is_told_to_flap(alarm, known->second))) return now;
  if (alarm.flapping) return incident.active.empty() ? now : now + kFlappingPause;
  const bool critical = alarm.severity() == Severity::kCritical;
  if (nothing_told && alarm.active()) {
    return alarm.severity_at + (critical ? settings.critical_wait : settings.group_wait);
  }
  if (nothing_told || !known->second.last_sent || !known->second.open()) return now;
  const auto told = known->second.told.find(alarm.key);
  const bool is_told = told != known->second.told.end();
  // A new warning and a partial end wait for the next message of the incident anyway.
  const bool shown = is_told && told->second.shown == Shown::kActive;
  const bool partial_end = alarm.standing == Standing::kNormal && settings_.send_end &&
                           !incident.active.empty() && (shown || !is_told);
  const bool waits = alarm.active() ? !critical && !is_told : partial_end;
  return waits ? std::max(now, *known->second.last_sent + settings.update_interval) : now;
}

bool Teller::is_covered(const Alarm& alarm) const {
  if (alarm.key.rule != "agent_offline") return false;
  return std::ranges::any_of(conversations_, [&alarm](const auto& entry) {
    return std::ranges::any_of(entry.second.told, [&alarm](const auto& told) {
      return told.second.stale && told.first.fridge == alarm.key.fridge &&
             told.first.site == alarm.key.site;
    });
  });
}

std::vector<Member> Teller::members(const World& world, const Conversation& conversation,
                                    UtcTime now) const {
  std::vector<Member> members;
  const Incident* incident = world.incidents.find(conversation.incident);
  if (incident == nullptr) return members;
  members.reserve(incident->members.size());
  // Both sets are in the same order: ten thousand members are not searched for one by one.
  auto active = incident->active.begin();
  for (const AlarmKey& key : incident->members) {
    while (active != incident->active.end() && *active < key) ++active;
    const Alarm* alarm = world.book.find(key);
    if (alarm == nullptr) continue;
    const bool here = alarm->incident == incident->id;
    Member member{.alarm = alarm,
                  .active = active != incident->active.end() && *active == key,
                  .flapping = here && alarm->flapping,
                  .latched = here && alarm->standing == Standing::kReturned};
    const bool unattended = member.active && alarm->standing == Standing::kUnacknowledged;
    const Audience heard = audience(
        world.config, settings_.name, world.subject(*alarm),
        unattended ? std::optional{alarm->unacknowledged_at} : std::nullopt, world.zone, now);
    member.routed = heard.routed;
    member.step = heard.step;
    member.routed_from = heard.from;
    if (member.routed || conversation.told.contains(key)) {
      member.gate = gate_of(world, *alarm, settings_, now);
    }
    member.covered = is_covered(*alarm);
    members.push_back(member);
  }
  return members;
}

void Teller::plan(const World& world, UtcTime now) {
  while (const std::string* due = checks_.due(now)) {
    const std::string incident = *due;
    checks_.set(incident, std::nullopt);
    check(world, incident, now);
  }
}

void Teller::check(const World& world, const std::string& incident, UtcTime now) {
  Conversation& told = conversation(incident);
  ReconcileSettings settings = world.config.reconcile;
  settings.send_end = settings_.send_end;
  const Plan plan = reconcile(told, members(world, told, now), settings, now);
  for (const auto& [key, after] : plan.silent) {
    if (after) told.told[key] = *after;
    if (!after) told.told.erase(key);
    changed_conversations_.insert(incident);
  }
  Schedule& schedule = schedule_[incident];
  schedule.checked = now;
  checks_.set(incident, plan.silent.empty() ? plan.check_at : now);
  schedule.due = plan.due;
  if (plan.due && *plan.due < now) schedule.due = now;
  leave_to_others(told, plan, world.told_later, schedule);
  schedule.severity = Severity::kInfo;
  for (const Planned& planned : plan.items) {
    schedule.severity = std::max(schedule.severity, world.book.find(planned.key)->severity());
  }
  if (!plan.due && outbox_.drop(incident)) changed_pending_.insert(incident);
  place(incident, now);
}

/// Puts an incident where it belongs by now: among those that can be told, later, or nowhere.
void Teller::place(const std::string& incident, UtcTime now) {
  if (incident == kDigestSubject) return;
  Schedule& schedule = schedule_[incident];
  if (schedule.rank) ready_.erase(*schedule.rank);
  schedule.rank.reset();
  const Pending* waiting = outbox_.find(incident);
  const bool frozen = waiting != nullptr && waiting->frozen;
  std::optional<UtcTime> at = frozen ? std::optional{now} : schedule.due;
  if (at && !frozen && schedule.severity != Severity::kCritical) {
    at = after_rush(std::max(*at, now), outbox_.limits());
  }
  const auto refused = outbox_.refused_until(incident);
  if (at && refused) at = std::max(*at, *refused);
  const bool is_ready = at && *at <= now;
  upcoming_.set(incident, is_ready ? std::nullopt : at);
  if (!is_ready) return;
  // One message that never gets through must not keep the others waiting for ever.
  constexpr int kPatience = 3;
  schedule.rank = Rank{waiting == nullptr ? 0 : waiting->attempts / kPatience,
                       -static_cast<int>(schedule.severity), schedule.due.value_or(UtcTime{}),
                       schedule.order, incident};
  ready_.insert(*schedule.rank);
}

void Teller::make_ready(UtcTime now) {
  while (const std::string* due = upcoming_.due(now)) place(std::string{*due}, now);
}

Pending Teller::render(const World& world, const std::string& incident, Incidents& ids,
                       UtcTime now) {
  const Pending* waiting = outbox_.find(incident);
  if (waiting != nullptr && waiting->frozen) return *waiting;
  const Conversation& told = conversation(incident);
  ReconcileSettings settings = world.config.reconcile;
  settings.send_end = settings_.send_end;
  const std::vector<Member> all = members(world, told, now);
  const Plan plan = reconcile(told, all, settings, now);
  Pending fresh = compose(world, told, plan, all, settings_.texts, now);
  fresh.notification.id = ids.make_id(now);
  return fresh;
}

std::optional<Notification> Teller::next_message(const World& world, Incidents& ids, UtcTime now) {
  if (!outbox_.may_try(now)) return std::nullopt;
  const std::string digest{kDigestSubject};
  const Pending* digested = outbox_.find(digest);
  if (digested != nullptr && digested->frozen) return start(digest, now);
  make_ready(now);
  const int common_room = outbox_.room(now) - outbox_.reserve();
  const bool only_critical = common_room <= 0;
  const auto first = first_due(world, only_critical, now);
  const bool together = first && sends_digest(only_critical, now);
  if (!together && outbox_.drop(digest)) changed_pending_.insert(digest);
  if (!first) return std::nullopt;
  if (together) return send_digest(world, ids, now);
  outbox_.put(*first, render(world, *first, ids, now));
  return start(*first, now);
}

/// Whether everything that is ready goes in one message.
bool Teller::sends_digest(bool only_critical, UtcTime now) const {
  if (!outbox_.limits().digests || ready_.size() == 1) return false;
  const int room = outbox_.room(now) - (only_critical ? 0 : outbox_.reserve());
  return room <= 1 || outbox_.after_outage(now);
}

/// Within a patience what is critical stands first.
const Teller::Rank* Teller::first_critical() const {
  constexpr int kCritical = -static_cast<int>(Severity::kCritical);
  auto rank = ready_.begin();
  while (rank != ready_.end() && rank->mildness != kCritical) {
    rank = ready_.lower_bound(Rank{rank->patience + 1, kCritical, UtcTime::min(), {}});
  }
  return rank == ready_.end() ? nullptr : &*rank;
}

/// The incident that is the next to be told.
std::optional<std::string> Teller::first_due(const World& world, bool only_critical, UtcTime now) {
  for (;;) {
    const Rank* rank = only_critical ? first_critical() : nullptr;
    if (!only_critical && !ready_.empty()) rank = &*ready_.begin();
    if (rank == nullptr) return std::nullopt;
    const std::string incident = rank->incident;
    if (is_still_due(world, incident, now)) return incident;
  }
}

/// What was due may have become untrue while the notifier could not be tried; then it leaves ready_.
bool Teller::is_still_due(const World& world, const std::string& incident, UtcTime now) {
  const Pending* waiting = outbox_.find(incident);
  if (waiting != nullptr && waiting->frozen) return true;
  const Schedule& schedule = schedule_.at(incident);
  if (schedule.checked != now) check(world, incident, now);
  return schedule.rank.has_value();
}

/// Everything that is ready, in one message. One that may have arrived before goes by itself.
Notification Teller::send_digest(const World& world, Incidents& ids, UtcTime now) {
  std::vector<std::string> due;
  for (const Rank& rank : std::set<Rank>{ready_}) {
    if (is_still_due(world, rank.incident, now)) due.push_back(rank.incident);
  }
  const std::string digest{kDigestSubject};
  std::vector<Pending> parts;
  for (const std::string& incident : due) {
    const Pending* waiting = outbox_.find(incident);
    if (waiting != nullptr && waiting->frozen) return start(incident, now);
    parts.push_back(render(world, incident, ids, now));
    outbox_.drop(incident);
    changed_pending_.insert(incident);
  }
  outbox_.put(digest, compose_digest(std::move(parts), ids.make_id(now), settings_.texts));
  return start(digest, now);
}

Notification Teller::start(const std::string& subject, UtcTime now) {
  note_attempt(*outbox_.find(subject));
  changed_pending_.insert(subject);
  const Notification& message = outbox_.start(subject, now);
  place(subject, now);
  return message;
}

/// From now on an alarm that ends before it could be told has to be mentioned.
void Teller::note_attempt(const Pending& pending) {
  for (const Mark& mark : pending.marks) {
    Conversation& told = conversation(mark.incident);
    const Told attempted{.episode = mark.after ? mark.after->episode : 0};
    if (mark.after && told.told.try_emplace(mark.key, attempted).second) {
      changed_conversations_.insert(mark.incident);
    }
  }
}

std::optional<Settled> Teller::finish(const DeliveryResult& result, UtcTime now) {
  auto settled = outbox_.finish(result, now);
  if (!settled) return settled;
  changed_pending_.insert(settled->subject);
  if (settled->outcome == Outcome::kSent) note_arrival(settled->pending, result.thread, now);
  place(settled->subject, now);
  if (settled->subject == kDigestSubject) {
    for (const Mark& mark : settled->pending.marks) touch(mark.incident, now);
  } else {
    touch(settled->subject, now);
  }
  return settled;
}

void Teller::note_arrival(const Pending& pending, const std::string& thread, UtcTime now) {
  std::set<std::string> incidents;
  for (const Mark& mark : pending.marks) {
    auto& told = conversation(mark.incident).told;
    if (mark.after) told[mark.key] = *mark.after;
    if (!mark.after) told.erase(mark.key);
    incidents.insert(mark.incident);
  }
  for (const auto& [incident, count] : pending.lines) {
    auto& lines = conversation(incident).lines;
    lines.erase(lines.begin(),
                lines.begin() + static_cast<std::ptrdiff_t>(std::min(count, lines.size())));
    incidents.insert(incident);
  }
  const Notification& message = pending.notification;
  for (const std::string& incident : incidents) {
    forget_told_lines(incident, message);
    Conversation& told = conversation(incident);
    told.last_sent = now;
    if (!message.quiet || !told.last_loud) told.last_loud = now;
    if (message.incident == incident) {
      ++told.number;
      if (told.title.empty()) told.title = message.title;
      if (told.thread.empty()) told.thread = thread;
    }
    changed_conversations_.insert(incident);
    touch(incident, now);
  }
}

std::optional<UtcTime> Teller::next(UtcTime now) const {
  std::optional<UtcTime> first = checks_.next();
  const Pending* digest = outbox_.find(std::string{kDigestSubject});
  const bool urgent = first_critical() != nullptr || (digest != nullptr && digest->frozen);
  const auto free = outbox_.next(now);
  if (!free) return first;
  if (const auto due = upcoming_.next()) take_earlier(first, std::max(*due, *free));
  if (urgent) take_earlier(first, std::max(now, *free));
  if (!ready_.empty()) {
    take_earlier(first, std::max(now, *outbox_.next(now, 1 + outbox_.reserve())));
  }
  return first;
}

bool Teller::done_with(const std::string& incident) const {
  const auto known = conversations_.find(incident);
  if (known == conversations_.end()) return true;
  return known->second.told.empty() && known->second.lines.empty() &&
         outbox_.find(incident) == nullptr;
}

void Teller::drop(const std::string& incident) {
  checks_.set(incident, std::nullopt);
  upcoming_.set(incident, std::nullopt);
  const auto known = schedule_.find(incident);
  if (known != schedule_.end()) {
    if (known->second.rank) ready_.erase(*known->second.rank);
    schedule_.erase(known);
  }
  if (conversations_.erase(incident) > 0) changed_conversations_.insert(incident);
}

void Teller::restore(const std::string& subject, Pending pending, UtcTime now) {
  outbox_.restore(subject, std::move(pending));
  place(subject, now);
}

void Teller::restore(Conversation conversation) {
  conversations_[conversation.incident] = std::move(conversation);
}

}  // namespace coldwatch
