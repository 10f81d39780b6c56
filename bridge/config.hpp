// The bridge's config (config/bridge.json shows every option), read and checked as a whole.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bridge/alarms/alarm_book.hpp"
#include "bridge/alarms/gates.hpp"
#include "bridge/alarms/reconcile.hpp"
#include "bridge/delivery/courier.hpp"
#include "bridge/notifiers/texts/texts.hpp"
#include "common/settings.hpp"
#include "common/time_zone.hpp"

namespace coldwatch {

struct NotifierSettings {
  std::string name;
  std::string type;
  std::string language;
  bool send_end = true;
  std::optional<Hours> quiet_hours;
  NotifierLimits limits;
  Texts texts;  // the words of titles
};

/// Tells more people where nobody acknowledges.
struct EscalationStep {
  Milliseconds after{};
  std::vector<std::string> to;
};

struct Route {
  Matcher match;
  std::vector<std::string> to;
  bool go_on = false;  // later routes are asked as well
  std::vector<EscalationStep> escalate;
  std::optional<Hours> hours;  // at which it holds; none for always
};

/// The own alarm about a notifier has its name at the end of the rule.
inline const std::string kNotifierFailing = "notifier_failing_";

/// An alarm that the bridge raises itself: after which time, and how bad.
struct OwnAlarmSettings {
  Milliseconds hold{};
  Severity severity = Severity::kWarning;
};

struct DrillSettings {
  Milliseconds every = std::chrono::hours{24 * 7};  // 0 is never
  Milliseconds late_after = std::chrono::hours{24};
};

struct DeadManSettings {
  std::string url;  // a secret; "" for none
  Milliseconds every = std::chrono::minutes{1};
};

struct BridgeConfig {
  std::string bridge = "main";
  int rank = 0;  // among several bridges: higher ones leave it to lower ones to tell
  Milliseconds rank_delay = std::chrono::seconds{15};  // ... so long for each
  std::string root = "coldwatch";
  std::string site = "lab";
  std::string store = "bridge.sqlite";
  std::string time_zone = "local";
  std::string home_assistant;  // its discovery prefix; empty: no discovery
  std::vector<std::string> grouping_by{"rule"};
  Milliseconds reopen_window = std::chrono::minutes{10};
  Milliseconds start_grace = std::chrono::seconds{20};
  Milliseconds inhibit_hold = std::chrono::seconds{30};
  Milliseconds history_keep = std::chrono::hours{24 * 400};
  ReconcileSettings reconcile;  // send_end is each notifier's own
  BookSettings book;
  std::vector<InhibitRule> inhibit;
  std::map<std::string, std::string, std::less<>> site_of_fridge;  // named groups of fridges
  std::vector<std::string> fridges;                                // known before they are heard of
  std::vector<NotifierSettings> notifiers;
  std::vector<Route> routes;
  std::map<std::string, OwnAlarmSettings> own_alarms;
  DeadManSettings dead_man;
  DrillSettings drill;

  /// The named group of a fridge, or the site of its topics where it is in none.
  std::string_view site_of(const AlarmKey& key) const;
  const NotifierSettings* notifier(std::string_view name) const;
};

/// Takes what only the notifier's own code knows from its entry, and sets its limits and texts.
using ReadNotifier = std::function<void(SettingsReader& entry, NotifierSettings& shared)>;

/// Reads everything but the section "broker", which the caller has taken from `reader` before. Every
/// mistake is added to those of the reader.
BridgeConfig read_bridge_config(SettingsReader& reader, const ReadNotifier& read_notifier,
                                bool secrets_must_exist = true);

/// The own alarms' names with their defaults: agent_offline, log_stopped, log_unreadable,
/// two_agents, notifier_failing, broker_lost, messages_dropped, store_failing, queue_growing, drill_missing.
const std::map<std::string, OwnAlarmSettings>& own_alarm_defaults();

}  // namespace coldwatch
