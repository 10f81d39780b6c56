#include "bridge/teller.hpp"

#include <algorithm>

#include "bridge/alarms/routes.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kMostLines = 50;  // of one conversation; later ones only count up the last

void take_earlier(std::optional<UtcTime>& first, std::optional<UtcTime> other) {
  if (other && (!first || *other < *first)) first = other;
}

bool same_line(const NotificationItem& a, const NotificationItem& b) {
  return a.intent == b.intent && a.key == b.key && a.text == b.text;
}

}  // namespace

void Teller::configure(NotifierSettings settings) {
  settings_ = std::move(settings);
  outbox_.configure(settings_.limits);
}

Conversation& Teller::conversation(const std::string& incident) {
  Conversation& found = conversations_[incident];
  found.incident = incident;
  found.notifier = settings_.name;
  return found;
}

void Teller::touch(const std::string& incident, UtcTime at) {
  take_earlier(schedule_[incident].check_at, at);
  take_earlier(next_check_, at);
}

UtcTime Teller::earliest(const Alarm& alarm, const ReconcileSettings& settings, UtcTime now) const {
  if (!alarm.active() || alarm.flapping) return now;
  const auto known = conversations_.find(alarm.incident);
  if (known == conversations_.end() || known->second.told.empty()) {
    const bool critical = alarm.severity() == Severity::kCritical;
    return alarm.severity_at + (critical ? settings.critical_wait : settings.group_wait);
  }
  const bool waits = alarm.severity() != Severity::kCritical &&
                     !known->second.told.contains(alarm.key) && known->second.open();
  if (!waits || !known->second.last_sent) return now;
  return std::max(now, *known->second.last_sent + settings.update_interval);
}

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
    ++lines.back().count;
  }
  changed_conversations_.insert(incident);
  touch(incident, now);
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
  for (const AlarmKey& key : incident->members) {
    const Alarm* alarm = world.book.find(key);
    if (alarm == nullptr) continue;
    const bool here = alarm->incident == incident->id;
    Member member{.alarm = alarm,
                  .active = incident->active.contains(key),
                  .flapping = here && alarm->flapping,
                  .latched = here && alarm->standing == Standing::kReturned};
    const bool unattended = member.active && alarm->standing == Standing::kUnacknowledged;
    const Audience heard =
        audience(world.config, settings_.name, world.subject(*alarm),
                 unattended ? std::optional{alarm->unacknowledged_at} : std::nullopt, now);
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
  if (!next_check_ || *next_check_ > now) return;
  next_check_.reset();
  for (auto& [incident, schedule] : schedule_) {
    if (schedule.check_at && *schedule.check_at <= now) check(world, incident, now);
    take_earlier(next_check_, schedule.check_at);
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
  schedule.check_at = plan.silent.empty() ? plan.check_at : now;
  schedule.due = plan.due;
  if (plan.due && *plan.due < now) schedule.due = now;
  if (plan.due) due_.insert(incident);
  if (!plan.due) due_.erase(incident);
  schedule.severity = Severity::kInfo;
  for (const Planned& planned : plan.items) {
    schedule.severity = std::max(schedule.severity, world.book.find(planned.key)->severity());
  }
  if (!plan.due && outbox_.drop(incident)) changed_pending_.insert(incident);
}

std::vector<std::string> Teller::candidates(UtcTime now) const {
  std::vector<std::pair<Schedule, std::string>> due;
  const auto add = [&](const std::string& incident) {
    if (outbox_.takes(incident, now)) due.emplace_back(schedule_.at(incident), incident);
  };
  for (const std::string& incident : due_) {
    const Pending* waiting = outbox_.find(incident);
    const bool frozen = waiting != nullptr && waiting->frozen;
    if (!frozen && *schedule_.at(incident).due <= now) add(incident);
  }
  for (const auto& [subject, waiting] : outbox_.pending()) {
    if (waiting.frozen && subject != kDigestSubject) add(subject);
  }
  const auto attempts = [this](const std::string& incident) {
    const Pending* waiting = outbox_.find(incident);
    return waiting == nullptr ? 0 : waiting->attempts;
  };
  std::ranges::stable_sort(due, [&](const auto& a, const auto& b) {
    // One message that never gets through must not keep the others waiting for ever.
    constexpr int kPatience = 3;
    const int a_tries = attempts(a.second) / kPatience;
    const int b_tries = attempts(b.second) / kPatience;
    if (a_tries != b_tries) return a_tries < b_tries;
    if (a.first.severity != b.first.severity) return a.first.severity > b.first.severity;
    return a.first.due < b.first.due;
  });
  std::vector<std::string> incidents;
  for (auto& [schedule, incident] : due) incidents.push_back(incident);
  return incidents;
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
  Pending fresh = compose(world, told, plan, all, now);
  fresh.notification.id = ids.make_id(now);
  return fresh;
}

std::optional<Notification> Teller::next_message(const World& world, Incidents& ids, UtcTime now) {
  if (!outbox_.may_try(now)) return std::nullopt;
  const std::string digest{kDigestSubject};
  if (outbox_.find(digest) != nullptr) {
    if (!outbox_.drop(digest)) return start(digest, now);
    changed_pending_.insert(digest);
  }
  std::vector<std::string> due = candidates(now);
  // What was due may have become untrue while the notifier could not be tried.
  std::erase_if(due, [&](const std::string& incident) {
    const Pending* waiting = outbox_.find(incident);
    if (waiting != nullptr && waiting->frozen) return false;
    check(world, incident, now);
    take_earlier(next_check_, schedule_.at(incident).check_at);
    return !due_.contains(incident) || *schedule_.at(incident).due > now;
  });
  if (due.empty()) return std::nullopt;
  const bool alone = due.size() == 1 || outbox_.room(now) > 1;
  if (alone) {
    outbox_.put(due.front(), render(world, due.front(), ids, now));
    return start(due.front(), now);
  }
  std::vector<Pending> parts;
  for (const std::string& incident : due) {
    const Pending* waiting = outbox_.find(incident);
    if (waiting != nullptr && waiting->frozen) return start(incident, now);
    parts.push_back(render(world, incident, ids, now));
    outbox_.drop(incident);
    changed_pending_.insert(incident);
  }
  outbox_.put(digest, compose_digest(std::move(parts), ids.make_id(now)));
  return start(digest, now);
}

Notification Teller::start(const std::string& subject, UtcTime now) {
  note_attempt(*outbox_.find(subject));
  changed_pending_.insert(subject);
  return outbox_.start(subject, now);
}

/// From now on an alarm that ends before it could be told has to be mentioned.
void Teller::note_attempt(const Pending& pending) {
  for (const Mark& mark : pending.marks) {
    Conversation& told = conversation(mark.incident);
    if (mark.after && told.told.try_emplace(mark.key).second) {
      changed_conversations_.insert(mark.incident);
    }
  }
}

std::optional<Settled> Teller::finish(const DeliveryResult& result, UtcTime now) {
  auto settled = outbox_.finish(result, now);
  if (!settled) return settled;
  changed_pending_.insert(settled->subject);
  if (settled->outcome == Outcome::kSent) note_arrival(settled->pending, result.thread, now);
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
  std::optional<UtcTime> first = next_check_;
  std::optional<UtcTime> due;
  const auto consider = [&](const std::string& incident, UtcTime wanted) {
    const auto refused = outbox_.refused_until(incident);
    take_earlier(due, refused ? std::max(wanted, *refused) : wanted);
  };
  for (const std::string& incident : due_) consider(incident, *schedule_.at(incident).due);
  for (const auto& [subject, waiting] : outbox_.pending()) {
    if (waiting.frozen && subject != kDigestSubject) consider(subject, now);
  }
  const Pending* digest = outbox_.find(std::string{kDigestSubject});
  if (digest != nullptr && digest->frozen) due = now;
  const auto free = outbox_.next(now);
  if (due && free) take_earlier(first, std::max(*due, *free));
  return first;
}

std::size_t Teller::waiting(UtcTime now) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      due_, [&](const std::string& incident) { return *schedule_.at(incident).due <= now; }));
}

bool Teller::done_with(const std::string& incident) const {
  const auto known = conversations_.find(incident);
  if (known == conversations_.end()) return true;
  return known->second.told.empty() && known->second.lines.empty() &&
         outbox_.find(incident) == nullptr;
}

void Teller::drop(const std::string& incident) {
  due_.erase(incident);
  schedule_.erase(incident);
  if (conversations_.erase(incident) > 0) changed_conversations_.insert(incident);
}

void Teller::restore(const std::string& subject, Pending pending) {
  if (subject != kDigestSubject) schedule_[subject];
  outbox_.restore(subject, std::move(pending));
}

void Teller::restore(Conversation conversation) {
  schedule_[conversation.incident];
  const std::string incident = conversation.incident;
  conversations_.insert_or_assign(incident, std::move(conversation));
}

}  // namespace coldwatch
