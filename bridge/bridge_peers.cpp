// Two bridges that watch the same fridges: what one has told, the other one does not tell again.
#include <algorithm>

#include "bridge/bridge.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

AlarmKey key_of(const std::string& site, std::string_view name) {
  const auto slash = std::min(name.find('/'), name.size());
  const std::string_view rule = name.substr(std::min(slash + 1, name.size()));
  return {site, std::string{name.substr(0, slash)}, std::string{rule}};
}

/// Others can see it as well: every bridge tells by itself what is about itself.
bool is_shared(const AlarmKey& key, const std::string& site) {
  return key.fridge != kBridgeItself && key.site == site && is_topic_level(key.rule);
}

int rank_in(std::string_view health) {
  std::string error;
  const auto object = parse_payload(health, error);
  if (!object || !object->contains("rank") || !(*object)["rank"].is_number_unsigned()) return 0;
  return static_cast<int>(
      std::min<std::uint64_t>((*object)["rank"].get<std::uint64_t>(), Peers::kLastRank));
}

}  // namespace

/// What reaches this bridge of another one, or as an echo of itself.
void Bridge::on_peer(std::string_view id, std::string_view name, std::string_view payload,
                     bool retained, UtcTime now) {
  Peers& peers = others_.peers;
  const bool alone = !peers.known();
  const std::string who{id};
  if (name == "status" || name == "health") peers.heard_of(who);
  if (name == "status" && payload == "offline") peers.went_offline(who);
  if (name == "health" && !retained) peers.heard(who, rank_in(payload), now);
  const bool arrives = name == "status" && payload == "online" && !retained;
  if ((alone && peers.known()) || (arrives && who != config_.bridge)) say_everything(now);
  if (id == config_.bridge) return;
  std::string error;
  if (name == "shelves") {
    const auto shelves = parse_shelves(payload, now, error);
    if (!shelves) remark("shelves of another bridge: " + one_line(error, 200));
    if (shelves && shelves_.merge(*shelves)) follow_shelves(now);
  }
  if (name.starts_with("book/") && others_.entries.size() < Companions::kMost) {
    auto alarm = payload.empty() ? std::nullopt : parse_book(payload, error);
    const AlarmKey key = key_of(config_.site, name.substr(5));
    if (alarm || payload.empty()) others_.entries.push_back({who, key, std::move(alarm)});
  }
  if (!retained && name.starts_with("cmd/")) on_peers_command(who, name.substr(4), payload, now);
}

/// Everyone takes note of an acknowledgement. Shelves are made by one bridge, and the others learn of
/// them: by the one that was asked or, where that one is silent, by the first that lives.
void Bridge::on_peers_command(const std::string& id, std::string_view verb,
                              std::string_view payload, UtcTime now) {
  if (!intake_.takes({config_.site, kBridgeItself}, payload.size(), now)) return;
  const bool instead = !others_.peers.lives(id, now) && others_.peers.comes_first(now);
  const bool shared = verb == "ack" || verb == "unack";
  if (shared || (instead && (verb == "shelve" || verb == "unshelve"))) {
    on_command(verb, payload, instead ? id : "", now);
  }
}

void Bridge::follow_shelves(UtcTime now) {
  others_.shelves_unsaid = true;
  touch_all(now);
}

void Bridge::on_notified(std::string_view name, std::string_view payload, UtcTime now) {
  std::string error;
  if (payload.empty()) return;
  const auto record = parse_notified(payload, error);
  if (!record) return remark("notified: " + one_line(error, 200));
  const AlarmKey key = key_of(config_.site, name);
  if (!is_shared(key, config_.site)) return;
  for (const auto& [notifier, known] : record->known) {
    const auto teller = tellers_.find(notifier);
    if (teller != tellers_.end()) teller->second.forget_lines(key, known.mentioned, now);
  }
  if (others_.heard.size() >= Companions::kMost && !others_.heard.contains(key)) return;
  others_.heard.insert_or_assign(key, *record);
  others_.to_take.insert(key);
}

void Bridge::follow_peers(UtcTime now) {
  const Milliseconds before = std::exchange(others_.told_later, others_.peers.delay(now));
  const bool was_cut_off = std::exchange(others_.cut_off, others_.peers.cut_off(now));
  if (before != others_.told_later || was_cut_off != others_.cut_off) touch_all(now);
  follow_book(now);
  for (const AlarmKey& key : std::exchange(others_.to_take, {})) {
    const auto record = others_.heard.find(key);
    if (record != others_.heard.end() && take_record(key, record->second, now)) {
      others_.heard.erase(record);
    }
  }
  if (now >= others_.says_from) say(now);
  if (now < others_.collected_at) return;
  for (const auto& entry : std::exchange(others_.entries, {})) follow_entry(entry, now);
}

/// Who has an alarm in hand, where this bridge was not there when somebody said so.
void Bridge::follow_entry(const Companions::Entry& entry, UtcTime now) {
  const Alarm* mine = book_.find(entry.key);
  if (mine == nullptr || entry.key.fridge == kBridgeItself) return;
  const bool lives = others_.peers.lives(entry.bridge, now);
  if (!entry.alarm) {
    if (!lives || mine->standing != Standing::kReturned) return;
    const auto means = [&entry](const Alarm& alarm) { return alarm.key == entry.key; };
    book_.acknowledge(means, "bridge " + entry.bridge, "", now);
    return;
  }
  const AlarmMessage& theirs = entry.alarm->message;
  const bool same_episode = theirs.epoch == mine->message.epoch &&
                            (theirs.epoch == kOwnEpoch ? lives
                                                       : theirs.seq >= mine->episode_seq &&
                                                             theirs.seq <= mine->message.seq);
  if (same_episode && mine->active() && theirs.severity >= mine->severity()) {
    book_.follow(entry.key, *entry.alarm, now);
  }
}

/// False where the record has to wait for the alarm that it is about.
bool Bridge::take_record(const AlarmKey& key, const Notified& record, UtcTime now) {
  const Alarm* alarm = book_.find(key);
  if (alarm == nullptr) return false;
  if (record.epoch == alarm->message.epoch) {
    // Own alarms are counted by each bridge for itself: what is told there has to be true here too.
    const bool ahead = std::ranges::any_of(record.known, [alarm](const auto& entry) {
      return entry.second.told.has_value() != alarm->active();
    });
    const bool own = record.epoch == kOwnEpoch;
    if (own ? ahead : record.seq > alarm->message.seq) return false;
  }
  share_incident(*alarm, record, now);
  for (auto& [name, teller] : tellers_) take_known(teller, *alarm, record, now);
  return true;
}

/// Of two who have told, the one that has heard of the other knows what was told last. Where neither
/// has, it is told once more.
void Bridge::take_known(Teller& teller, const Alarm& alarm, const Notified& record, UtcTime now) {
  const std::string& name = teller.settings().name;
  const auto found = record.known.find(name);
  if (found == record.known.end()) return;
  Known theirs = found->second;
  const Versions::Place place{name, alarm.key};
  const Knowledge knowledge = compare(theirs.version, others_.versions.of(place));
  if (knowledge == Knowledge::kOlder && record.by != config_.bridge) others_.say_again(place);
  if (knowledge == Knowledge::kSame || knowledge == Knowledge::kOlder) return;
  others_.versions.merge(place, theirs.version);
  const Told* mine = teller.told(alarm.incident, alarm.key);
  if (knowledge == Knowledge::kApart) {
    const bool agree = mine == nullptr ? !theirs.told
                                       : theirs.told && theirs.told->shown == mine->shown &&
                                             theirs.told->severity == mine->severity;
    if (agree) return;
    theirs.told = Told{.shown = Shown::kInDoubt, .episode = alarm.episode};
  } else if (theirs.told) {
    const bool current = theirs.told->episode != 0 && is_about(record, alarm);
    const bool ahead = record.intent == Intent::kRealarm &&
                       alarm.standing == Standing::kAcknowledged;  // here it runs out in a moment
    theirs.told->episode = current ? alarm.episode : 0;
    theirs.told->realarms = alarm.realarms + (ahead ? 1 : 0);
    theirs.told->muted = mine != nullptr && mine->muted;
    // Whoever said so did not know that it has begun anew.
    const bool unheard = alarm.active() && record.epoch == alarm.message.epoch &&
                         record.epoch != kOwnEpoch && record.seq < alarm.episode_seq;
    if (unheard) theirs.told = Told{.shown = Shown::kInDoubt, .episode = alarm.episode};
  }
  teller.adopt(alarm.incident, alarm.key, theirs, is_quiet(record.intent), now);
}

/// One thread of messages, whoever sends them: both bridges call the incident by one name, which they
/// mostly do by themselves.
void Bridge::share_incident(const Alarm& alarm, const Notified& record, UtcTime now) {
  const std::string mine = alarm.incident;
  const std::string& id = record.incident;
  const Incident* incident = incidents_.find(mine);
  if (incident == nullptr) {
    const auto is_told = [](const auto& entry) { return entry.second.told.has_value(); };
    if (id.empty() || std::ranges::none_of(record.known, is_told)) return;
    // It was told, and ended before this bridge knew of it: there is an end to tell.
    const std::string placed = place(
                                   world().subject(alarm), [&id] { return id; }, now)
                                   .id;
    book_.assign_incident(alarm.key, placed);
    incidents_.restore_member(placed, alarm.key, alarm.active());
    changed_alarms_.insert(alarm.key);
    take_earlier(retire_at_, now + config_.reopen_window);
    return;
  }
  if (id.empty() || mine == id || incidents_.find(id) != nullptr) return;
  const bool told = std::ranges::any_of(
      tellers_, [&mine](const auto& entry) { return !entry.second.done_with(mine); });
  if (told || !is_about(record, alarm)) return;
  for (const AlarmKey& key : incident->members) {
    book_.assign_incident(key, id);
    changed_alarms_.insert(key);
    unpublished_.insert(key);
  }
  for (auto& [name, teller] : tellers_) teller.drop(mine);
  incidents_.rename(mine, id);
  for (auto& [name, teller] : tellers_) teller.touch(id, now);
}

/// What has arrived is what the others have to know.
void Bridge::share(const Pending& arrived, UtcTime now) {
  if (!others_.known()) return;
  const Notification& message = arrived.notification;
  const auto count = [&](const AlarmKey& key) {
    others_.versions.count({message.notifier, key}, config_.bridge, now);
  };
  for (const Mark& mark : arrived.marks) {
    if (is_shared(mark.key, config_.site)) count(mark.key);
  }
  for (const NotificationItem& item : message.items) {
    if (!is_shared(item.key, config_.site)) continue;
    count(item.key);
    Notified& record = others_.unsaid[item.key];
    record.notifier = message.notifier;
    record.intent = item.intent;
    record.severity = item.severity;
    if (item.intent == Intent::kNotice || item.intent == Intent::kOccurredAndCleared) {
      record.known[message.notifier].mentioned.push_back(item.since);
    }
  }
}

/// Everything that anybody was told is said again: the broker, or another bridge, may not know it.
void Bridge::say_everything(UtcTime now) {
  others_.shelves_unsaid = true;
  for (const auto& [name, teller] : tellers_) {
    for (const auto& [incident, conversation] : teller.conversations()) {
      for (const auto& [key, told] : conversation.told) {
        const Versions::Place place{name, key};
        if (told.shown == Shown::kNothing || !is_shared(key, config_.site)) continue;
        if (others_.versions.of(place).empty()) others_.versions.count(place, config_.bridge, now);
      }
    }
  }
  for (const auto& [place, version] : others_.versions.all()) others_.say_again(place);
}

void Bridge::publication_lost(const std::string& topic) {
  const auto parts = parse_topic(config_.root, topic);
  if (!parts || parts->kind != "notified" || tellers_.empty()) return;
  others_.say_again({tellers_.begin()->first, key_of(config_.site, parts->name)});
}

/// Nobody listens where no other bridge was ever heard of.
void Bridge::say(UtcTime now) {
  if (!others_.peers.known()) {
    others_.unsaid.clear();
    return;
  }
  if (!others_.peers.connected()) return;
  for (auto& [key, record] : std::exchange(others_.unsaid, {})) {
    record.by = config_.bridge;
    if (const Alarm* alarm = book_.find(key)) {
      record.incident = alarm->incident;
      record.severity = alarm->severity();
      record.epoch = alarm->message.epoch;
      record.seq = alarm->message.seq;
      for (const auto& [name, teller] : tellers_) {
        const Version& version = others_.versions.of({name, key});
        if (version.empty()) continue;
        Known known = teller.known(*alarm);
        known.version = version;
        known.mentioned = std::move(record.known[name].mentioned);
        record.known[name] = std::move(known);
      }
    }
    out_.publications.push_back(notified_publication(topics_, key, record, now));
  }
  if (std::exchange(others_.shelves_unsaid, false)) {
    out_.publications.push_back(shelves_publication(topics_, config_.bridge, shelves_.all(), now));
  }
}

}  // namespace coldwatch
