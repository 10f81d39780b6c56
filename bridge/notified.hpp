// What bridges tell each other: what each notifier knows of an alarm (schemas/bridge-notified), which
// shelves there are (schemas/bridge-shelves), and who has an alarm in hand (schemas/bridge-book).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/alarms/alarm.hpp"
#include "bridge/alarms/gates.hpp"
#include "bridge/alarms/incident.hpp"
#include "bridge/watch/versions.hpp"
#include "common/topics.hpp"

namespace coldwatch {

/// What one notifier knows of an alarm, and where in its thread the messages stand.
struct Known {
  std::optional<Told> told;  // none where it is over; its episode is 0 for an older one, else 1
  Version version;
  std::vector<UtcTime> mentioned;  // `since` of what was mentioned once in the last message
  int number = 0;
  std::string title;
  std::string thread;
};

struct Notified {
  std::string by;        // the bridge
  std::string notifier;  // through which the last message went
  std::string incident;
  Intent intent = Intent::kOpen;
  Severity severity = Severity::kInfo;
  std::string epoch;  // of the alarm there, as the next two
  std::uint64_t seq = 0;
  std::map<std::string, Known> known;  // every notifier that was told, by name
};

Publication notified_publication(const Topics& topics, const AlarmKey& key, const Notified& record,
                                 UtcTime now);
/// nullopt, with a sentence in `error`, for anything that is not a valid message; so here and below.
std::optional<Notified> parse_notified(std::string_view payload, std::string& error);

/// `record` is about the present or last episode of `alarm`, not about one before.
bool is_about(const Notified& record, const Alarm& alarm);

Publication shelves_publication(const Topics& topics, const std::string& bridge,
                                const std::vector<Shelf>& shelves, UtcTime now);
/// Shelves that end within the longest time that one may have.
std::optional<std::vector<Shelf>> parse_shelves(std::string_view payload, UtcTime now,
                                                std::string& error);

/// Of another bridge's book: where the alarm stands, by whom, and in the order of the agent.
std::optional<Alarm> parse_book(std::string_view payload, std::string& error);

}  // namespace coldwatch
