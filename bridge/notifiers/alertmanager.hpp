// The body of Prometheus Alertmanager's webhook, format version 4, for receivers that were written for
// it (prometheus.io/docs/alerting/latest/configuration, "webhook_config").
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bridge/notifiers/notifier.hpp"

namespace coldwatch {

/// Everything of the incident: what is active as "firing", what ended (and what is only a notice) as
/// "resolved". A fingerprint is that of site, fridge and rule: severity and value may change without
/// making another alert. At most 500 alerts; "truncatedAlerts" counts the rest.
nlohmann::json alertmanager_body(const Notification& notification, const std::string& link);

}  // namespace coldwatch
