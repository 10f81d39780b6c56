#include "bridge/commands.hpp"

#include <algorithm>
#include <array>

#include "common/json.hpp"
#include "common/messages.hpp"
#include "common/text.hpp"
#include "common/topics.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestNote = 1000;
constexpr const char* kNobody = "somebody who gave no name";

/// Reads texts of a command; the first wrong one is kept.
class Fields {
 public:
  Fields(const json& object, std::string& error) : object_(object), error_(error) {}

  std::string text(const char* key, std::size_t longest) {
    const auto found = object_.find(key);
    if (found == object_.end()) return {};
    if (found->is_string()) return one_line(repair_utf8(found->get<std::string>()), longest);
    fail(std::string{key} + ": expected a text");
    return {};
  }
  bool flag(const char* key) {
    const auto found = object_.find(key);
    if (found == object_.end()) return false;
    if (found->is_boolean()) return found->get<bool>();
    fail(std::string{key} + ": expected true or false");
    return false;
  }
  std::string by() {
    std::string name{trim(text("by", kLongestName))};
    if (name.empty()) fail("by: is missing, expected the name of whoever asks for this");
    return name;
  }
  std::optional<Matcher> match() {
    const auto found = object_.find("match");
    if (found == object_.end()) return std::nullopt;
    std::string wrong;
    auto matcher = parse_matcher(*found, wrong);
    if (!matcher) fail("match: " + wrong);
    return matcher;
  }
  void fail(const std::string& text) {
    if (error_.empty()) error_ = text;
  }

 private:
  const json& object_;
  std::string& error_;
};

/// "fridge" and "rule" at the top, or a matcher under "match".
Matcher read_target(Fields& fields) {
  Matcher matcher = fields.match().value_or(Matcher{});
  for (const char* key : {"site", "fridge", "rule"}) {
    const std::string value = fields.text(key, kLongestName);
    if (!value.empty()) matcher.wanted[key] = {value};
  }
  if (matcher.wanted.empty()) fields.fail("fridge: is missing, expected whose alarm is meant");
  return matcher;
}

std::optional<UtcTime> read_end(Fields& fields, UtcTime now) {
  const std::string length = fields.text("for", kLongestName);
  const std::string until = fields.text("until", kLongestName);
  if (!length.empty()) {
    const auto duration = parse_duration(length);
    if (duration && *duration > Milliseconds{0}) return now + *duration;
    fields.fail("for: found \"" + length + "\", expected a duration such as \"2h\"");
  } else if (!until.empty()) {
    const auto time = parse_rfc3339(until);
    if (time && *time > now) return *time;
    fields.fail("until: found \"" + until + "\", expected a time to come, in RFC 3339");
  } else {
    fields.fail("for: is missing, expected a duration such as \"2h\"");
  }
  return std::nullopt;
}

ShelveCommand read_shelve(Fields& fields, UtcTime now) {
  Shelf shelf;
  const auto match = fields.match();
  if (!match) fields.fail("match: is missing, expected an object such as {\"fridge\": \"f1\"}");
  shelf.match = match.value_or(Matcher{});
  shelf.until = read_end(fields, now).value_or(now);
  shelf.by = fields.by();
  shelf.why = fields.text("why", kLongestNote);
  shelf.maintenance = fields.flag("maintenance");
  const auto longest = shelf.maintenance ? kLongestMaintenance : kLongestShelf;
  if (shelf.until > now + longest) {
    fields.fail("for: expected at most " + duration_text(longest) +
                (shelf.maintenance
                     ? ""
                     : "; \"maintenance\": true allows " + duration_text(kLongestMaintenance)));
  }
  return {shelf};
}

UnshelveCommand read_unshelve(Fields& fields) {
  UnshelveCommand command{fields.text("id", kLongestName), fields.match(), fields.by()};
  if (command.id.empty() && !command.match) {
    fields.fail("id: is missing, expected the id of a shelf, or its \"match\"");
  }
  return command;
}

Command read_command(std::string_view verb, Fields& fields, const std::string& by, UtcTime now) {
  if (verb == "ack" || verb == "unack") {
    AckCommand ack{read_target(fields), fields.by(), fields.text("note", kLongestNote)};
    ack.take_back = verb == "unack";
    return ack;
  }
  if (verb == "shelve") return read_shelve(fields, now);
  if (verb == "unshelve") return read_unshelve(fields);
  if (verb == "test") return TestCommand{fields.text("notifier", kLongestName), by};
  if (verb != "reload") {
    fields.fail("unknown command \"" + one_line(verb, kLongestName) +
                "\", expected ack, unack, shelve, unshelve, test or reload");
  }
  return ReloadCommand{};
}

}  // namespace

ParsedCommand parse_command(std::string_view verb, std::string_view payload, UtcTime now) {
  ParsedCommand parsed{.by = kNobody};
  const bool may_be_empty = verb == "reload" || verb == "test";
  std::optional<json> object = json::object();
  if (!may_be_empty || !trim(payload).empty()) object = parse_payload(payload, parsed.error);
  if (!object) return parsed;
  Fields fields{*object, parsed.error};
  parsed.requester = fields.text("requester", kLongestName);
  if (!parsed.requester.empty() && !is_topic_level(parsed.requester)) {
    fields.fail("requester: expected 1 to 64 letters, digits, '_' or '-'");
    parsed.requester.clear();
  }
  parsed.by = trim(fields.text("by", kLongestName));
  if (parsed.by.empty()) parsed.by = kNobody;
  Command command = read_command(verb, fields, parsed.by, now);
  if (parsed.error.empty()) parsed.command = std::move(command);
  return parsed;
}

}  // namespace coldwatch
