#include "bridge/bridge.hpp"

#include <algorithm>

#include "bridge/alarms/routes.hpp"

namespace coldwatch {
namespace {

constexpr Milliseconds kBrokenHold = std::chrono::minutes{1};
constexpr Milliseconds kRetirePause = std::chrono::minutes{1};

Milliseconds silence_of(const BridgeConfig& config) {
  return config.own_alarms.at("agent_offline").hold;
}

std::string_view history_word(Reason reason) {
  switch (reason) {
    case Reason::kBegan:
      return "began";
    case Reason::kRose:
      return "rose in severity";
    case Reason::kFell:
      return "fell in severity";
    case Reason::kEnded:
      return "ended";
    case Reason::kReturned:
      return "returned to normal, not acknowledged";
    case Reason::kAcknowledged:
      return "acknowledged";
    case Reason::kUnacknowledged:
      return "acknowledgement taken back";
    case Reason::kRealarmed:
      return "acknowledgement ran out";
    case Reason::kNothing:
      break;
  }
  return "";
}

}  // namespace

Bridge::Bridge(BridgeConfig config, TimeZone zone, IdMaker ids, UtcTime now, Milliseconds grace)
    : config_(std::move(config)),
      zone_(std::move(zone)),
      topics_(config_.root, config_.site),
      book_(config_.book),
      incidents_(config_.grouping_by, config_.reopen_window, ids),
      inhibitions_(config_.inhibit, config_.inhibit_hold),
      fridges_(silence_of(config_)),
      own_(config_.own_alarms),
      others_{.peers = {config_.bridge, config_.rank, config_.rank_delay}},
      itself_{.site = config_.site, .name = kBridgeItself},
      quiet_until_(now + grace),
      events_held_until_(now + grace) {
  for (const NotifierSettings& notifier : config_.notifiers) {
    tellers_.emplace(notifier.name, Teller{notifier});
  }
}

World Bridge::world() const {
  return {config_,
          book_,
          incidents_,
          inhibitions_,
          shelves_.all(),
          recent_,
          zone_,
          fridges_.all().size(),
          others_.told_later,
          others_.cut_off};
}

void Bridge::configure(BridgeConfig config, TimeZone zone, UtcTime now) {
  config_ = std::move(config);
  zone_ = std::move(zone);
  book_.configure(config_.book);
  incidents_.configure(config_.grouping_by, config_.reopen_window);
  fridges_.configure(silence_of(config_));
  own_.configure(config_.own_alarms);
  others_.peers.configure(config_.rank, config_.rank_delay);
  std::erase_if(tellers_,
                [this](const auto& entry) { return config_.notifier(entry.first) == nullptr; });
  for (const NotifierSettings& notifier : config_.notifiers) {
    const auto [entry, added] = tellers_.try_emplace(notifier.name, Teller{notifier});
    if (!added) entry->second.configure(notifier);
  }
  infos_.forget();
  set_sources(now);
  touch_all(now);
  retire_at_ = now;
}

void Bridge::set_sources(UtcTime now) {
  inhibitions_ = Inhibitions{config_.inhibit, config_.inhibit_hold};
  for (const auto& [key, alarm] : book_.alarms()) {
    inhibitions_.note(alarm, world().subject(alarm), now);
  }
}

void Bridge::touch_all(UtcTime now) {
  for (auto& [name, teller] : tellers_) {
    for (const auto& [id, incident] : incidents_.all()) teller.touch(id, now);
  }
  for (const auto& [key, alarm] : book_.alarms()) {
    if (alarm.active()) unpublished_.insert(key);
  }
}

void Bridge::on_connection(bool connected, const std::string& why, UtcTime now) {
  fridges_.set_connected(connected, now);
  const AlarmKey key = own_key("broker_lost");
  if (connected) {
    others_.peers.connected(now);
    others_.collect(now, config_.start_grace);
    say_everything(now);
    infos_.forget();
    own_.end(key);
    // What was published meanwhile comes again in its order; until then nothing is confirmed.
    events_held_until_ = std::max(events_held_until_, now + config_.start_grace);
  } else {
    others_.peers.disconnected();
    own_.begin(key, "broker_lost", "the connection to the broker is lost: " + why, now);
  }
}

void Bridge::set_own_alarm(const std::string& kind, bool holds, const std::string& text,
                           UtcTime now) {
  if (holds) own_.begin(own_key(kind), kind, text, now);
  if (!holds) own_.end(own_key(kind));
}

void Bridge::on_result(const DeliveryResult& result, UtcTime now) {
  const auto found = tellers_.find(result.notifier);
  if (found == tellers_.end()) return;
  const auto settled = found->second.finish(result, now);
  if (!settled) return;
  const Notification& message = settled->pending.notification;
  out_.publications.push_back(delivery_publication(topics_, config_.bridge, message, result,
                                                   settled->pending.attempts, now));
  out_.changes.history.push_back(
      {now, "delivery", "", "",
       result.notifier + ": " + std::string{word(result.outcome)} + ": " + message.title,
       out_.publications.back().payload});
  const Outbox& outbox = found->second.outbox();
  const AlarmKey key = own_key(kNotifierFailing + result.notifier);
  if (const auto since = outbox.failing_since()) {
    own_.begin(key, "notifier_failing",
               "messages through " + result.notifier + " do not arrive: " + result.detail, *since,
               outbox.broken() ? std::optional{kBrokenHold} : std::nullopt);
  } else if (result.outcome == Outcome::kSent) {
    own_.end(key);
    share(settled->pending, now);
  }
}

const Pending* Bridge::pending(const DeliveryResult& result) const {
  const auto teller = tellers_.find(result.notifier);
  if (teller == tellers_.end()) return nullptr;
  for (const auto& [subject, waiting] : teller->second.outbox().pending()) {
    if (waiting.notification.id == result.notification) return &waiting;
  }
  return nullptr;
}

void Bridge::follow_fridges() {
  const auto each_alarm = [this](const FridgeId& id, const auto& act) {
    auto entry = book_.alarms().lower_bound({id.first, id.second, ""});
    for (; entry != book_.alarms().end(); ++entry) {
      const Alarm& alarm = entry->second;
      if (alarm.key.site != id.first || alarm.key.fridge != id.second) break;
      if (alarm.message.epoch != kOwnEpoch && alarm.active()) act(alarm.key);
    }
  };
  for (const LivenessChange& change : fridges_.take_changes()) {
    const AlarmKey key{change.id.first, change.id.second, "agent_offline"};
    if (!change.offline) {
      own_.end(key);
      continue;
    }
    own_.begin(key, "agent_offline", "the agent is silent: " + change.why, change.since);
    each_alarm(change.id, [this](const AlarmKey& one) { book_.set_stale(one, true); });
  }
  for (const FridgeId& id : fridges_.take_settled()) {
    each_alarm(id, [this](const AlarmKey& one) { book_.set_stale(one, false); });
  }
}

void Bridge::follow_change(const BookChange& change, UtcTime now) {
  const Alarm& alarm = *book_.find(change.key);
  const Subject subject = world().subject(alarm);
  changed_alarms_.insert(change.key);
  if (others_.heard.contains(change.key)) others_.to_take.insert(change.key);
  unpublished_.insert(change.key);
  if (change.reason == Reason::kBegan) {
    const Incident& incident = place(
        subject, [&alarm] { return incident_id(alarm); }, now);
    book_.assign_incident(change.key, incident.id);
    incidents_.begin(incident.id, change.key);
  } else if (change.reason == Reason::kEnded || change.reason == Reason::kReturned) {
    for (auto& [name, teller] : tellers_) {
      const bool hears = audience(config_, name, subject, std::nullopt, zone_, now).routed &&
                         gate_of(world(), alarm, teller.settings(), now).open();
      if (hears) teller.episode_ended(alarm, config_.reconcile, now);
    }
    incidents_.end(alarm.incident, change.key, now);
    take_earlier(retire_at_, now + config_.reopen_window);
  }
  touch_all_ |= inhibitions_.note(alarm, subject, now);
  if (const Incident* incident = incidents_.find(alarm.incident)) {
    for (auto& [name, teller] : tellers_) {
      teller.touch(incident->id, teller.earliest(alarm, *incident, config_.reconcile, now));
    }
  }
  const std::string_view what = history_word(change.reason);
  if (what.empty()) return;
  out_.changes.history.push_back({now, "alarm", alarm.key.fridge, alarm.key.rule,
                                  std::string{what} + ": " + alarm.message.text,
                                  history_body(world(), alarm, now)});
}

void Bridge::follow_book(UtcTime now) {
  retire_incidents(now);
  for (const BookChange& change : book_.take_changes()) follow_change(change, now);
  if (std::exchange(touch_all_, false)) touch_all(now);
}

void Bridge::expire(UtcTime now) {
  const bool shelf_ended = shelves_.expire(now);
  if (shelf_ended || (hold_ends_ && *hold_ends_ <= now)) touch_all(now);
  hold_ends_ = inhibitions_.next(now);
  if (drops_.stopped(now)) own_.end(own_key("messages_dropped"));
}

bool Bridge::done_with(const Incident& incident, UtcTime now) const {
  return incidents_.over(incident, now) && std::ranges::all_of(tellers_, [&](const auto& entry) {
           return entry.second.done_with(incident.id);
         });
}

void Bridge::drop(const std::string& incident) {
  for (auto& [name, teller] : tellers_) teller.drop(incident);
  incidents_.drop(incident);
}

/// The incident of what begins now; one that is over is not opened again.
const Incident& Bridge::place(const Subject& subject, const IdSource& make_id, UtcTime now) {
  const Incident* newest = incidents_.newest(subject);
  if (newest != nullptr && !done_with(*newest, now)) return *newest;
  if (newest != nullptr) drop(std::string{newest->id});
  return incidents_.place(subject, make_id(), now);
}

/// Forgets incidents that are over and of which nothing waits to be told, now and then.
void Bridge::retire_incidents(UtcTime now) {
  if (!retire_at_ || *retire_at_ >= now) return;
  retire_at_.reset();
  std::vector<std::string> over;
  for (const auto& [id, incident] : incidents_.all()) {
    if (!incident.ended_at || !incident.active.empty()) continue;
    if (done_with(incident, now)) {
      over.push_back(id);
    } else {
      take_earlier(retire_at_,
                   std::max(now + kRetirePause, *incident.ended_at + config_.reopen_window));
    }
  }
  for (const std::string& id : over) drop(id);
}

std::optional<Publication> Bridge::next_book(UtcTime now) {
  while (const auto key = unpublished_.take()) {
    const Alarm& alarm = *book_.find(*key);
    // Its change is not stored yet; with that it comes again.
    if (alarm.unread || key->site != config_.site) continue;
    Publication publication = book_publication(world(), topics_, alarm, now);
    const bool over = publication.payload.empty();
    if (over && published_.erase(*key) == 0) continue;
    if (!over) published_.insert(*key);
    return publication;
  }
  return std::nullopt;
}

/// Another bridge may have told meanwhile what is news here: that comes first.
UtcTime Bridge::send_from() const {
  return others_.peers.known() ? std::max(quiet_until_, others_.collected_at) : quiet_until_;
}

void Bridge::send(UtcTime now) {
  if (now < send_from()) return;
  recent_.begin(book_, now);
  const World seen = world();
  for (auto& [name, teller] : tellers_) {
    teller.plan(seen, now);
    if (auto message = teller.next_message(seen, incidents_, now)) {
      out_.notifications.push_back(std::move(*message));
    }
  }
}

Actions Bridge::step(UtcTime now) {
  others_.note_step(now);
  fridges_.advance(now);
  follow_fridges();
  follow_intake(now);
  follow_infos(now);
  follow_peers(now);
  follow_events(now);
  for (const auto& [site, fridge] : awaited_.due(book_, fridges_, now)) {
    if (site == config_.site) out_.publications.push_back(announce_command(topics_, fridge));
  }
  for (const auto& [key, message] : own_.advance(now, [this](const AlarmKey& key) {
         const Alarm* alarm = book_.find(key);
         return alarm == nullptr ? 0 : alarm->message.seq;
       })) {
    book_.take(key, message, now);
  }
  book_.advance(now);
  follow_book(now);
  expire(now);
  send(now);
  if (now >= quiet_until_) close_old_entries();
  collect_rows(now);
  return std::exchange(out_, {});
}

std::optional<UtcTime> Bridge::next(UtcTime now) const {
  std::optional<UtcTime> first = book_.next();
  take_earlier(first, fridges_.next());
  take_earlier(first, own_.next());
  take_earlier(first, intake_.next());
  take_earlier(first, infos_.next());
  take_earlier(first, awaited_.next());
  take_earlier(first, hold_ends_);
  take_earlier(first, others_.peers.next(now));
  if (!others_.to_take.empty()) take_earlier(first, now);
  if (!others_.entries.empty()) take_earlier(first, std::max(now, others_.collected_at));
  const bool says = others_.peers.known() && others_.peers.connected() &&
                    (!others_.unsaid.empty() || others_.shelves_unsaid);
  if (says) take_earlier(first, std::max(now, others_.says_from));
  take_earlier(first, drops_.next());
  if (!order_.empty()) take_earlier(first, events_held_until_);
  take_earlier(first, order_.next());
  if (!old_entries_.empty()) take_earlier(first, quiet_until_);
  take_earlier(first, shelves_.next());
  for (const auto& [name, teller] : tellers_) {
    const auto wanted = teller.next(now);
    if (wanted) take_earlier(first, std::max(*wanted, send_from()));
  }
  return first;
}

std::vector<Publication> Bridge::announcement(UtcTime now) {
  std::vector<Publication> all{status_publication(topics_, config_.bridge, true),
                               info_publication(topics_, config_)};
  for (const auto& [id, fridge] : fridges_.all()) {
    if (!fridge.marks.empty() && now >= events_held_until_ && id.first == config_.site) {
      all.push_back(confirmed_publication(topics_, fridge));
    }
  }
  for (const auto& [key, alarm] : book_.alarms()) {
    if (!is_over(alarm)) unpublished_.insert(key);
  }
  return all;
}

BridgeHealth Bridge::health(UtcTime now) const {
  // Nobody waits for a bridge that does not tell yet.
  const int rank = now < send_from() ? Peers::kLastRank : config_.rank;
  BridgeHealth health{.rank = rank, .fridges = fridges_.all().size()};
  health.fridges_offline = static_cast<std::size_t>(std::ranges::count_if(
      fridges_.all(), [](const auto& entry) { return entry.second.offline; }));
  health.alarms_active = static_cast<std::size_t>(std::ranges::count_if(
      book_.alarms(), [](const auto& entry) { return entry.second.active(); }));
  for (const auto& [name, teller] : tellers_) {
    health.messages_waiting += teller.waiting(now);
    const Outbox& outbox = teller.outbox();
    if (outbox.failing_since()) health.failing.emplace(name, outbox.last_error());
  }
  return health;
}

}  // namespace coldwatch
