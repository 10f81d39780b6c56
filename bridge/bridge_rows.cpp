// What the bridge keeps over a restart, and how it comes back from it.
#include <algorithm>

#include "bridge/bridge.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

std::string fridge_row_id(const FridgeId& id) { return id.first + "/" + id.second; }

}  // namespace

void Bridge::collect_rows(UtcTime now) {
  auto& rows = out_.changes.rows;
  for (const AlarmKey& key : std::exchange(changed_alarms_, {})) {
    rows.push_back({Table::kAlarms, row_id(key), to_row(*book_.find(key))});
  }
  for (const std::string& id : incidents_.take_changed()) {
    const Incident* incident = incidents_.find(id);
    rows.push_back({Table::kIncidents, id,
                    incident == nullptr ? std::nullopt : std::optional{to_row(*incident)}});
  }
  for (auto& [name, teller] : tellers_) {
    for (const std::string& incident : teller.take_changed_conversations()) {
      const auto found = teller.conversations().find(incident);
      const bool gone = found == teller.conversations().end();
      rows.push_back({Table::kTold, name + "/" + incident,
                      gone ? std::nullopt : std::optional{to_row(found->second)}});
    }
    for (const std::string& subject : teller.take_changed_pending()) {
      const Pending* pending = teller.outbox().find(subject);
      rows.push_back({Table::kOutbox, name + "/" + subject,
                      pending == nullptr ? std::nullopt : std::optional{to_row(*pending)}});
    }
  }
  for (const std::string& id : shelves_.take_changed()) {
    const Shelf* shelf = shelves_.find(id);
    rows.push_back(
        {Table::kShelves, id, shelf == nullptr ? std::nullopt : std::optional{to_row(*shelf)}});
  }
  for (const Versions::Place& place : others_.versions.take_changed()) {
    rows.push_back({Table::kVersions, place.first + "/" + row_id(place.second),
                    to_row(place, others_.versions.of(place))});
  }
  for (const FridgeId& id : fridges_.take_changed()) {
    rows.push_back({Table::kFridges, fridge_row_id(id), to_row(fridges_.all().at(id))});
  }
  if (now >= events_held_until_) {
    for (const FridgeId& id : std::exchange(unconfirmed_, {})) {
      const Fridge& fridge = fridges_.all().at(id);
      if (id.first == config_.site && !fridge.marks.empty()) {
        out_.confirmations.push_back(confirmed_publication(topics_, fridge));
      }
    }
  }
}

std::vector<std::string> Bridge::restore(const std::vector<StoredRow>& rows, UtcTime now) {
  for (const StoredRow& row : rows) restore_row(row, now);
  rebuild(now);
  return std::exchange(out_.remarks, {});
}

void Bridge::restore_row(const StoredRow& row, UtcTime now) {
  const std::string_view notifier = std::string_view{row.id}.substr(0, row.id.find('/'));
  const auto teller = tellers_.find(std::string{notifier});
  bool read = true;
  const auto take = [&read](auto value, const auto& keep) {
    read = value.has_value();
    if (read) keep(std::move(*value));
  };
  switch (row.table) {
    case Table::kAlarms:
      take(alarm_of(row.body), [this, now](Alarm alarm) {
        // An older version kept whatever an event gave for a rule, and topics are made of it.
        if (!is_topic_level(alarm.key.rule)) {
          return remark("forgets an alarm whose rule cannot stand in a topic: " +
                        one_line(row_id(alarm.key), 200));
        }
        // Of a clock that has been set back since: nothing of the past may wait for the future, and
        // what began at an unknown time has waited for long enough.
        const UtcTime past = now - config_.reconcile.group_wait - std::chrono::seconds{1};
        for (UtcTime* time : {&alarm.raised_at, &alarm.severity_at, &alarm.unacknowledged_at}) {
          if (*time > now) *time = past;
        }
        book_.restore(std::move(alarm));
      });
      break;
    case Table::kIncidents:
      take(incident_of(row.body), [this](Incident one) { incidents_.restore(std::move(one)); });
      break;
    case Table::kTold:
      if (teller == tellers_.end()) break;
      take(conversation_of(row.body),
           [&](Conversation told) { teller->second.restore(std::move(told)); });
      break;
    case Table::kOutbox:
      if (teller == tellers_.end()) break;
      take(pending_of(row.body), [&](Pending pending) {
        teller->second.restore(row.id.substr(notifier.size() + 1), std::move(pending), now);
      });
      break;
    case Table::kShelves:
      take(shelf_of(row.body), [this](Shelf shelf) { shelves_.restore(std::move(shelf)); });
      break;
    case Table::kFridges:
      take(fridge_of(row.body), [&](Fridge one) { fridges_.restore(std::move(one), now); });
      break;
    case Table::kVersions:
      take(version_of(row.body), [this](auto one) {
        others_.versions.restore(std::move(one.first), std::move(one.second));
      });
      break;
    case Table::kState:
      break;
  }
  if (!read)
    remark("the store's " + std::string{word(row.table)} + " row " + row.id +
           " cannot be read; going on without it");
}

/// What follows from several rows together.
void Bridge::rebuild(UtcTime now) {
  for (const auto& [key, alarm] : book_.alarms()) {
    if (alarm.active() && incidents_.find(alarm.incident) == nullptr) {
      Incident lost{.id = alarm.incident, .began = alarm.raised_at};
      if (lost.id.empty()) lost.id = incidents_.make_id(now);
      lost.group = group_of(world().subject(alarm), config_.grouping_by);
      book_.assign_incident(key, lost.id);
      incidents_.restore(std::move(lost));
    }
    incidents_.restore_member(alarm.incident, key, alarm.active());
    if (alarm.message.epoch == kOwnEpoch && alarm.active()) {
      own_.restore(key, alarm.message.since, alarm.message.text, alarm.severity());
    }
    if (!is_over(alarm)) published_.insert(key);
  }
  for (const auto& [name, teller] : tellers_) {
    for (const auto& [id, told] : teller.conversations()) {
      if (incidents_.find(id) == nullptr) incidents_.restore({.id = id, .ended_at = now});
      for (const auto& [key, one] : told.told) incidents_.restore_member(id, key, false);
    }
  }
  for (const auto& [id, fridge] : fridges_.all()) {
    if (!fridge.offline) continue;
    own_.begin({id.first, id.second, "agent_offline"}, "agent_offline",
               "the agent is silent since before the bridge was started", now);
  }
  set_sources(now);
  touch_all(now);
  retire_at_ = now;
}

}  // namespace coldwatch
