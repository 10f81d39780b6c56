// Carries messages to the services: starts one attempt, and reports how it ended. It neither
// decides what is sent nor when it is tried again; that is the outbox. All transfers share one
// libcurl multi handle on the caller's thread, so that a slow service holds nobody up.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bridge/notification.hpp"
#include "common/settings.hpp"
#include "common/time_zone.hpp"

namespace coldwatch {

class Notifier;
class Texts;

/// What the outbox has to know of a notifier without knowing its service.
struct NotifierLimits {
  int messages = 60;                              // at most so many ...
  Milliseconds window = std::chrono::minutes{1};  // ... in any window of this length
};

/// One entry of the config's "notifiers", its secrets read. Keys that all types share (name, type,
/// language, send_end, quiet_hours, ...) are read by the bridge's config before this is called.
/// Null, with the mistakes added, where the entry cannot be used.
std::unique_ptr<Notifier> make_notifier(SettingsReader& entry, const std::string& name,
                                        const std::string& type, const std::string& language,
                                        bool secrets_must_exist);
NotifierLimits limits_of(const Notifier& notifier);
const Texts& texts_of(const Notifier& notifier);

/// A publication that is a notification, by its id, on its way to the broker.
struct PendingPublication {
  std::string notification;
  Publication publication;
};

class Courier {
 public:
  /// `zone` is the zone of the times in messages.
  Courier(std::vector<std::unique_ptr<Notifier>> notifiers, TimeZone zone);
  ~Courier();

  /// Starts one attempt. A notifier has at most one under way: until its result came, none may
  /// follow.
  void send(const Notification& notification, UtcTime now);

  /// Moves all transfers on without waiting, and returns the attempts that have ended.
  std::vector<DeliveryResult> step(UtcTime now);

  /// Waits until a transfer can move on, wake() is called, or `timeout` is over.
  void wait(Milliseconds timeout);
  /// Ends wait(); may be called from any thread.
  void wake();

  /// What `mqtt` notifiers want published on the bridge's own broker, and how that went; one that
  /// is not reported within 30 s is tried again.
  std::vector<PendingPublication> take_publications();
  void publication_ended(const std::string& notification, bool accepted, const std::string& why);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coldwatch
