#include "bridge/config.hpp"

#include <algorithm>
#include <array>

#include "common/json.hpp"
#include "common/text.hpp"
#include "common/topics.hpp"

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 3> kSeverities{"info", "warning", "critical"};
constexpr Milliseconds kLongestWait = hours{1};

std::string level(SettingsReader& reader, std::string_view key, const std::string& fallback) {
  std::string text = reader.text(key, fallback);
  if (is_topic_level(text)) return text;
  reader.mistake(key,
                 "found \"" + one_line(text, 60) +
                     "\", expected 1 to 64 letters, digits, '_' or '-', as a level of a topic");
  return fallback;
}

Matcher read_matcher(SettingsReader& reader, std::string_view key) {
  const nlohmann::json* raw = reader.raw(key);
  if (raw == nullptr) return {};
  std::string error;
  auto matcher = parse_matcher(*raw, error);
  if (!matcher) reader.mistake(key, error);
  return matcher.value_or(Matcher{});
}

void read_grouping(SettingsReader section, BridgeConfig& config) {
  config.grouping_by = section.texts("by", config.grouping_by);
  for (const std::string& one : config.grouping_by) {
    if (one == "rule" || one == "cause" || one == "fridge" || one == "site") continue;
    section.mistake("by", "found \"" + one_line(one, 60) +
                              "\", expected \"rule\", \"cause\", \"fridge\" or \"site\"");
  }
  ReconcileSettings& waits = config.reconcile;
  waits.group_wait = section.duration("group_wait", waits.group_wait, {}, kLongestWait);
  waits.critical_wait = section.duration("critical_wait", waits.critical_wait, {}, kLongestWait);
  waits.update_interval = section.duration("update_interval", waits.update_interval, {}, hours{24});
  config.reopen_window = section.duration("reopen_window", config.reopen_window, {}, hours{24});
}

void read_repeat(SettingsReader section, ReconcileSettings& settings) {
  for (std::size_t i = 0; i < kSeverities.size(); ++i) {
    settings.repeat[i] = section.duration(kSeverities[i], settings.repeat[i]);
    if (settings.repeat[i] != Milliseconds{0} && settings.repeat[i] < seconds{1}) {
      section.mistake(kSeverities[i], "found less than a second, expected 0s (never) or more");
    }
  }
}

void read_flapping(SettingsReader section, FlappingSettings& flapping) {
  flapping.count = static_cast<int>(section.integer("count", flapping.count, 2, 100));
  flapping.window = section.duration("window", flapping.window, seconds{1}, hours{24});
  flapping.quiet = section.duration("quiet", flapping.quiet, seconds{1}, hours{24});
}

std::vector<InhibitRule> read_inhibit(SettingsReader& reader) {
  std::vector<InhibitRule> rules;
  for (SettingsReader& entry : reader.sections("inhibit")) {
    InhibitRule rule{read_matcher(entry, "source"), read_matcher(entry, "target")};
    if (rule.source.wanted.empty()) entry.mistake("source", "is missing or empty");
    if (rule.target.wanted.empty()) entry.mistake("target", "is missing or empty");
    for (const std::string& same : entry.texts("same")) {
      rule.same_fridge |= same == "fridge";
      rule.same_site |= same == "site";
      if (same != "fridge" && same != "site") {
        entry.mistake("same", "found \"" + one_line(same, 60) + "\", expected fridge or site");
      }
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

Hours read_quiet_hours(SettingsReader section) {
  const auto minute = [&section](std::string_view key) {
    const std::string text = section.required_text(key);
    const auto found = parse_minute(text);
    if (!found && !text.empty()) {
      section.mistake(key,
                      "found \"" + one_line(text, 60) + "\", expected a time such as \"22:00\"");
    }
    return found;
  };
  const auto from = minute("from");
  const auto to = minute("to");
  if (from && from == to) section.mistake("to", "is the same as \"from\", expected another time");
  return {.from_minute = from.value_or(0), .to_minute = to.value_or(0)};
}

/// The keys of a route's "match" that ask for the time.
std::optional<Hours> read_times(SettingsReader match) {
  if (!match.has("hours") && !match.has("days")) return std::nullopt;
  Hours times;
  if (match.has("hours")) {
    const std::string text = match.text("hours");
    const auto found = parse_hours(text);
    if (!found) {
      match.mistake("hours", "found \"" + one_line(text, 60) +
                                 "\", expected two times such as \"22:00-07:00\"");
    }
    times = found.value_or(Hours{});
  }
  if (!match.has("days")) return times;
  times.days = 0;
  for (const std::string& word : match.texts("days")) {
    const auto day = parse_day(word);
    if (!day) {
      match.mistake("days", "found \"" + one_line(word, 60) +
                                "\", expected mon, tue, wed, thu, fri, sat or sun");
    }
    times.days |= day.value_or(0);
  }
  if (match.texts("days").empty()) match.mistake("days", "is empty, expected at least one day");
  return times;
}

/// Beside the conditions of every matcher a route's may ask for the time.
void read_route_match(SettingsReader& entry, Route& route) {
  const nlohmann::json* raw = entry.raw("match");
  if (raw == nullptr) return;
  nlohmann::json conditions = *raw;
  if (conditions.is_object()) {
    SettingsReader match = entry.section("match");
    for (const auto& [key, value] : raw->items()) match.raw(key);
    conditions.erase("hours");
    conditions.erase("days");
    route.hours = read_times(std::move(match));
  }
  std::string error;
  auto matcher = parse_matcher(conditions, error);
  if (!matcher) entry.mistake("match", error);
  route.match = matcher.value_or(Matcher{});
}

NotifierSettings read_notifier_entry(SettingsReader& entry, const ReadNotifier& read) {
  NotifierSettings notifier;
  notifier.name = entry.required_text("name");
  if (!notifier.name.empty()) notifier.name = level(entry, "name", "");
  notifier.type = entry.required_text("type");
  notifier.language = entry.text("language", "en");
  notifier.send_end = entry.flag("send_end", true);
  if (entry.has("quiet_hours")) {
    notifier.quiet_hours = read_quiet_hours(entry.section("quiet_hours"));
  }
  read(entry, notifier);
  return notifier;
}

std::vector<std::string> read_targets(SettingsReader& entry, const BridgeConfig& config) {
  if (!entry.has("to")) entry.mistake("to", "is missing, expected a list of notifiers");
  std::vector<std::string> names = entry.texts("to");
  for (const std::string& name : names) {
    if (config.notifier(name) == nullptr) {
      entry.mistake(
          "to", "found \"" + one_line(name, 60) + "\", expected the name of one of the notifiers");
    }
  }
  return names;
}

std::vector<Route> read_routes(SettingsReader& reader, const BridgeConfig& config) {
  std::vector<Route> routes;
  for (SettingsReader& entry : reader.sections("routes")) {
    Route route;
    read_route_match(entry, route);
    route.to = read_targets(entry, config);
    route.go_on = entry.flag("continue", false);
    for (SettingsReader& step : entry.sections("escalate")) {
      const Milliseconds after = step.duration("after", minutes{15}, seconds{1}, hours{24 * 7});
      route.escalate.push_back({after, read_targets(step, config)});
    }
    routes.push_back(std::move(route));
  }
  return routes;
}

std::map<std::string, OwnAlarmSettings> read_own_alarms(SettingsReader section) {
  auto alarms = own_alarm_defaults();
  for (auto& [name, settings] : alarms) {
    if (!section.has(name)) continue;
    SettingsReader entry = section.section(name);
    settings.hold = entry.duration("hold", settings.hold, {}, hours{24 * 7});
    settings.severity = static_cast<Severity>(
        entry.choice("severity", kSeverities, static_cast<std::size_t>(settings.severity)));
  }
  return alarms;
}

void read_sites(SettingsReader& reader, BridgeConfig& config) {
  const nlohmann::json* sites = reader.raw("sites");
  SettingsReader section = reader.section("sites");
  if (sites == nullptr || !sites->is_object()) return;
  for (const auto& [name, value] : sites->items()) {
    for (const std::string& fridge : section.texts(name)) {
      if (config.site_of_fridge.emplace(fridge, name).second) continue;
      section.mistake(name, "found \"" + one_line(fridge, 60) + "\", which is in another group");
    }
  }
}

}  // namespace

const std::map<std::string, OwnAlarmSettings>& own_alarm_defaults() {
  static const std::map<std::string, OwnAlarmSettings> defaults{
      {"agent_offline", {seconds{90}, Severity::kWarning}},
      {"log_stopped", {seconds{60}, Severity::kWarning}},
      {"log_unreadable", {seconds{60}, Severity::kWarning}},
      {"two_agents", {seconds{0}, Severity::kWarning}},
      {"notifier_failing", {minutes{15}, Severity::kWarning}},
      {"broker_lost", {seconds{90}, Severity::kCritical}},
      {"messages_dropped", {seconds{0}, Severity::kWarning}},
      {"store_failing", {minutes{1}, Severity::kCritical}},
      {"queue_growing", {minutes{5}, Severity::kWarning}},
      {"drill_missing", {seconds{0}, Severity::kWarning}}};
  return defaults;
}

std::string_view BridgeConfig::site_of(const AlarmKey& key) const {
  const auto found = site_of_fridge.find(key.fridge);
  return found == site_of_fridge.end() ? std::string_view{key.site} : found->second;
}

const NotifierSettings* BridgeConfig::notifier(std::string_view name) const {
  const auto found = std::ranges::find(notifiers, name, &NotifierSettings::name);
  return found == notifiers.end() ? nullptr : &*found;
}

BridgeConfig read_bridge_config(SettingsReader& reader, const ReadNotifier& read_notifier,
                                bool secrets_must_exist) {
  BridgeConfig config;
  reader.raw("$schema");  // for editors
  config.bridge = level(reader, "bridge", config.bridge);
  config.rank = static_cast<int>(reader.integer("rank", config.rank, 0, 8));
  config.rank_delay = reader.duration("rank_delay", config.rank_delay, std::chrono::seconds{1},
                                      std::chrono::minutes{10});
  config.root = level(reader, "root", config.root);
  config.site = level(reader, "site", config.site);
  config.store = reader.text("store", config.store);
  config.time_zone = reader.text("time_zone", config.time_zone);
  config.home_assistant = reader.text("home_assistant", config.home_assistant);
  if (config.home_assistant.find_first_of("+#$") != std::string::npos) {
    reader.mistake("home_assistant", "found \"" + config.home_assistant +
                                         "\", expected a topic such as \"homeassistant\"");
  }
  read_grouping(reader.section("grouping"), config);
  read_repeat(reader.section("repeat"), config.reconcile);
  read_flapping(reader.section("flapping"), config.book.flapping);
  config.book.ack_timeout =
      reader.duration("ack_timeout", config.book.ack_timeout, minutes{1}, hours{24 * 7});
  config.inhibit = read_inhibit(reader);
  config.inhibit_hold = reader.duration("inhibit_hold", config.inhibit_hold, {}, hours{24});
  config.start_grace = reader.duration("start_grace", config.start_grace, {}, minutes{10});
  config.history_keep =
      reader.duration("history_keep", config.history_keep, hours{1}, hours{24 * 3650});
  config.fridges = reader.texts("fridges");
  read_sites(reader, config);
  for (SettingsReader& entry : reader.sections("notifiers")) {
    NotifierSettings notifier = read_notifier_entry(entry, read_notifier);
    if (config.notifier(notifier.name) != nullptr) {
      entry.mistake("name", "found \"" + notifier.name + "\" a second time, expected another name");
    }
    config.notifiers.push_back(std::move(notifier));
  }
  config.routes = read_routes(reader, config);
  config.own_alarms = read_own_alarms(reader.section("own_alarms"));
  SettingsReader dead_man = reader.section("dead_man");
  config.dead_man.url = read_secret(dead_man, "url", secrets_must_exist);
  config.dead_man.every = dead_man.duration("every", config.dead_man.every, seconds{15}, hours{24});
  SettingsReader drill = reader.section("drill");
  config.drill.every = drill.duration("every", config.drill.every);
  config.drill.late_after = drill.duration("late_after", config.drill.late_after, seconds{1});
  return config;
}

}  // namespace coldwatch
