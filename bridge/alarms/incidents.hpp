// Puts alarms into incidents: by rule or cause, across fridges, as grouping.by says.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bridge/alarms/alarm.hpp"
#include "bridge/alarms/incident.hpp"
#include "bridge/alarms/matcher.hpp"
#include "bridge/ids.hpp"

namespace coldwatch {

/// What `by` makes of an alarm: equal texts share an incident.
std::string group_of(const Subject& subject, const std::vector<std::string>& by);

/// The id of an incident that begins with this: made of what the agent said, so that another bridge
/// makes the same.
std::string incident_id(const Alarm& alarm);
std::string incident_id(const NotificationItem& item);

/// Makes an id where one is needed.
using IdSource = std::function<std::string()>;

class Incidents {
 public:
  Incidents(std::vector<std::string> by, Milliseconds reopen_window, IdMaker ids)
      : by_(std::move(by)), reopen_window_(reopen_window), ids_(ids) {}
  void configure(std::vector<std::string> by, Milliseconds reopen_window);

  /// The newest incident of its group that was not dropped yet; null where there is none.
  const Incident* newest(const Subject& subject) const;
  /// The incident that an alarm which begins now belongs to: that one, or a new one called `id`.
  const Incident& place(const Subject& subject, const std::string& id, UtcTime now);
  /// Calls an incident of which nobody was told as another bridge does, who has told of it.
  void rename(const std::string& id, const std::string& other);
  void begin(const std::string& id, const AlarmKey& key);
  void end(const std::string& id, const AlarmKey& key, UtcTime now);
  const Incident* find(const std::string& id) const;
  const std::map<std::string, Incident>& all() const { return all_; }

  /// Whether it ended longer ago than the reopen window. It can be dropped once nothing of it waits
  /// to be told: two incidents that know the same alarm could contradict each other.
  bool over(const Incident& incident, UtcTime now) const;
  void drop(const std::string& id);
  void restore(Incident incident);
  void restore_member(const std::string& id, const AlarmKey& key, bool active);
  std::string make_id(UtcTime now) { return ids_.make(now); }

  /// Ids that have changed or were dropped since the last call.
  std::set<std::string> take_changed() { return std::exchange(changed_, {}); }

 private:
  std::vector<std::string> by_;
  Milliseconds reopen_window_;
  IdMaker ids_;
  std::map<std::string, Incident> all_;
  std::map<std::string, std::string> newest_;  // of each group
  std::set<std::string> changed_;
};

}  // namespace coldwatch
