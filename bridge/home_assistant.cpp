#include "bridge/home_assistant.hpp"

#include <algorithm>
#include <functional>

#include "common/json.hpp"
#include "common/text.hpp"
#include "common/topics.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

/// Agents publish a reading every 10 s; a value this old is not one of now.
constexpr int kExpireAfterS = 600;
constexpr std::size_t kLongestNameBytes = 200;

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  return one_line(found->get_ref<const std::string&>(), kLongestNameBytes);
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

/// Never 0, which stands for none.
std::size_t hash_of(std::string_view info) { return std::hash<std::string_view>{}(info) | 1; }

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
  const auto parsed = parse_payload(info, error);
  if (!parsed) return std::nullopt;
  const json& read = *parsed;
  const auto channels = read.find("channels");
  const auto rules = read.find("rules");
  if (channels == read.end() || !channels->is_object() || rules == read.end() ||
      !rules->is_array()) {
    error = "expected an object with \"channels\" and \"rules\"";
    return std::nullopt;
  }
  if (channels->size() + rules->size() > kMostComponents) {
    error = "found " + std::to_string(channels->size() + rules->size()) +
            " channels and rules, expected at most " + std::to_string(kMostComponents);
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

void NewInfos::note(const FridgeId& id, std::string_view info, UtcTime now) {
  const auto last = last_.find(id);
  if (last != last_.end() && last->second.hash == hash_of(info)) {
    waiting_.erase(id);
    return;
  }
  const UtcTime paid = last == last_.end() ? now : last->second.paid_until;
  waiting_.insert_or_assign(
      id, std::pair{std::max(now, paid - (kAtOnce - 1) * kPause), std::string{info}});
}

std::vector<std::pair<FridgeId, std::string>> NewInfos::take_due(UtcTime now) {
  std::vector<std::pair<FridgeId, std::string>> due;
  for (auto entry = waiting_.begin(); entry != waiting_.end();) {
    const auto one = entry++;
    auto& [turn, info] = one->second;
    if (turn > now) continue;
    Last& last = last_[one->first];
    last = {hash_of(info), std::max(now, last.paid_until) + kPause};
    due.emplace_back(one->first, std::move(info));
    waiting_.erase(one);
  }
  return due;
}

std::optional<UtcTime> NewInfos::next() const {
  std::optional<UtcTime> first;
  for (const auto& [id, one] : waiting_) take_earlier(first, one.first);
  return first;
}

}  // namespace coldwatch
