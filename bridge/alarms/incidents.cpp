#include "bridge/alarms/incidents.hpp"

namespace coldwatch {
namespace {

std::string incident_id(const AlarmKey& key, UtcTime since, std::string_view origin) {
  return id_of(since, key.site + "/" + key.fridge + "/" + key.rule + "/" + std::string{origin});
}

}  // namespace

std::string group_of(const Subject& subject, const std::vector<std::string>& by) {
  std::string group;
  for (const std::string& one : by) {
    group += one + "=";
    if (one == "rule") group += subject.cause.empty() ? subject.rule : subject.cause;
    if (one == "cause") group += subject.cause;
    if (one == "fridge") group += subject.fridge;
    if (one == "site") group += subject.site;
    group += ";";
  }
  return group;
}

std::string incident_id(const Alarm& alarm) {
  return incident_id(alarm.key, alarm.message.since,
                     alarm.message.epoch + "/" + std::to_string(alarm.message.seq));
}

std::string incident_id(const NotificationItem& item) {
  return incident_id(item.key, item.since, word(item.intent));
}

void Incidents::configure(std::vector<std::string> by, Milliseconds reopen_window) {
  by_ = std::move(by);
  reopen_window_ = reopen_window;
}

bool Incidents::over(const Incident& incident, UtcTime now) const {
  return incident.active.empty() && incident.ended_at && *incident.ended_at + reopen_window_ < now;
}

const Incident* Incidents::newest(const Subject& subject) const {
  const auto known = newest_.find(group_of(subject, by_));
  return known == newest_.end() ? nullptr : &all_.at(known->second);
}

const Incident& Incidents::place(const Subject& subject, const std::string& id, UtcTime now) {
  if (const Incident* known = newest(subject)) return *known;
  const std::string group = group_of(subject, by_);
  Incident incident{
      .id = all_.contains(id) ? ids_.make(now) : id, .group = group, .began = now, .ended_at = now};
  newest_[group] = incident.id;
  changed_.insert(incident.id);
  return all_.emplace(incident.id, incident).first->second;
}

void Incidents::rename(const std::string& id, const std::string& other) {
  auto node = all_.extract(id);
  if (node.empty()) return;
  node.key() = node.mapped().id = other;
  changed_.insert(id);
  changed_.insert(other);
  for (auto& [group, newest] : newest_) {
    if (newest == id) newest = other;
  }
  all_.insert(std::move(node));
}

void Incidents::begin(const std::string& id, const AlarmKey& key) {
  Incident& incident = all_.at(id);
  incident.members.insert(key);
  incident.active.insert(key);
  incident.ended_at.reset();
  changed_.insert(id);
}

void Incidents::end(const std::string& id, const AlarmKey& key, UtcTime now) {
  const auto found = all_.find(id);
  if (found == all_.end()) return;
  found->second.active.erase(key);
  if (found->second.active.empty()) found->second.ended_at = now;
  changed_.insert(id);
}

const Incident* Incidents::find(const std::string& id) const {
  const auto found = all_.find(id);
  return found == all_.end() ? nullptr : &found->second;
}

void Incidents::drop(const std::string& id) {
  const auto found = all_.find(id);
  if (found == all_.end()) return;
  const auto newest = newest_.find(found->second.group);
  if (newest != newest_.end() && newest->second == id) newest_.erase(newest);
  all_.erase(found);
  changed_.insert(id);
}

void Incidents::restore_member(const std::string& id, const AlarmKey& key, bool active) {
  const auto found = all_.find(id);
  if (found == all_.end()) return;
  found->second.members.insert(key);
  if (active) found->second.active.insert(key);
}

void Incidents::restore(Incident incident) {
  auto& newest = newest_[incident.group];
  const auto known = all_.find(newest);
  if (known == all_.end() || known->second.began < incident.began) newest = incident.id;
  const std::string id = incident.id;
  all_.insert_or_assign(id, std::move(incident));
}

}  // namespace coldwatch
