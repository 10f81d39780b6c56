// The JSON of a notification for machines: what `webhook`, `mqtt` and `exec` hand over. Its schema
// is schemas/notification.schema.json.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "bridge/notifiers/notifier.hpp"

namespace coldwatch {

/// "alarm.opened", "alarm.escalated", "alarm.updated", "alarm.cleared" or "alarm.notice".
std::string_view payload_type(const Notification& notification);

/// {"type", "timestamp", "data"}, as Standard Webhooks wants it. `text` is the message in words. At
/// most 500 alarms in each list, then "more" counts the rest; without trends where that would be
/// larger than 20 kB.
nlohmann::json payload(const Notification& notification, const std::string& text,
                       const RenderContext& context);

}  // namespace coldwatch
