// The sign of life for a service outside the lab, which calls people when it stays away: the only
// thing that can tell of a bridge, broker or network that is gone as a whole.
#pragma once

#include <memory>
#include <string>

#include "bridge/notifiers/notifier.hpp"

namespace coldwatch {

/// The name under which the courier knows it; no config can use it.
inline const std::string kDeadMan = "_dead_man";

/// Asks for `url` by HTTP GET, whatever the notification says.
std::unique_ptr<Notifier> make_dead_man(const std::string& url);

/// A notification that only carries the id of one ping.
Notification dead_man_ping(std::uint64_t n);

}  // namespace coldwatch
