#include "bridge/alarms/incidents.hpp"

namespace coldwatch {

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

const Incident& Incidents::place(const Subject& subject, UtcTime now) {
  if (const Incident* known = newest(subject)) return *known;
  const std::string group = group_of(subject, by_);
  Incident incident{.id = ids_.make(now), .group = group, .began = now, .ended_at = now};
  newest_[group] = incident.id;
  changed_.insert(incident.id);
  return all_.emplace(incident.id, incident).first->second;
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
  if (newest < incident.id) newest = incident.id;
  const std::string id = incident.id;
  all_.insert_or_assign(id, std::move(incident));
}

}  // namespace coldwatch
