// What the tests of notifiers share: made from a config, notifications that are the same every day.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bridge/notifiers/notifiers.hpp"
#include "common/json.hpp"

namespace coldwatch {

/// Sunday 2026-11-22 03:06:00 UTC.
UtcTime test_now();
/// With test_now() and the zone UTC.
RenderContext test_context();

/// A notifier of `type`; every string under "secrets" of `config` is handed over in an environment
/// variable, under its key. Null, with the mistakes in `mistakes`, where the config is wrong.
std::unique_ptr<Notifier> make_test_notifier(const std::string& type, nlohmann::json config,
                                             Mistakes* mistakes = nullptr,
                                             const std::string& language = "en");

/// A config of `type` that is good.
nlohmann::json good_config(const std::string& type);

NotificationItem test_item(const std::string& fridge = "triton1");
/// With a trend of 20 points that rises by 0.1 A/min.
NotificationItem item_with_trend(const std::string& fridge = "triton1");
Notification test_alarm(std::vector<NotificationItem> items = {test_item()});
/// The end of test_alarm(), with nothing active any more.
Notification test_end();

/// The only request of a rendering, which must be one by HTTP.
HttpRequest only_http(const Notifier& notifier, const Notification& notification);
/// The text that a request carries, whatever its kind.
std::string body_of(const Request& request);

}  // namespace coldwatch
