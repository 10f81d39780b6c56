// Carries messages to the services: starts one attempt, and reports how it ended. It neither
// decides what is sent nor when it is tried again; that is the outbox. All transfers share one
// libcurl multi handle on the caller's thread, so that a slow service holds nobody up.
#pragma once

#include <functional>
#include <memory>
#include <optional>
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
  Milliseconds apart{0};                          // at least so long between two
  // After each full and half hour, when every robot speaks; what is critical does not wait.
  Milliseconds half_hour_pause{0};
  // False where each incident is an entry of its own on the service, which its end has to close.
  bool digests = true;
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

/// A message that can be acknowledged on its service (bridge/delivery/receipts.hpp).
struct Receipt;

/// Somebody has acknowledged a message where they read it.
struct Acknowledgement {
  std::string notifier;
  std::string incident;
  std::vector<AlarmKey> alarms;  // that the message named as active
  UtcTime written{};             // when its content was made
  std::string by;
};

/// Something that has to survive a restart; without a body it is gone.
struct CourierNote {
  std::string id;
  std::optional<std::string> body;
  bool operator==(const CourierNote&) const = default;
};

class Courier {
 public:
  /// `zone` is the zone of the times in messages.
  Courier(std::vector<std::unique_ptr<Notifier>> notifiers, TimeZone zone);
  ~Courier();

  /// Starts one attempt. A notifier has at most one under way: until its result came, none may
  /// follow.
  void send(Notification notification, UtcTime now);

  /// Moves all transfers on without waiting, and returns the attempts that have ended.
  std::vector<DeliveryResult> step(UtcTime now);

  /// Waits until a transfer can move on, wake() is called, or `timeout` is over.
  void wait(Milliseconds timeout);
  /// Ends wait(); may be called from any thread.
  void wake();

  /// Asks services whether their messages were acknowledged, and returns those that were since the
  /// last call. Messages that somebody has `in_hand` here are called off there.
  std::vector<Acknowledgement> follow_receipts(const std::function<bool(const Receipt&)>& in_hand,
                                               UtcTime now);

  /// Parts that arrived of messages that have not arrived whole, and open receipts: the notes that
  /// changed since the last call are kept by the caller, and put back before the first send().
  std::vector<CourierNote> take_changed_notes();
  void restore(const CourierNote& note);
  /// All of them, for the courier of another config.
  std::vector<CourierNote> notes() const;

  /// What `mqtt` notifiers want published on the bridge's own broker, and how that went; one that
  /// is not reported within 30 s is tried again.
  std::vector<PendingPublication> take_publications();
  void publication_ended(const std::string& notification, bool accepted, const std::string& why);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coldwatch
