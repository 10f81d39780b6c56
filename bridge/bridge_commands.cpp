// What people ask of the bridge.
#include <algorithm>

#include "bridge/bridge.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

std::string count_words(int count, std::string_view what) {
  return std::to_string(count) + (count == 1 ? " alarm " : " alarms ") + std::string{what};
}

}  // namespace

template <>
std::string Bridge::carry_out(const AckCommand& command, UtcTime now) {
  const World seen = world();
  const auto means = [&](const Alarm& alarm) { return command.match.matches(seen.subject(alarm)); };
  if (command.take_back) {
    return count_words(book_.unacknowledge(means, now), "no longer acknowledged");
  }
  return count_words(book_.acknowledge(means, command.by, command.note, now),
                     "acknowledged by " + command.by);
}

template <>
std::string Bridge::carry_out(const ShelveCommand& command, UtcTime now) {
  if (shelves_.full()) return "refused: there are too many shelves already";
  Shelf shelf = command.shelf;
  shelf.id = incidents_.make_id(now);
  shelves_.add(shelf);
  follow_shelves(now);
  return "shelf " + shelf.id + " until " + to_rfc3339(shelf.until) + " by " + shelf.by;
}

template <>
std::string Bridge::carry_out(const UnshelveCommand& command, UtcTime now) {
  const int count = shelves_.end(command.id, command.match);
  follow_shelves(now);
  return std::to_string(count) + (count == 1 ? " shelf" : " shelves") + " ended by " + command.by;
}

template <>
std::string Bridge::carry_out(const TestCommand& command, UtcTime now) {
  const NotificationItem item{.intent = Intent::kNotice,
                              .key = own_key("test"),
                              .severity = Severity::kInfo,
                              .text = "this is a test, asked for by " + command.by,
                              .since = now};
  const int count = tell_everyone(command.notifier, item, now);
  if (count == 0) return "refused: there is no notifier \"" + command.notifier + "\"";
  return "test through " + std::to_string(count) + (count == 1 ? " notifier" : " notifiers");
}

template <>
std::string Bridge::carry_out(const ReloadCommand&, UtcTime now) {
  out_.reload = true;
  static_cast<void>(now);
  return "the config will be read again; a mistake in it leaves the old one in force";
}

void Bridge::on_acknowledgement(const Acknowledgement& told, UtcTime now) {
  follow_book(now);
  const auto means = [&told](const Alarm& alarm) {
    return alarm.incident == told.incident && alarm.severity_at <= told.written &&
           std::ranges::find(told.alarms, alarm.key) != told.alarms.end();
  };
  const std::string by = one_line(repair_utf8(told.by), 100) + " (" + told.notifier + ")";
  const std::string text =
      count_words(book_.acknowledge(means, by, "", now), "acknowledged by " + by);
  remark(text);
  out_.changes.history.push_back({now, "command", "", "", text, "{}"});
}

bool Bridge::in_hand(const std::vector<AlarmKey>& alarms) const {
  return std::ranges::all_of(alarms, [this](const AlarmKey& key) {
    const Alarm* alarm = book_.find(key);
    return alarm == nullptr || alarm->standing != Standing::kUnacknowledged;
  });
}

/// `asked` is the bridge in whose name to answer; "" leaves that to another one.
void Bridge::on_command(std::string_view verb, std::string_view payload, const std::string& asked,
                        UtcTime now) {
  follow_book(now);  // a command is about what is known now
  const ParsedCommand parsed = parse_command(verb, payload, now);
  std::string answer = "refused: " + parsed.error;
  if (!command_refusal_.empty()) {
    answer = "refused: " + command_refusal_;
  } else if (parsed.command) {
    answer =
        std::visit([this, now](const auto& what) { return carry_out(what, now); }, *parsed.command);
  }
  const std::string text = "command " + one_line(verb, 64) + " by " + parsed.by + ": " + answer;
  remark(text);
  out_.changes.history.push_back({now, "command", "", "", text, one_line(payload, 4096)});
  if (parsed.requester.empty() || asked.empty()) return;
  out_.publications.push_back(
      {.topic = topics_.bridge(asked, "reply/" + parsed.requester),
       .payload = dump(
           {{"t", to_rfc3339(now)}, {"ok", !answer.starts_with("refused")}, {"text", answer}})});
}

}  // namespace coldwatch
