// What comes in from the broker, and what it changes.
#include <algorithm>

#include "bridge/alarm_reader.hpp"
#include "bridge/alarms/routes.hpp"
#include "bridge/bridge.hpp"
#include "bridge/events.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::string_view kDroppedTopic = "$SYS/broker/publish/messages/dropped";

constexpr std::string_view kTwoAgents =
    "two agents take turns under this name, each with a state file of its own: stop one of them, "
    "or give it a name of its own";

std::string about(const FridgeId& id, std::string_view kind) {
  return id.second + "/" + std::string{kind} + ": ";
}

}  // namespace

void Bridge::on_message(std::string_view topic, std::string_view payload, bool retained,
                        UtcTime now) {
  // The broker's memory comes before the word that it is reached.
  if (!others_.peers.connected()) others_.collect(now, config_.start_grace);
  if (topic == kDroppedTopic) return on_dropped_count(payload, now);
  const auto parts = parse_topic(config_.root, topic);
  if (!parts) return remark("ignored a message on " + one_line(topic, 200));
  if (parts->fridge == kBridgeLevel) {
    if (parts->site != config_.site) return;
    if (parts->kind == "notified") return on_notified(parts->name, payload, now);
    if (parts->kind == "confirmed") return;
    if (parts->kind != config_.bridge || parts->name == "health") {
      return on_peer(parts->kind, parts->name, payload, retained, now);
    }
    if (parts->name.starts_with("book/")) return on_own_book(parts->name.substr(5), payload);
    if (parts->name == "event" && !retained) return on_own_event(payload, now);
    if (!parts->name.starts_with("cmd/")) return;
    if (retained) return remark("ignored a retained command: " + one_line(topic, 200));
    if (!intake_.takes({config_.site, kBridgeItself}, payload.size(), now)) return;
    return on_command(parts->name.substr(4), payload, config_.bridge, now);
  }
  const FridgeId id{parts->site, parts->fridge};
  if (fridges_.get(id) == nullptr) return remark("too many fridges: ignored " + id.second);
  if (!intake_.takes(id, payload.size(), now)) return;
  if (parts->kind == "alarm" && is_topic_level(parts->name)) {
    on_alarm(id, parts->name, payload, retained, now);
  } else if (parts->kind == "status") {
    on_status(id, payload, retained, now);
  } else if (parts->kind == "health" && !retained) {
    on_health(id, payload, now);
  } else if (parts->kind == "event" && !retained) {
    on_event(id, payload, now);
  } else if (parts->kind == "info" && !config_.home_assistant.empty()) {
    infos_.note(id, payload, now);
  }
}

void Bridge::follow_infos(UtcTime now) {
  for (const auto& [id, info] : infos_.take_due(now)) {
    if (config_.home_assistant.empty()) continue;
    std::string error;
    auto told = discovery_publication(config_.home_assistant, config_.root, id.first, id.second,
                                      info, error);
    if (told) out_.publications.push_back(std::move(*told));
    if (!told) remark(about(id, "info") + one_line(error, 200));
  }
}

void Bridge::on_alarm(const FridgeId& id, std::string_view rule, std::string_view payload,
                      bool retained, UtcTime now) {
  const AlarmKey key{id.first, id.second, std::string{rule}};
  std::string error;
  std::optional<AlarmMessage> message;
  if (payload.empty()) {
    // The agent removes the alarm of a rule that its config no longer has.
    const Alarm* known = book_.find(key);
    if (retained || known == nullptr) return;
    message = known->message;
    message->state = AlarmState::kNormal;
    message->time = now;
    ++message->seq;
    remark(about(id, rule) + "the rule is no longer in the agent's config");
  } else {
    message = read_alarm(payload, error);
  }
  if (!message) return remark(about(id, rule) + "the alarm message " + one_line(error, 200));
  if (!retained) fridges_.heard(id, now);
  if (!book_.has_room(key)) return remark("too many alarms of one fridge: ignored " + row_id(key));
  if (message->kind == AlarmKind::kNotice) {
    // A retained notice is old news; what was missed comes again as an event.
    if (!retained) on_notice(key, *message, now);
    return;
  }
  book_.end_unseen(key, *message, now);
  if (book_.ended_lately(key)) follow_book(now);
  if (!book_.take(key, *message, now)) return remark("too many alarms: ignored " + row_id(key));
  if (forget_beginning(*fridges_.get(id), key.rule, *message)) fridges_.touch(id);
  book_.set_stale(key, fridges_.offline(id) && book_.find(key)->active());
}

void Bridge::on_notice(const AlarmKey& key, const AlarmMessage& message, UtcTime now) {
  if (!book_.take_notice(key, message.epoch, message.seq) || message.text.empty()) return;
  Alarm notice{.key = key};
  notice.message = message;
  mention(make_item(notice, Intent::kNotice), now);
}

void Bridge::on_status(const FridgeId& id, std::string_view payload, bool retained, UtcTime now) {
  if (payload == "offline") {
    fridges_.went_offline(id, now);
  } else if (payload == "online") {
    if (retained) fridges_.claims_online(id, now);
    if (!retained) fridges_.heard(id, now);
  } else if (!payload.empty()) {
    remark(about(id, "status") + "found \"" + one_line(payload, 60) +
           "\", expected online or offline");
  }
}

void Bridge::on_health(const FridgeId& id, std::string_view payload, UtcTime now) {
  std::string error;
  const auto health = parse_health(payload, error);
  if (!health) return remark(about(id, "health") + one_line(error, 200));
  fridges_.heartbeat(id, now);
  const AlarmKey events{id.first, id.second, ""};
  const Awaited::Position known = known_position(events, book_, fridges_);
  const bool missing = health->unconfirmed_events > 0;
  awaited_.note(events, {known.first, known.second + (missing ? 1 : 0)}, known, now);
  const bool stopped = health->log == "stale" || health->log == "missing";
  const bool unreadable = health->log == "unreadable";
  const std::string why = health->log_text.empty() ? health->log : health->log_text;
  for (const auto& [kind, holds] :
       {std::pair{"log_stopped", stopped}, std::pair{"log_unreadable", unreadable}}) {
    const AlarmKey key{id.first, id.second, kind};
    if (holds) own_.begin(key, kind, "the fridge's log: " + why, now);
    if (!holds) own_.end(key);
  }
  if (health->epoch.empty()) return;
  const AlarmKey key{id.first, id.second, "two_agents"};
  const auto twins = fridges_.get(id)->twins.take(health->epoch, now);
  if (twins == true) own_.begin(key, key.rule, std::string{kTwoAgents}, now);
  if (twins == false) own_.end(key);
}

void Bridge::on_event(const FridgeId& id, std::string_view payload, UtcTime now) {
  std::string error;
  const auto event = parse_event(payload, error);
  if (!event) return remark(about(id, "event") + one_line(error, 200));
  fridges_.heard(id, now);
  release_events(now);
  if (now >= events_held_until_ || !order_.keep(id, *event)) take_event(id, *event, now);
}

/// What the start grace has held back goes before everything that comes later.
void Bridge::release_events(UtcTime now) {
  if (now < events_held_until_) return;
  for (const auto& [id, event] : order_.release()) take_event(id, event, now);
}

/// What was held back by the start grace, or for one before it that is missing.
void Bridge::follow_events(UtcTime now) {
  release_events(now);
  for (const FridgeId& id : order_.due(now)) {
    out_.publications.push_back(announce_command(topics_, id.second));
  }
  for (const auto& [id, event] : order_.overdue(now)) {
    if (EventOrder::misses_one(*fridges_.get(id), event)) {
      remark(about(id, "event") + "those before " + std::to_string(event.seq) + " never came, " +
             std::to_string(event.previous) + " among them");
    }
    accept_event(id, event, now);
  }
}

void Bridge::take_event(const FridgeId& id, const EventMessage& event, UtcTime now) {
  // Only the agents of one's own site answer.
  const bool own = id.first == config_.site;
  if (own && !order_.admits(id, *fridges_.get(id), event, now)) return;
  accept_event(id, event, now);
  while (const auto kept = order_.follower(id, *fridges_.get(id))) accept_event(id, *kept, now);
}

void Bridge::accept_event(const FridgeId& id, const EventMessage& event, UtcTime now) {
  Fridge& fridge = *fridges_.get(id);
  const AlarmKey key{id.first, id.second, event.rule};
  const bool news = known_events_.add(id.second + "/" + event.id);
  const EventVerdict verdict =
      news ? coldwatch::take_event(fridge, event, book_.find(key), config_.reconcile.group_wait)
           : EventVerdict{.fresh = pass_event(fridge, event)};
  unconfirmed_.insert(id);
  if (!verdict.fresh) return;
  if (is_transition(event.type)) {
    awaited_.note(key, {event.epoch, event.seq}, known_position(key, book_, fridges_), now);
  }
  fridges_.touch(id);
  if (!news) return;
  const bool command = event.type == "command";
  out_.changes.history.push_back({now, command ? "command" : "event", id.second, event.rule,
                                  event.type + (command ? " " : ": ") + event.text,
                                  dump(to_json(event))});
  if (!verdict.mention) return;
  const bool told_by_state = event.type == "notice" && book_.has_room(key) &&
                             !book_.take_notice(key, event.epoch, event.seq);
  if (!told_by_state) mention(*verdict.mention, now);
}

void Bridge::mention(const NotificationItem& item, UtcTime now) {
  const Subject subject{config_.site_of(item.key), item.key.fridge, item.key.rule, item.cause,
                        item.severity};
  if (!shelf_gate(shelves_.all(), subject, now).open()) return;
  if (!intake_.tells({item.key.site, item.key.fridge}, now)) return;
  const std::string incident = place(
                                   subject, [&item] { return incident_id(item); }, now)
                                   .id;
  take_earlier(retire_at_, now + config_.reopen_window);
  for (auto& [name, teller] : tellers_) {
    if (audience(config_, name, subject, std::nullopt, zone_, now).routed) {
      teller.mention(incident, item, now);
    }
  }
}

void Bridge::on_own_event(std::string_view payload, UtcTime now) {
  std::string error;
  const auto event = parse_event(payload, error);
  if (!event) return remark("own event: " + one_line(error, 200));
  const auto verdict = coldwatch::take_event(itself_, *event, nullptr, Milliseconds{0});
  if (verdict.mention) tell_everyone("", *verdict.mention, now);
}

/// Past all routes, gates and waits; how many notifiers that is. `only` is one's name, or "".
int Bridge::tell_everyone(const std::string& only, const NotificationItem& item, UtcTime now) {
  const Subject subject{config_.site, item.key.fridge, item.key.rule, "", item.severity};
  if (!only.empty() && !tellers_.contains(only)) return 0;
  const std::string incident = place(
                                   subject, [&item] { return incident_id(item); }, now)
                                   .id;
  take_earlier(retire_at_, now + config_.reopen_window);
  int count = 0;
  for (auto& [name, teller] : tellers_) {
    if (!only.empty() && only != name) continue;
    teller.mention(incident, item, now - config_.reconcile.group_wait);
    ++count;
  }
  return count;
}

void Bridge::on_dropped_count(std::string_view payload, UtcTime now) {
  const auto fresh = drops_.take(payload, now);
  if (!fresh) return;
  own_.begin(own_key("messages_dropped"), "messages_dropped",
             "the broker has dropped messages, " + number_words(*fresh, 9) +
                 " since it was last asked: a subscriber is too slow or a queue too short",
             now);
}

/// What is not looked at is told: somebody has to look at that fridge's agent.
void Bridge::follow_intake(UtcTime now) {
  const auto key = [](const FridgeId& id) {
    return AlarmKey{id.first, id.second, "messages_dropped"};
  };
  for (const FridgeId& id : intake_.take_loud()) {
    own_.begin(key(id), "messages_dropped",
               "sends more than " + number_words(Intake::kMostPerSecond, 9) + " messages or " +
                   number_words(Intake::kMostBytesPerSecond / 1000, 9) +
                   " kB a second, or too many notices; what is beyond is not looked at",
               now);
  }
  for (const FridgeId& id : intake_.take_quiet(now)) own_.end(key(id));
}

/// An entry that this bridge may have published in an earlier life.
void Bridge::on_own_book(std::string_view name, std::string_view payload) {
  const auto slash = name.find('/');
  if (payload.empty() || slash == name.npos || old_entries_.size() >= AlarmBook::kMostAlarms)
    return;
  old_entries_.insert(
      {config_.site, std::string{name.substr(0, slash)}, std::string{name.substr(slash + 1)}});
}

/// Takes back those that it no longer stands for, once the present state is known.
void Bridge::close_old_entries() {
  for (const AlarmKey& key : std::exchange(old_entries_, {})) {
    const Alarm* alarm = book_.find(key);
    if (alarm != nullptr && !is_over(*alarm)) continue;
    out_.publications.push_back(
        {.topic = topics_.bridge(config_.bridge, "book/" + key.fridge + "/" + key.rule),
         .retain = true});
  }
}

}  // namespace coldwatch
