#include "agent/state.hpp"

#include <filesystem>

#include "common/files.hpp"
#include "common/settings.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr std::size_t kLargestStateBytes = 64 * 1024 * 1024;

json to_json(const FilePosition& at) {
  json object{{"path", at.path},
              {"identity", at.identity},
              {"head_hash", at.head_hash},
              {"order", at.order},
              {"offset", at.position.offset},
              {"record", at.position.record},
              {"time_ms", at.position.time.time_since_epoch().count()}};
  if (!at.finished.empty()) object["finished"] = to_json(at.finished.front());
  return object;
}

json to_json(const StreamPositions& positions) {
  json object = json::object();
  for (const auto& [stream, at] : positions) object[stream] = to_json(at);
  return object;
}

/// A count of things that goes on from here, and so is below the highest: that was never reached by
/// counting.
std::uint64_t count_from(const json& object, const char* key) {
  const json& found = object.at(key);
  if (found.is_number_unsigned() && found.get<std::uint64_t>() < kHighestCount) {
    return found.get<std::uint64_t>();
  }
  throw SettingsError{"\"" + std::string{key} + "\": found " + one_line(dump(found), 60) +
                      ", expected a whole number of 0 to 2^53 - 1"};
}

Position position_from(const json& object) {
  return {.offset = count_from(object, "offset"),
          .record = count_from(object, "record"),
          .time = UtcTime{Milliseconds{object.at("time_ms").get<std::int64_t>()}}};
}

FilePosition place_from(const json& object) {
  return {.path = object.at("path").get<std::string>(),
          .identity = object.at("identity").get<std::string>(),
          .head_hash = object.at("head_hash").get<std::string>(),
          .order = object.at("order").get<std::string>(),
          .position = position_from(object)};
}

StreamPositions positions_from(const json& object) {
  StreamPositions positions;
  for (const auto& [stream, at] : object.items()) {
    FilePosition& place = positions[stream] = place_from(at);
    if (at.contains("finished")) place.finished.push_back(place_from(at["finished"]));
  }
  return positions;
}

json to_json(const ToldRule& told) {
  return {{"seq", told.seq},
          {"id", told.id},
          {"state", static_cast<int>(told.state)},
          {"severity", static_cast<int>(told.severity)}};
}

ToldRule told_from(const json& object) {
  const int state = object.at("state").get<int>();
  const int severity = object.at("severity").get<int>();
  if (state < 0 || state > 2 || severity < 0 || severity > 2) {
    throw SettingsError{"\"told\" has a state or severity beyond 2"};
  }
  return {count_from(object, "seq"), object.at("id").get<std::string>(),
          static_cast<AlarmState>(state), static_cast<Severity>(severity)};
}

FallbackTold fallback_from(const json& object) {
  const int severity = object.at("severity").get<int>();
  if (severity < 0 || severity > 2) throw SettingsError{"\"fallback\" has a severity beyond 2"};
  return {UtcTime{Milliseconds{object.at("since_ms").get<std::int64_t>()}},
          static_cast<Severity>(severity)};
}

EventMessage event_from(const json& object) {
  std::string error;
  auto event = parse_event(dump(object), error);
  if (!event) throw SettingsError{"\"events\": " + error};
  count_from(object, "seq");
  return *event;
}

AgentState state_from(const json& object) {
  AgentState state{
      .fridge = object.at("fridge").get<std::string>(),
      .epoch = object.at("epoch").get<std::string>(),
      .seq = count_from(object, "seq"),
      .last_event = object.contains("last_event") ? count_from(object, "last_event") : 0,
      .evaluated = positions_from(object.at("evaluated")),
      .acknowledged = positions_from(object.at("acknowledged")),
      .rules = object.at("rules"),
      .snapshot_due = UtcTime{Milliseconds{object.at("snapshot_due_ms").get<std::int64_t>()}}};
  for (const auto& [rule, told] : object.at("told").items()) state.told[rule] = told_from(told);
  if (const auto fallback = object.find("fallback"); fallback != object.end()) {
    for (const auto& [rule, told] : fallback->items()) state.fallback[rule] = fallback_from(told);
  }
  for (const json& event : object.at("events")) state.events.push_back(event_from(event));
  return state;
}

}  // namespace

std::string serialize(const AgentState& state) {
  json object{{"version", kVersion},
              {"fridge", state.fridge},
              {"epoch", state.epoch},
              {"seq", state.seq},
              {"last_event", state.last_event},
              {"evaluated", to_json(state.evaluated)},
              {"acknowledged", to_json(state.acknowledged)},
              {"rules", state.rules},
              {"told", json::object()},
              {"events", json::array()},
              {"snapshot_due_ms", state.snapshot_due.time_since_epoch().count()}};
  for (const auto& [rule, told] : state.told) object["told"][rule] = to_json(told);
  for (const auto& [rule, told] : state.fallback) {
    object["fallback"][rule] = {{"since_ms", told.since.time_since_epoch().count()},
                                {"severity", static_cast<int>(told.severity)}};
  }
  for (const EventMessage& event : state.events) {
    object["events"].push_back(coldwatch::to_json(event));
  }
  return dump(object) + "\n";
}

std::optional<AgentState> parse_state(std::string_view text, const std::string& fridge,
                                      std::string& error) {
  try {
    const json object = parse_json(text);
    const int version = object.at("version").get<int>();
    if (version != kVersion) {
      error = "found version " + std::to_string(version) + ", expected " + std::to_string(kVersion);
      return std::nullopt;
    }
    AgentState state = state_from(object);
    if (state.fridge == fridge) return state;
    error = "found the state of fridge \"" + state.fridge + "\", expected \"" + fridge + "\"";
  } catch (const std::exception& exception) {
    error = exception.what();
  }
  return std::nullopt;
}

AgentState StateFile::load(const std::string& fridge, UtcTime now) const {
  AgentState fresh{.fridge = fridge, .epoch = to_rfc3339(now)};
  std::string error;
  const auto text = read_file(path_, kLargestStateBytes, error);
  if (!text && std::filesystem::exists(std::u8string{path_.begin(), path_.end()})) {
    throw SettingsError{"the state file cannot be read, and must not be lost: " + error};
  }
  if (!text) {
    log_info(path_ + " does not exist yet: a new state begins at the place that log.start names");
    return fresh;
  }
  if (auto state = parse_state(*text, fridge, error)) return *state;
  log_warning(path_ + ": cannot be used: " + error + "; it is kept as " + path_ +
              ".damaged, and a new epoch begins at the place that log.start names");
  set_file_aside(path_);
  return fresh;
}

bool StateFile::save(const AgentState& state, UtcTime now) {
  std::string error;
  if (replace_file(path_, serialize(state), error)) return true;
  if (warnings_.due("save", now)) {
    log_warning("the state could not be saved: " + error +
                "; publishing goes on, but a restart would repeat what came since the last save");
  }
  return false;
}

}  // namespace coldwatch
