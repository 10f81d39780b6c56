#include "bridge/notification.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "bridge/long_lists.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 13> kIntentWords{
    "open",  "escalate", "lower", "repeat", "realarm",        "stale",
    "fresh", "flap",     "still", "clear",  "return_unacked", "occurred_and_cleared",
    "notice"};
constexpr std::array<std::string_view, 5> kOutcomeWords{"sent", "retry", "ambiguous", "refused",
                                                        "broken"};

void put(json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}
void put(json& object, const char* key, const std::optional<double>& value) {
  if (value && std::isfinite(*value)) object[key] = *value;
}

json item_json(const NotificationItem& item) {
  json object{{"intent", word(item.intent)},     {"site", item.key.site},
              {"fridge", item.key.fridge},       {"rule", item.key.rule},
              {"severity", word(item.severity)}, {"text", item.text},
              {"since", to_rfc3339(item.since)}, {"stale", item.stale}};
  put(object, "channel", item.channel);
  put(object, "value", item.value);
  put(object, "unit", item.unit);
  put(object, "limit", item.limit);
  if (item.until) object["until"] = to_rfc3339(*item.until);
  if (item.count > 1) object["count"] = item.count;
  put(object, "acknowledged_by", item.acknowledged_by);
  put(object, "cause", item.cause);
  put(object, "playbook", item.playbook);
  if (!item.trend.empty()) object["trend"] = item.trend;
  return object;
}

std::optional<double> number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::nullopt : std::optional{found->get<double>()};
}

NotificationItem item_of(const json& object) {
  NotificationItem item;
  item.intent = parse_intent(object.at("intent").get<std::string>()).value();
  item.key = {object.at("site"), object.at("fridge"), object.at("rule")};
  item.severity = parse_severity(object.at("severity").get<std::string>()).value();
  item.text = object.at("text");
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

json items_json(const std::vector<NotificationItem>& items, std::size_t most) {
  json list = json::array();
  for (const NotificationItem& item : std::span{items}.first(std::min(items.size(), most))) {
    list.push_back(item_json(item));
  }
  return list;
}

/// All but the lists of alarms.
json head_json(const Notification& notification) {
  json object{{"id", notification.id},
              {"notifier", notification.notifier},
              {"incident", notification.incident},
              {"number", notification.number},
              {"title", notification.title},
              {"severity", word(notification.severity)},
              {"quiet", notification.quiet},
              {"all_clear", notification.all_clear},
              {"escalation_step", notification.escalation_step},
              {"t", to_rfc3339(notification.time)}};
  if (notification.may_be_duplicate) object["may_be_duplicate"] = true;
  put(object, "question", notification.question);
  put(object, "thread", notification.thread);
  return object;
}

std::vector<NotificationItem> items_of(const json& list) {
  std::vector<NotificationItem> items;
  for (const json& object : list) items.push_back(item_of(object));
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

json to_json(const Notification& notification, std::size_t most) {
  json object = head_json(notification);
  object["items"] = items_json(notification.items, most);
  object["active"] = items_json(notification.active, most);
  return object;
}

std::string to_text(const Notification& notification) {
  std::string text = dump(head_json(notification));
  add_list(text, "items", notification.items, item_json);
  add_list(text, "active", notification.active, item_json);
  return text;
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
    notification.items = items_of(object.at("items"));
    notification.active = items_of(object.at("active"));
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
