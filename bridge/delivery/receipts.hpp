// Messages that people can acknowledge on the service itself: which of them are open, and which one
// to ask about next. Pure; the courier carries the questions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bridge/delivery/courier.hpp"
#include "bridge/notification.hpp"

namespace coldwatch {

/// A message that a service has taken and that somebody may acknowledge there.
struct Receipt {
  std::string number;  // by which the service knows it
  std::string notifier;
  std::string incident;
  std::vector<AlarmKey> alarms;  // that the message said are active
  UtcTime written{};             // when its content was made
  UtcTime until{};               // after which nobody can acknowledge it any more
  bool operator==(const Receipt&) const = default;
};

class Receipts {
 public:
  /// Pushover asks for at least 5 s between two questions.
  static constexpr Milliseconds kBetweenQuestions = std::chrono::seconds{5};
  /// Of more open receipts the oldest are forgotten.
  static constexpr std::size_t kMost = 64;

  void add(Receipt receipt);
  const Receipt* find(const std::string& number) const;
  /// No question about it any more.
  void close(const std::string& number);

  /// The receipts to ask about now, one a notifier at most, each in its turn.
  std::vector<Receipt> ask(UtcTime now);

  /// True where the note is a receipt's.
  bool restore(const CourierNote& note);
  std::vector<CourierNote> take_changes() { return std::exchange(changes_, {}); }
  std::vector<CourierNote> notes() const;

 private:
  std::vector<Receipt> open_;                // the one asked about longest ago first
  std::map<std::string, UtcTime> asked_at_;  // by notifier
  std::vector<CourierNote> changes_;
};

}  // namespace coldwatch
