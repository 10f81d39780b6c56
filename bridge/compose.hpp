// Turns what is to be told into the values of a message: items, title, severity. Words and markup of
// a service come later, from bridge/notifiers.
#pragma once

#include "bridge/alarms/reconcile.hpp"
#include "bridge/delivery/outbox.hpp"
#include "bridge/notifiers/texts/texts.hpp"
#include "bridge/world.hpp"

namespace coldwatch {

NotificationItem make_item(const Alarm& alarm, Intent intent);

/// The message with the whole difference of `plan`, and what follows from its arrival. `members` are
/// in order of their keys; the words of the title are from `texts`.
Pending compose(const World& world, const Conversation& conversation, const Plan& plan,
                std::span<const Member> members, const Texts& texts, UtcTime now);

/// One message for several, where the rate limit has room for one only. Names every alarm of each.
Pending compose_digest(std::vector<Pending> parts, const std::string& id, const Texts& texts);

/// True for news that wake nobody: an end, a lower severity, a source that is heard again.
bool is_quiet(Intent intent);

}  // namespace coldwatch
