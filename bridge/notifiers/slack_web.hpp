// Slack's Web API: what `slack` does with a bot's token instead of a webhook's address.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "bridge/notifiers/notifiers.hpp"

namespace coldwatch {

std::unique_ptr<Notifier> make_slack_web(NotifierEntry entry);

/// The message of a webhook and of the Web API: header, text of the alarms, words for the phone.
nlohmann::json slack_message(const Notification& notification, const Texts& texts,
                             const std::string& link, const RenderContext& context);

}  // namespace coldwatch
