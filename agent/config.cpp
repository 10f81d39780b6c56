#include "agent/config.hpp"

#include <array>
#include <cstdlib>
#include <utility>

#include "agent/formats/format.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr Milliseconds kShortestPoll = 50ms;
constexpr Milliseconds kLongestPoll = 1h;
constexpr std::array<std::string_view, 3> kStartWords{"now", "today", "beginning"};

/// Keys whose values are paths, by section ("" is the top level).
constexpr std::array<std::pair<const char*, const char*>, 11> kPathKeys{
    {{"/broker", "password_file"},
     {"/broker", "ca_file"},
     {"/broker", "certificate"},
     {"/broker", "key"},
     {"/fallback", "url_file"},
     {"/fallback", "ca_file"},
     {"/fallback/email", "password_file"},
     {"/log", "folder"},
     {"/live", "key_file"},
     {"/live", "ca_file"},
     {"", "rule_library_folder"}}};

std::string folder_of(const std::string& file) {
  const auto slash = file.find_last_of("/\\");
  return slash == std::string::npos ? "" : file.substr(0, slash + 1);
}

bool is_absolute(const std::string& path) {
  return path.starts_with('/') || path.starts_with('\\') || (path.size() > 1 && path[1] == ':');
}

/// Where the state is kept: in the folder that systemd gives a service, else beside the config.
std::string state_folder(const std::string& config_folder) {
  const char* given = std::getenv("STATE_DIRECTORY");
  return given == nullptr || *given == '\0' ? config_folder : std::string{given} + "/";
}

void resolve_paths(json& settings, const std::string& folder) {
  for (const auto& [section, key] : kPathKeys) {
    const json::json_pointer place{section};
    if (!settings.contains(place) || !settings[place].is_object()) continue;
    json* object = &settings[place];
    const auto value = object->find(key);
    if (value == object->end() || !value->is_string()) continue;
    const auto path = value->get<std::string>();
    if (!path.empty() && !is_absolute(path)) *value = folder + path;
  }
}

std::string topic_level(SettingsReader& reader, const char* key, std::string value) {
  if (!is_topic_level(value) || value.starts_with('_')) {
    reader.mistake(key, "found \"" + value +
                            "\", expected 1 to 64 characters A-Z a-z 0-9 _ - that do not begin "
                            "with _");
  }
  return value;
}

std::string format_word(SettingsReader& reader) {
  std::string word = reader.text("format", "auto");
  if (word == "auto" || find_format(word) != nullptr) return word;
  std::string known = "\"auto\"";
  for (const Format* format : formats()) known += ", \"" + std::string{format->name} + "\"";
  reader.mistake("format", "found \"" + word + "\", expected one of " + known);
  return "auto";
}

TimeZone time_zone(SettingsReader& reader) {
  std::string error;
  if (auto zone = TimeZone::find(reader.text("time_zone", "local"), error)) return *zone;
  reader.mistake("time_zone", error);
  return *TimeZone::find("UTC", error);
}

LogSettings read_log(SettingsReader& reader) {
  std::string folder = reader.required_text("folder");
  std::string format = format_word(reader);
  TimeZone zone = time_zone(reader);
  const auto start = static_cast<LogStart>(reader.choice("start", kStartWords, 0));
  return {.folder = std::move(folder),
          .format = std::move(format),
          .zone = std::move(zone),
          .start = start,
          .names = {},
          .options = reader.text_map("options")};
}

void read_channels(SettingsReader reader, AgentConfig& config) {
  config.log.names = reader.texts("names");
  config.channels.units = reader.text_map("units");
  const auto ignored = reader.texts("ignore");
  config.channels.ignore = {ignored.begin(), ignored.end()};
  reader.raw("derived");  // belongs to the rules
}

void read_snapshot(SettingsReader reader, AgentConfig& config) {
  config.snapshot_channels = reader.texts("channels");
  const std::string schedule = reader.text("schedule");
  if (schedule.empty()) return;
  config.snapshot_schedule = parse_schedule(schedule);
  if (config.snapshot_schedule) return;
  reader.mistake("schedule", "found \"" + schedule +
                                 "\", expected a text like \"daily 12:00\", \"weekly tue 12:00\" "
                                 "or \"monthly 2nd tue 12:00\" (1st to 4th, or last)");
}

AgentConfig read_config(SettingsReader& reader, const std::string& folder) {
  SettingsReader log = reader.section("log");
  AgentConfig config{.log = read_log(log)};
  config.poll = log.duration("poll", config.poll, kShortestPoll, kLongestPoll);
  config.stale_after = log.duration("stale_after", config.stale_after, 10s, 24h * 365);
  config.root = topic_level(reader, "root", reader.text("root", config.root));
  config.site = topic_level(reader, "site", reader.text("site", config.site));
  config.fridge = reader.required_text("fridge");
  if (!config.fridge.empty()) topic_level(reader, "fridge", config.fridge);
  config.broker = read_mqtt_settings(reader.section("broker"));
  if (config.broker.client_id.empty()) {
    config.broker.client_id = config.root + "-" + config.site + "-" + config.fridge;
  }
  config.live = read_live_settings(reader.section("live"));
  reader.raw("$schema");  // for editors
  read_channels(reader.section("channels"), config);
  read_snapshot(reader.section("snapshot"), config);
  config.per_channel = reader.flag("per_channel", config.per_channel);
  config.fallback = read_fallback(reader.section("fallback"));
  config.heartbeat = reader.duration("heartbeat", config.heartbeat, 1s, 1h);
  config.state_file = reader.text("state_file", config.fridge + ".state.json");
  if (!is_absolute(config.state_file)) {
    config.state_file = state_folder(folder) + config.state_file;
  }
  return config;
}

}  // namespace

LoadedConfig load_agent_config(const std::string& file, Mistakes& mistakes) {
  const std::string folder = folder_of(file);
  json settings = load_settings(file, mistakes);
  // Where the file could not be read, what is missing in it is no news.
  Mistakes unread;
  Mistakes& found = settings.empty() && !mistakes.empty() ? unread : mistakes;
  resolve_paths(settings, folder);
  SettingsReader reader{settings, "", found};
  AgentConfig config = read_config(reader, folder);
  const std::string library = reader.text("rule_library_folder", folder + "rules");
  RuleEngine rules = RuleEngine::read(reader, config.fridge, library, found);
  return {std::move(config), std::move(rules)};
}

LoadedConfig require_agent_config(const std::string& file) {
  Mistakes mistakes;
  LoadedConfig loaded = load_agent_config(file, mistakes);
  if (!mistakes.empty()) throw SettingsError{describe(mistakes, file)};
  return loaded;
}

}  // namespace coldwatch
