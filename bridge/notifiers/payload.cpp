#include "bridge/notifiers/payload.hpp"

#include <algorithm>

#include "bridge/notifiers/message_text.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr ListLimits kLists{.alarms = 500, .bytes = 256 * 1024, .trends = false};
constexpr std::size_t kRecommendedBytes = 20 * 1000;
constexpr std::size_t kShortestAlarmBytes = 120;

void drop_trends(json& data) {
  for (const char* key : {"items", "active"}) {
    for (json& item : data.at(key)) item.erase("trend");
  }
}

}  // namespace

std::string_view payload_type(const Notification& notification) {
  const auto any = [&notification](Intent intent) {
    return std::ranges::any_of(notification.items, [intent](const NotificationItem& item) {
      return item.intent == intent;
    });
  };
  const auto all_are = [&notification](auto condition) {
    return std::ranges::all_of(notification.items, condition);
  };
  if (any(Intent::kOpen)) return "alarm.opened";
  if (any(Intent::kEscalate)) return "alarm.escalated";
  if (all_are([](const NotificationItem& item) { return is_end(item.intent); })) {
    return "alarm.cleared";
  }
  const bool notices =
      all_are([](const NotificationItem& item) { return item.intent == Intent::kNotice; });
  return notices ? "alarm.notice" : "alarm.updated";
}

json payload(const Notification& notification, const std::string& text,
             const RenderContext& context) {
  const std::size_t all = notification.items.size() + notification.active.size();
  ListLimits limits = kLists;
  limits.trends = all * kShortestAlarmBytes < kRecommendedBytes;
  json data = to_json(notification, limits);
  data.erase("notifier");
  data.erase("thread");
  data["text"] = text;
  const std::size_t more = std::max(notification.items.size() - data["items"].size(),
                                    notification.active.size() - data["active"].size());
  if (more > 0) data["more"] = more;
  json message{{"type", payload_type(notification)},
               {"timestamp", to_rfc3339(context.now)},
               {"data", std::move(data)}};
  const bool may_drop = limits.trends && dump(message).size() > kRecommendedBytes;
  if (may_drop) drop_trends(message["data"]);
  return message;
}

}  // namespace coldwatch
