// One attempt to send a notification in all its parts, without any transfer: says which part comes
// next, takes the reply, and knows the result. Pure; the courier carries the parts.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "bridge/notifiers/notifier.hpp"

namespace coldwatch {

/// What is settled of a notification: parts taken, and parts refused for good. Kept between
/// attempts, so that nobody gets a part twice.
struct PartsDone {
  std::map<std::string, bool> parts;  // by name; true for taken
  std::string thread;
  bool minimal = false;  // the full message was refused
  std::string
      receipt;  // by which the service knows the message, where it can be acknowledged there
  bool operator==(const PartsDone&) const = default;
};

class Attempt {
 public:
  /// `notifier` outlives the attempt. `done` is what earlier attempts of this notification left.
  Attempt(const Notifier& notifier, Notification notification, const RenderContext& context,
          PartsDone done);

  /// The part to send next; null when the attempt is over.
  const Part* next() const { return parts_.empty() ? nullptr : &parts_.front(); }
  /// The reply to next().
  void take(const Reply& reply);

  /// Once next() is null.
  DeliveryResult result() const;
  const PartsDone& done() const { return done_; }
  const std::string& id() const { return notification_.id; }
  const Notification& notification() const { return notification_; }
  UtcTime time() const { return context_.now; }
  bool some_refused() const;

 private:
  void render();
  void settle(bool taken);
  void stop(const Judgement& judgement);
  void note(const std::string& part, const std::string& detail);

  const Notifier& notifier_;
  Notification notification_;
  RenderContext context_;
  PartsDone done_;
  std::deque<Part> parts_;
  std::size_t part_count_ = 0;
  std::string details_;
  std::optional<Judgement> trouble_;  // what keeps the message from being sent, the worst so far
};

}  // namespace coldwatch
