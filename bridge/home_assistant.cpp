#include "bridge/home_assistant.hpp"

#include <nlohmann/json.hpp>

#include "common/topics.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

/// Agents publish a reading every 10 s; a value this old is not one of now.
constexpr int kExpireAfterS = 600;

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// No device_class: Home Assistant would turn 0.01 K into -273.14 °C. Only good readings are shown.
json sensor(const std::string& id, const std::string& base, const std::string& key,
            const json& channel) {
  const std::string name = text_of(channel, "name");
  json made{
      {"p", "sensor"},
      {"unique_id", id + "_" + key},
      {"name", name.empty() ? key : name},
      {"state_topic", base + "reading/" + key},
      {"value_template", "{{ value_json.value if value_json.quality == 'good' else 'None' }}"},
      {"state_class", "measurement"},
      {"expire_after", kExpireAfterS}};
  if (const std::string unit = text_of(channel, "unit"); !unit.empty()) {
    made["unit_of_measurement"] = unit;
  }
  return made;
}

json problem(const std::string& id, const std::string& base, const std::string& rule) {
  const std::string topic = base + "alarm/" + rule;
  return {
      {"p", "binary_sensor"},
      {"unique_id", id + "_alarm_" + rule},
      {"name", rule},
      {"device_class", "problem"},
      {"state_topic", topic},
      {"value_template", "{{ {'active': 'ON', 'normal': 'OFF'}.get(value_json.state, 'None') }}"},
      {"json_attributes_topic", topic}};
}

}  // namespace

std::optional<Publication> discovery_publication(const std::string& discovery_prefix,
                                                 const std::string& root, const std::string& site,
                                                 const std::string& fridge, std::string_view info,
                                                 std::string& error) {
  const std::string id = root + "_" + site + "_" + fridge;
  Publication publication{.topic = discovery_prefix + "/device/" + id + "/config", .retain = true};
  if (info.empty()) return publication;
  const json read = json::parse(info, nullptr, false);
  const auto channels = read.is_object() ? read.find("channels") : read.end();
  const auto rules = read.is_object() ? read.find("rules") : read.end();
  if (channels == read.end() || !channels->is_object() || rules == read.end() ||
      !rules->is_array()) {
    error = "expected an object with \"channels\" and \"rules\"";
    return std::nullopt;
  }
  const std::string base = root + "/" + site + "/" + fridge + "/";
  json components = json::object();
  for (const auto& [key, channel] : channels->items()) {
    if (is_topic_level(key)) components[key] = sensor(id, base, key, channel);
  }
  for (const json& rule : *rules) {
    const std::string name = text_of(rule, "id");
    if (text_of(rule, "kind") != "alarm" || !is_topic_level(name)) continue;
    components["alarm_" + name] = problem(id, base, name);
  }
  const json message{{"dev", {{"ids", {id}}, {"name", fridge}, {"sw", text_of(read, "version")}}},
                     {"o", {{"name", "coldwatch"}, {"sw", COLDWATCH_VERSION}}},
                     {"availability", {{{"topic", base + "status"}}}},
                     {"qos", 1},
                     {"cmps", components}};
  publication.payload = message.dump(-1, ' ', false, json::error_handler_t::replace);
  return publication;
}

}  // namespace coldwatch
