// What a service is to the rest of the bridge: it turns a notification into requests, and judges
// what came back. Both are pure; the courier carries the requests.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bridge/delivery/courier.hpp"
#include "bridge/notification.hpp"
#include "bridge/notifiers/request.hpp"
#include "bridge/notifiers/texts/texts.hpp"
#include "common/messages.hpp"
#include "common/time_zone.hpp"

namespace coldwatch {

/// One request of a message. The message is sent when all essential parts are; a part that was
/// taken is not sent again when another one has to be retried.
struct Part {
  std::string name;  // unique in the message and the same in every attempt
  Request request;
  bool essential = true;
  std::string thread = {};  // of the message once this part is taken, unless judge() knows it
  std::string memo = {};    // for follow_ups(): comes back with the reply
};

/// What came back for one part.
struct Reply {
  std::string part;
  std::string memo;
  std::string failure;  // a sentence where no answer came; else ""
  Outcome failure_outcome = Outcome::kAmbiguous;
  int status = 0;     // HTTP status, last SMTP code, exit status of a program
  std::string stage;  // SMTP: the command answered: "AUTH", "MAIL", "RCPT", "DATA"
  std::string body;   // cut at 64 KiB
  std::optional<Milliseconds> retry_after;  // from a header, as the server said it
};

struct Judgement {
  Outcome outcome = Outcome::kRetry;
  std::string detail;
  std::optional<Milliseconds> retry_after;
  std::string thread;
  bool operator==(const Judgement&) const = default;
};

/// What a service knows of a message that can be acknowledged there.
struct ReceiptAnswer {
  enum class State { kOpen, kAcknowledged, kOver };
  State state = State::kOpen;  // also where nobody answered
  std::string by;              // who or what acknowledged it, for people
  bool operator==(const ReceiptAnswer&) const = default;
};

struct RenderContext {
  UtcTime now{};
  const TimeZone* zone = nullptr;
  bool minimal = false;  // the service found the full message too long or wrong: only plain text
};

/// What every notifier has, whatever its service.
struct NotifierBasics {
  std::string name;
  Texts texts;
  std::string link;  // a page for people, "" where none
  NotifierLimits limits;
};

class Notifier {
 public:
  explicit Notifier(NotifierBasics basics) : basics_(std::move(basics)) {}
  virtual ~Notifier() = default;

  /// The parts of the message in the order in which they are sent; at least one.
  virtual std::vector<Part> requests(const Notification& notification,
                                     const RenderContext& context) const = 0;
  virtual Judgement judge(const Reply& reply) const = 0;
  /// Parts that can only be made from the answer to another one, such as a file's upload address.
  virtual std::vector<Part> follow_ups(const Notification& /*notification*/,
                                       const RenderContext& /*context*/,
                                       const Reply& /*reply*/) const {
    return {};
  }
  /// By what the service will say whether somebody has acknowledged the message there; "" where it
  /// cannot. `reply` was judged to be sent.
  virtual std::string receipt(const Reply& /*reply*/) const { return {}; }
  /// How long after a message it can be acknowledged on the service.
  virtual Milliseconds receipt_life() const { return {}; }
  /// The question, for the notifiers that have receipts.
  virtual HttpRequest ask_about(const std::string& /*receipt*/) const { return {}; }
  virtual ReceiptAnswer read_answer(const Reply& /*reply*/) const { return {}; }
  /// Ends the ringing of a message whose alarms somebody has in hand.
  virtual HttpRequest call_off(const std::string& /*receipt*/) const { return {}; }
  /// Texts that must never be seen: blotted out in every detail, should a server repeat one.
  virtual std::vector<std::string> secrets() const { return {}; }

  const std::string& name() const { return basics_.name; }
  const NotifierLimits& limits() const { return basics_.limits; }
  const Texts& texts() const { return basics_.texts; }

 protected:
  const std::string& link() const { return basics_.link; }

 private:
  NotifierBasics basics_;
};

}  // namespace coldwatch
