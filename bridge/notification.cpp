#include "bridge/notification.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "bridge/patches.hpp"
#include "common/json.hpp"
#include "common/json_text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 13> kIntentWords{
    "open",  "escalate", "lower", "repeat", "realarm",        "stale",
    "fresh", "flap",     "still", "clear",  "return_unacked", "occurred_and_cleared",
    "notice"};
constexpr std::array<std::string_view, 5> kOutcomeWords{"sent", "retry", "ambiguous", "refused",
                                                        "broken"};
// In the store, where a list is written as Patches.
constexpr const char* kItemPatches = "item_patches";
constexpr const char* kActivePatches = "active_patches";
constexpr const char* kActiveAreItems = "active_are_items";  // in place of the list

/// All but the trend.
template <typename Object>
void describe(const NotificationItem& item, Object& object) {
  object.text("intent", word(item.intent));
  object.text("site", item.key.site);
  object.text("fridge", item.key.fridge);
  object.text("rule", item.key.rule);
  object.text("severity", word(item.severity));
  object.text("text", item.text);
  object.time("since", item.since);
  object.flag("stale", item.stale);
  object.some_text("channel", item.channel);
  object.some_number("value", item.value);
  object.some_text("unit", item.unit);
  object.some_number("limit", item.limit);
  object.some_time("until", item.until);
  if (item.count > 1) object.count("count", item.count);
  object.some_text("acknowledged_by", item.acknowledged_by);
  object.some_text("cause", item.cause);
  object.some_text("playbook", item.playbook);
}

/// All but the lists of alarms.
template <typename Object>
void describe(const Notification& notification, Object& object) {
  object.text("id", notification.id);
  object.text("notifier", notification.notifier);
  object.text("incident", notification.incident);
  object.count("number", notification.number);
  object.text("title", notification.title);
  object.text("severity", word(notification.severity));
  object.flag("quiet", notification.quiet);
  object.flag("all_clear", notification.all_clear);
  object.count("escalation_step", notification.escalation_step);
  object.time("t", notification.time);
  if (notification.may_be_duplicate) object.flag("may_be_duplicate", true);
  object.some_text("question", notification.question);
  object.some_text("thread", notification.thread);
}

std::optional<double> number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::nullopt : std::optional{found->get<double>()};
}

NotificationItem item_of(const json& object) {
  NotificationItem item;
  item.intent = parse_intent(object.at("intent").get<std::string>()).value();
  item.key = {object.at("site").get<std::string>(), object.at("fridge").get<std::string>(),
              object.at("rule").get<std::string>()};
  item.severity = parse_severity(object.at("severity").get<std::string>()).value();
  item.text = object.at("text").get<std::string>();
  item.since = parse_rfc3339(object.at("since").get<std::string>()).value();
  item.stale = object.at("stale");
  item.channel = object.value("channel", "");
  item.value = number_of(object, "value");
  item.unit = object.value("unit", "");
  item.limit = number_of(object, "limit");
  if (object.contains("until")) item.until = parse_rfc3339(object["until"].get<std::string>());
  item.count = object.value("count", 1);
  item.acknowledged_by = object.value("acknowledged_by", "");
  item.cause = object.value("cause", "");
  item.playbook = object.value("playbook", "");
  if (object.contains("trend")) item.trend = object["trend"].get<std::vector<TrendPoint>>();
  return item;
}

std::size_t json_bytes(const NotificationItem& item) {
  std::string text;
  ObjectText object{text};
  describe(item, object);
  object.end();
  return text.size();
}

json items_json(const Items& items, const ListLimits& limits) {
  json list = json::array();
  std::size_t bytes = 0;
  for (const NotificationItem& item :
       std::span{items}.first(std::min(items.size(), limits.alarms))) {
    bytes += json_bytes(item);
    if (bytes > limits.bytes) break;
    ObjectValue object;
    describe(item, object);
    if (limits.trends) object.some_trend("trend", item.trend);
    list.push_back(object.take());
  }
  return list;
}

void append_items(std::string& out, const Items& items) {
  Patches list{out};
  for (const NotificationItem& item : items) {
    list.begin_object();
    describe(item, list);
    list.some_trend("trend", item.trend);
    list.end_object();
  }
  list.end();
}

Items items_of(const json& object, const char* key, const char* patches_key) {
  if (const auto patches = object.find(patches_key); patches != object.end()) {
    return read_patches<NotificationItem>(*patches, item_of);
  }
  std::vector<NotificationItem> items;
  for (const json& item : object.at(key)) items.push_back(item_of(item));
  return items;
}

}  // namespace

std::string_view word(Intent intent) { return kIntentWords[static_cast<std::size_t>(intent)]; }

std::optional<Intent> parse_intent(std::string_view text) {
  for (std::size_t i = 0; i < kIntentWords.size(); ++i) {
    if (text == kIntentWords[i]) return static_cast<Intent>(i);
  }
  return std::nullopt;
}

std::string_view word(Outcome outcome) { return kOutcomeWords[static_cast<std::size_t>(outcome)]; }

json to_json(const Notification& notification, const ListLimits& limits) {
  ObjectValue head;
  describe(notification, head);
  json object = head.take();
  object["items"] = items_json(notification.items, limits);
  object["active"] = items_json(notification.active, limits);
  return object;
}

void append_stored(std::string& out, const Notification& notification) {
  ObjectText object{out};
  describe(notification, object);
  append_items(object.value(kItemPatches), notification.items);
  if (notification.active == notification.items) {
    object.flag(kActiveAreItems, true);
  } else {
    append_items(object.value(kActivePatches), notification.active);
  }
  object.end();
}

std::optional<Notification> parse_notification(const json& object) {
  try {
    Notification notification;
    notification.id = object.at("id");
    notification.notifier = object.at("notifier");
    notification.incident = object.at("incident");
    notification.number = object.at("number");
    notification.title = object.at("title");
    notification.severity = parse_severity(object.at("severity").get<std::string>()).value();
    notification.question = object.value("question", "");
    notification.may_be_duplicate = object.value("may_be_duplicate", false);
    notification.quiet = object.at("quiet");
    notification.all_clear = object.at("all_clear");
    notification.escalation_step = object.at("escalation_step");
    notification.items = items_of(object, "items", kItemPatches);
    notification.active = object.contains(kActiveAreItems)
                              ? notification.items
                              : items_of(object, "active", kActivePatches);
    notification.time = parse_rfc3339(object.at("t").get<std::string>()).value();
    notification.thread = object.value("thread", "");
    return notification;
  } catch (const json::exception&) {
    return std::nullopt;
  } catch (const std::bad_optional_access&) {
    return std::nullopt;
  }
}

}  // namespace coldwatch
