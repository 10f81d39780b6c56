#include "common/messages.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "common/json.hpp"
#include "common/json_text.hpp"
#include "common/text.hpp"
#include "common/topics.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr int kDeepestPayload = 8;
constexpr std::size_t kLongestIdBytes = 128;  // also of epochs, causes and other words
constexpr std::size_t kLongestUnitBytes = 64;
constexpr std::size_t kLongestChannelBytes = 200;
constexpr std::size_t kLongestFileBytes = 300;

constexpr std::array<std::string_view, 3> kSeverityWords{"info", "warning", "critical"};
constexpr std::array<std::string_view, 3> kStateWords{"normal", "active", "unknown"};
constexpr std::array<std::string_view, 2> kKindWords{"alarm", "notice"};

/// Reads the members of one payload; the first wrong one is kept as the error.
class Members {
 public:
  Members(const json& object, std::string& error) : object_(object), error_(error) {
    error_.clear();
  }

  bool ok() const { return error_.empty(); }

  /// A control character would take six bytes wherever the text is kept or sent as JSON; ends of lines
  /// and tabs take two.
  template <typename Text>  // std::string or Name
  void text(const char* key, Text& out, std::size_t most_bytes = kLongestIdBytes) {
    if (const json* found = get(key, &json::is_string, "a text")) {
      const auto& given = found->get_ref<const std::string&>();
      out = is_simple(given, most_bytes) ? Text{given} : Text{repaired(given, most_bytes)};
    }
  }
  void flag(const char* key, bool& out) {
    if (const json* found = get(key, &json::is_boolean, "true or false")) out = found->get<bool>();
  }
  void number(const char* key, std::optional<double>& out) {
    if (const json* found = get(key, &json::is_number, "a number")) out = found->get<double>();
  }
  void count(const char* key, std::uint64_t& out) {
    const json* found = get(key, &json::is_number_integer, "a whole number");
    if (found == nullptr) return;
    const bool counts = found->is_number_unsigned() && found->get<std::uint64_t>() <= kHighestCount;
    if (!counts) return fail(key, "a whole number from 0 to 2^53");
    out = found->get<std::uint64_t>();
  }
  /// A text that stands in topics.
  void level(const char* key, std::string& out) {
    text(key, out);
    if (ok() && !out.empty() && !is_topic_level(out)) {
      fail(key, "at most 64 letters, digits, _ and -");
    }
  }
  void time(const char* key, UtcTime& out) {
    const json* found = get(key, &json::is_string, "an RFC 3339 time");
    if (found == nullptr) return;
    const auto parsed = parse_rfc3339(found->get_ref<const std::string&>());
    if (!parsed) return fail(key, "an RFC 3339 time");
    out = *parsed;
  }
  template <typename Enum, std::size_t count>
  void choice(const char* key, const std::array<std::string_view, count>& words, Enum& out) {
    std::string found;
    text(key, found);
    if (!ok() || !object_.contains(key)) return;
    for (std::size_t i = 0; i < count; ++i) {
      if (found == words[i]) {
        out = static_cast<Enum>(i);
        return;
      }
    }
    fail(key, "one of the words of the contract");
  }
  void require(const char* key) {
    if (!object_.contains(key)) fail(key, "present");
  }

  void trend(std::vector<TrendPoint>& out) {
    const json* found = get("trend", &json::is_array, "a list of pairs");
    if (found == nullptr) return;
    if (found->size() > kLongestTrend) return fail("trend", "at most 120 pairs");
    for (const json& point : *found) {
      if (!point.is_array() || point.size() != 2 || !point[0].is_number() ||
          !point[1].is_number()) {
        return fail("trend", "pairs [unix seconds, value]");
      }
      out.emplace_back(point[0].get<double>(), point[1].get<double>());
    }
  }

 private:
  const json* get(const char* key, bool (json::*is_right)() const noexcept, const char* expected) {
    const auto found = object_.find(key);
    if (found == object_.end() || !ok()) return nullptr;
    if (((*found).*is_right)()) return &*found;
    fail(key, expected);
    return nullptr;
  }
  static bool is_simple(std::string_view text, std::size_t most_bytes) {
    return text.size() <= most_bytes &&
           std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
  }
  static std::string repaired(std::string_view given, std::size_t most_bytes) {
    std::string text{utf8_prefix(repair_utf8(utf8_prefix(given, most_bytes)), most_bytes)};
    for (char& c : text) {
      const auto byte = static_cast<unsigned char>(c);
      const bool lays_out = c == '\n' || c == '\r' || c == '\t';
      if ((byte < 0x20 && !lays_out) || byte == 0x7F) c = ' ';
    }
    return text;
  }
  void fail(const char* key, const std::string& expected) {
    if (!ok()) return;
    const auto found = object_.find(key);
    error_ = std::string{key} + ": " +
             (found == object_.end() ? "is missing"
                                     : "found " + std::string{utf8_prefix(dump(*found), 60)} +
                                           ", expected " + expected);
  }

  const json& object_;
  std::string& error_;
};

void put_text(json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}
void put_number(json& object, const char* key, const std::optional<double>& value) {
  if (value && std::isfinite(*value)) object[key] = *value;
}

/// All of the message but its trend.
template <typename Object>
void describe(const AlarmMessage& message, Object& object) {
  object.text("state", word(message.state));
  object.text("kind", word(message.kind));
  object.text("severity", word(message.severity));
  object.text("text", message.text);
  object.time("t", message.time);
  object.time("since", message.since);
  object.text("epoch", message.epoch);
  object.count("seq", message.seq);
  object.text("id", message.id);
  object.flag("latch", message.latch);
  object.text("rules_rev", message.rules_rev);
  object.some_text("channel", message.channel);
  object.some_number("value", message.value);
  object.some_text("unit", message.unit);
  object.some_number("limit", message.limit);
  object.some_text("cause", message.cause);
  object.some_text("playbook", message.playbook);
}

/// json::parse has no limit of depth of its own, and a deep payload would end the process.
bool too_deep(std::string_view payload) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    const char c = payload[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepestPayload) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::string_view word(Severity severity) {
  return kSeverityWords[static_cast<std::size_t>(severity)];
}
std::string_view word(AlarmState state) { return kStateWords[static_cast<std::size_t>(state)]; }
std::string_view word(AlarmKind kind) { return kKindWords[static_cast<std::size_t>(kind)]; }

std::optional<Severity> parse_severity(std::string_view text) {
  for (std::size_t i = 0; i < kSeverityWords.size(); ++i) {
    if (text == kSeverityWords[i]) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<json> parse_payload(std::string_view payload, std::string& error) {
  if (payload.size() > kLargestPayloadBytes) {
    error = "found " + std::to_string(payload.size()) + " bytes, expected at most " +
            std::to_string(kLargestPayloadBytes);
    return std::nullopt;
  }
  if (too_deep(payload)) {
    error = "found JSON nested deeper than " + std::to_string(kDeepestPayload) + " levels";
    return std::nullopt;
  }
  json parsed = parse_json_or_discard(payload);
  // Bytes that are no UTF-8, from whatever wrote the log, are no reason to lose an alarm.
  if (parsed.is_discarded()) parsed = parse_json_or_discard(repair_utf8(payload));
  if (parsed.is_object()) return parsed;
  error = parsed.is_discarded() ? "is not JSON" : "is not a JSON object";
  return std::nullopt;
}

json to_json(const AlarmMessage& message) {
  ObjectValue object;
  describe(message, object);
  object.some_trend("trend", message.trend);
  return object.take();
}

void append_without_trend(std::string& out, const AlarmMessage& message) {
  ObjectText object{out};
  describe(message, object);
  object.end();
}

std::optional<AlarmMessage> parse_alarm(std::string_view payload, std::string& error) {
  const auto object = parse_payload(payload, error);
  if (!object) return std::nullopt;
  AlarmMessage message;
  Members members{*object, error};
  for (const char* key : {"state", "severity", "epoch", "seq"}) members.require(key);
  members.choice("state", kStateWords, message.state);
  members.choice("kind", kKindWords, message.kind);
  members.choice("severity", kSeverityWords, message.severity);
  members.text("text", message.text, kLongestAlarmTextBytes);
  members.text("channel", message.channel, kLongestChannelBytes);
  members.number("value", message.value);
  members.text("unit", message.unit, kLongestUnitBytes);
  members.number("limit", message.limit);
  members.time("t", message.time);
  members.time("since", message.since);
  members.text("epoch", message.epoch);
  members.count("seq", message.seq);
  members.text("id", message.id);
  members.text("cause", message.cause);
  members.flag("latch", message.latch);
  members.text("rules_rev", message.rules_rev);
  members.text("playbook", message.playbook, kLongestAlarmTextBytes);
  members.trend(message.trend);
  if (!members.ok()) return std::nullopt;
  return message;
}

json to_json(const EventMessage& message) {
  json object{{"id", message.id},         {"type", message.type},
              {"text", message.text},     {"t", to_rfc3339(message.time)},
              {"epoch", message.epoch},   {"seq", message.seq},
              {"replay", message.replay}, {"severity", word(message.severity)}};
  if (!message.rule.empty()) {
    object["rule"] = message.rule;
    object["state"] = word(message.state);
    object["since"] = to_rfc3339(message.since);
  }
  if (message.previous != 0) object["previous"] = message.previous;
  put_text(object, "channel", message.channel);
  put_number(object, "value", message.value);
  put_text(object, "unit", message.unit);
  put_text(object, "cause", message.cause);
  put_text(object, "file", message.file);
  put_text(object, "row", message.row);
  return object;
}

std::optional<EventMessage> parse_event(std::string_view payload, std::string& error) {
  const auto object = parse_payload(payload, error);
  if (!object) return std::nullopt;
  EventMessage message;
  Members members{*object, error};
  for (const char* key : {"id", "type", "epoch", "seq"}) members.require(key);
  members.text("id", message.id);
  members.text("type", message.type);
  members.level("rule", message.rule);
  members.choice("state", kStateWords, message.state);
  members.choice("severity", kSeverityWords, message.severity);
  members.text("text", message.text, kLongestEventTextBytes);
  members.text("channel", message.channel, kLongestChannelBytes);
  members.number("value", message.value);
  members.text("unit", message.unit, kLongestUnitBytes);
  members.time("t", message.time);
  members.time("since", message.since);
  members.text("epoch", message.epoch);
  members.count("seq", message.seq);
  members.count("previous", message.previous);
  members.flag("replay", message.replay);
  members.text("cause", message.cause);
  members.text("file", message.file, kLongestFileBytes);
  members.text("row", message.row);
  if (!members.ok()) return std::nullopt;
  return message;
}

std::optional<HealthMessage> parse_health(std::string_view payload, std::string& error) {
  const auto object = parse_payload(payload, error);
  if (!object) return std::nullopt;
  HealthMessage message;
  Members members{*object, error};
  members.time("t", message.time);
  members.text("epoch", message.epoch);
  members.count("n", message.n);
  members.text("log", message.log);
  members.text("log_text", message.log_text, kLongestAlarmTextBytes);
  members.number("row_age_s", message.row_age_s);
  members.count("unconfirmed_events", message.unconfirmed_events);
  if (!members.ok()) return std::nullopt;
  return message;
}

}  // namespace coldwatch
