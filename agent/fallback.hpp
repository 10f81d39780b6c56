// The way around broker and bridge: decides which alarm the agent has to tell by itself, because
// nobody else can have told it, and what that message says. It sends nothing and reads no clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/messages.hpp"
#include "common/settings.hpp"

namespace coldwatch {

struct FallbackMail {
  std::string host;  // "" for none
  int port = 587;
  std::string security = "starttls";  // or "tls", "none"
  std::string user;
  std::string password;
  std::string from;
  std::vector<std::string> to;
};

/// The section "fallback" of the agent's config: one of `url` and `mail`, or neither.
struct FallbackSettings {
  Milliseconds after = std::chrono::minutes{5};
  std::string url;  // of a webhook; a secret
  std::string ca_file;
  FallbackMail mail;
  bool wanted() const { return !url.empty() || !mail.host.empty(); }
};

/// Adds the mistakes of the section. Without libcurl nothing can be sent, and it says so here.
FallbackSettings read_fallback(SettingsReader reader, bool secrets_must_exist = true);

/// The alarm that was told last of a rule, so that it is not told twice: kept in the state file.
struct FallbackTold {
  UtcTime since{};
  Severity severity = Severity::kInfo;
  bool operator==(const FallbackTold&) const = default;
};

/// What the agent knows of one alarm that is active now.
struct FallbackAlarm {
  std::string rule;
  AlarmMessage message;
  bool confirmed = false;  // a bridge has the event that it began, or became worse, in its store
};

/// What is heard of the others at one step.
struct FallbackHearing {
  bool connected = false;           // to a broker
  bool waiting = false;             // an event, of any type, is not confirmed by a bridge
  std::uint64_t confirmations = 0;  // how often a bridge has confirmed something new, in this run
};

class Fallback {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  Fallback(Milliseconds after, std::map<std::string, FallbackTold> told)
      : after_(after), told_(std::move(told)) {}

  /// The alarms to tell now: every one where no broker was there for `after`, and those that no bridge
  /// has confirmed where for so long something waited and nothing was confirmed, whether a broker was
  /// there, was not, or came and went. Called at every step; `active` holds every alarm of severity
  /// warning or critical that is active.
  std::vector<FallbackAlarm> due(const std::vector<FallbackAlarm>& active,
                                 const FallbackHearing& heard, SteadyTime now);
  /// The message about these alarms was taken.
  void told(const std::vector<FallbackAlarm>& alarms);
  const std::map<std::string, FallbackTold>& all_told() const { return told_; }

 private:
  Milliseconds after_;
  std::map<std::string, FallbackTold> told_;
  std::optional<SteadyTime> broker_heard_;
  std::optional<SteadyTime> waiting_since_;  // since then no bridge has confirmed anything
  std::uint64_t confirmations_ = 0;
};

/// One message, for either way. `id` is the same for the same alarms, over restarts as well.
struct FallbackMessage {
  std::string id;
  std::string subject;  // ASCII
  std::string text;     // for people
  std::string json;     // as the bridge's notifier "webhook" has it
};

FallbackMessage fallback_message(const std::string& site, const std::string& fridge,
                                 const std::vector<FallbackAlarm>& alarms, Milliseconds after,
                                 UtcTime now);

}  // namespace coldwatch
