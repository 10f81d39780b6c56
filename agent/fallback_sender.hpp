// Carries one fallback message at a time by libcurl, a little at every step and never waiting. libcurl
// is loaded when a config wants a fallback; where it is not installed, `check` says so.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "agent/fallback.hpp"

namespace coldwatch {

class FallbackSender {
 public:
  /// libcurl is installed; loads it.
  static bool available();
  static constexpr Milliseconds kLongestAttempt = std::chrono::seconds{60};

  explicit FallbackSender(FallbackSettings settings);
  ~FallbackSender();
  FallbackSender(const FallbackSender&) = delete;
  FallbackSender& operator=(const FallbackSender&) = delete;

  bool busy() const;
  /// Begins to send. Only while it is not busy. `now` dates the mail.
  void send(const FallbackMessage& message, UtcTime now);

  struct Result {
    bool taken = false;  // the server said so
    std::string detail;  // its answer, or what went wrong; without secrets
  };
  /// How the message fared, once that is known.
  std::optional<Result> step();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace coldwatch
