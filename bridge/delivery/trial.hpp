// `coldwatch-bridge test NAME`: sends a real test alarm and its end through a notifier, and says in
// words what the server answered.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/delivery/courier.hpp"
#include "bridge/notification.hpp"
#include "bridge/notifiers/texts/texts.hpp"

namespace coldwatch {

/// A test alarm of a fridge "test" with value, limit, trend and playbook, and its end. Both say that
/// nothing is wrong.
std::vector<Notification> test_notifications(const std::string& notifier, const Texts& texts,
                                             UtcTime now);

/// "alarm: delivered. The server said: 250 2.0.0 queued as 4F2".
std::string trial_words(std::string_view which, const DeliveryResult& result);

/// Sends both, one attempt each, and prints a line for each; the end only after the alarm has
/// arrived. True where both arrived. `clock` tells the present time.
bool run_trial(Courier& courier, const std::string& notifier, const std::string& language,
               const std::function<UtcTime()>& clock,
               const std::function<void(const std::string&)>& print);

}  // namespace coldwatch
