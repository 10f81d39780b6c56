#include "bridge/notifiers/alertmanager.hpp"

#include <cstdint>
#include <cstdio>

#include "bridge/notifiers/message_text.hpp"
#include "bridge/notifiers/trend.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::size_t kMostAlerts = 500;
constexpr std::size_t kMostBytes = 256 * 1024;               // of their JSON
constexpr std::string_view kNoEnd = "0001-01-01T00:00:00Z";  // as Go writes a time that is not set

/// 64 bits of FNV-1a, in 16 digits as Alertmanager's own.
std::string fingerprint(const AlarmKey& key) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const Name& name : {key.site, key.fridge, key.rule}) {
    for (const char c : name.text() + '\xff') {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
  }
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  return digits;
}

void put(json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

json alert(const NotificationItem& item, const std::string& link) {
  const bool firing = !is_end(item.intent) && item.intent != Intent::kNotice;
  json labels{{"alertname", item.key.rule},
              {"site", item.key.site},
              {"fridge", item.key.fridge},
              {"severity", word(item.severity)}};
  put(labels, "channel", item.channel);
  put(labels, "cause", item.cause);
  json annotations{{"summary", item.text}};
  put(annotations, "playbook", item.playbook);
  put(annotations, "acknowledged_by", item.acknowledged_by);
  if (item.value) annotations["value"] = value_words(*item.value, item.unit);
  if (item.limit) annotations["limit"] = value_words(*item.limit, item.unit);
  return {{"status", firing ? "firing" : "resolved"},
          {"labels", std::move(labels)},
          {"annotations", std::move(annotations)},
          {"startsAt", to_rfc3339(item.since)},
          {"endsAt", firing ? std::string{kNoEnd} : to_rfc3339(item.until.value_or(item.since))},
          {"generatorURL", link},
          {"fingerprint", fingerprint(item.key)}};
}

/// What all alerts have under `part`, with the same value.
json common(const json& alerts, const char* part) {
  json shared = alerts.empty() ? json::object() : alerts.front().at(part);
  for (const json& one : alerts) {
    for (auto entry = shared.begin(); entry != shared.end();) {
      const auto found = one.at(part).find(entry.key());
      const bool same = found != one.at(part).end() && *found == entry.value();
      entry = same ? std::next(entry) : shared.erase(entry);
    }
  }
  return shared;
}

}  // namespace

json alertmanager_body(const Notification& notification, const std::string& link) {
  json alerts = json::array();
  std::size_t truncated = 0;
  std::size_t bytes = 0;
  const auto add = [&](const NotificationItem& item) {
    const bool full = truncated > 0 || alerts.size() == kMostAlerts;
    json one = full ? json{} : alert(item, link);
    if (!full) bytes += dump(one).size();
    if (full || bytes > kMostBytes) {
      ++truncated;
    } else {
      alerts.push_back(std::move(one));
    }
  };
  for (const NotificationItem& item : notification.active) add(item);
  for (const NotificationItem& item : notification.items) {
    if (is_end(item.intent) || item.intent == Intent::kNotice) add(item);
  }
  const json labels = common(alerts, "labels");
  json group = json::object();
  if (labels.contains("alertname")) group["alertname"] = labels["alertname"];
  return {{"version", "4"},
          {"groupKey", "{}:{incident=\"" + notification.incident + "\"}"},
          {"truncatedAlerts", truncated},
          {"status", notification.active.empty() ? "resolved" : "firing"},
          {"receiver", notification.notifier},
          {"groupLabels", std::move(group)},
          {"commonLabels", labels},
          {"commonAnnotations", common(alerts, "annotations")},
          {"externalURL", link},
          {"alerts", std::move(alerts)}};
}

}  // namespace coldwatch
