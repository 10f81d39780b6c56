// A notification in words, in pieces that no service has touched yet: each one escapes the pieces
// in its own way and lays them out within its own limits (layout.hpp).
#pragma once

#include <string>
#include <vector>

#include "bridge/notification.hpp"
#include "bridge/notifiers/notifier.hpp"

namespace coldwatch {

/// Of more alarms than this in one message only the names are said.
inline constexpr std::size_t kMostDetailed = 300;

struct TextLine {
  std::string fridge;
  std::string text;        // "MC_T 0.142 K (limit 0.1 K), rising 0.8 K/min, since 03:02"
  std::size_t alarms = 1;  // that it stands for, where only names are said
  bool operator==(const TextLine&) const = default;
};

/// Alarms of several fridges that are the same to people: same intent, severity and sentence.
struct TextSection {
  Intent intent = Intent::kOpen;
  Severity severity = Severity::kWarning;
  std::string heading;  // "CRITICAL: Pulse tube is off (2 fridges)"
  std::vector<TextLine> lines;
  std::string playbook;  // "Do: ..."
};

struct MessageText {
  std::string headline;  // one line that says it all: "CRITICAL triton1: Pulse tube is off"
  std::string
      context;  // a guess: "Common cause? 6 of 8 fridges: Pulse tube is off"; that it may be a
                // duplicate; "" for neither
  std::vector<TextSection> sections;
  std::string active_heading;
  std::vector<TextLine> active;  // active members of the incident that stand in no section
  std::string all_clear;         // a sentence, "" unless all is over
  std::string link_label;
  std::string link;
};

/// What an alarm is called: its rule's text or, for one that the bridge raised itself (an agent that
/// is silent, a notifier that fails), the words of the language.
std::string alarm_words(const AlarmKey& key, const std::string& text, const Texts& texts);
/// The fridge's name, or what the bridge calls itself where an alarm is about nothing else.
std::string fridge_words(const std::string& fridge, const Texts& texts);

MessageText message_text(const Notification& notification, const Texts& texts,
                         const std::string& link, const RenderContext& context);

/// "03:02" on the day of `now`, else "2026-11-21 03:02".
std::string clock_words(UtcTime time, UtcTime now, const TimeZone& zone);

/// True for the intents that say that an alarm is over.
bool is_end(Intent intent);

/// The sign for a colour that every phone shows: red, orange, blue, green.
std::string_view colour_sign(const Notification& notification);

}  // namespace coldwatch
