#include "bridge/alarm_reader.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>

namespace coldwatch {
namespace {

namespace dom = simdjson::dom;

// Within what parse_alarm() takes as it is, whatever the member.
constexpr std::size_t kUsualPayloadBytes = 16 * 1024;
constexpr std::size_t kUsualDepth = 4;
constexpr std::size_t kUsualTextBytes = 64;

bool take(dom::element given, bool& out) { return given.get(out) == simdjson::SUCCESS; }

bool take(dom::element given, double& out) { return given.get(out) == simdjson::SUCCESS; }

bool take(dom::element given, std::optional<double>& out) { return take(given, out.emplace()); }

bool take(dom::element given, std::uint64_t& out) {
  // 0 may have been written as -0, which is no count.
  return given.get(out) == simdjson::SUCCESS && out > 0 && out <= kHighestCount;
}

bool take(dom::element given, std::string_view& out,
          std::size_t most_bytes = kLongestAlarmTextBytes) {
  return given.get(out) == simdjson::SUCCESS && out.size() <= most_bytes &&
         std::ranges::all_of(out, [](char c) { return c >= 0x20 && c < 0x7F; });
}

template <typename Text>  // std::string or Name
bool take_text(dom::element given, Text& out, std::size_t most_bytes = kUsualTextBytes) {
  std::string_view text;
  if (!take(given, text, most_bytes)) return false;
  out = Text{text};
  return true;
}

bool take(dom::element given, UtcTime& out) {
  std::string_view text;
  const auto time = take(given, text) ? parse_rfc3339(text) : std::nullopt;
  out = time.value_or(out);
  return time.has_value();
}

/// One of the enumerators up to `last`, by its word.
template <typename Enum>
bool take_word(dom::element given, Enum last, Enum& out) {
  std::string_view text;
  if (!take(given, text)) return false;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    out = static_cast<Enum>(i);
    if (word(out) == text) return true;
  }
  return false;
}

bool take(dom::element given, std::vector<TrendPoint>& out) {
  dom::array points;
  if (given.get(points) != simdjson::SUCCESS || points.size() > kLongestTrend) return false;
  out.clear();
  out.reserve(points.size());
  for (const dom::element point : points) {
    dom::array pair;
    auto& [time, value] = out.emplace_back();
    const bool taken = point.get(pair) == simdjson::SUCCESS && pair.size() == 2 &&
                       take(*pair.begin(), time) && take(*++pair.begin(), value);
    if (!taken) return false;
  }
  return true;
}

struct Member {
  std::string_view key;
  bool required;
  bool (*take)(dom::element given, AlarmMessage& message);
};

constexpr std::array<Member, 18> kMembers{{
    {"state", true,
     [](dom::element g, AlarmMessage& m) { return take_word(g, AlarmState::kUnknown, m.state); }},
    {"severity", true,
     [](dom::element g, AlarmMessage& m) { return take_word(g, Severity::kCritical, m.severity); }},
    {"epoch", true, [](dom::element g, AlarmMessage& m) { return take_text(g, m.epoch); }},
    {"seq", true, [](dom::element g, AlarmMessage& m) { return take(g, m.seq); }},
    {"kind", false,
     [](dom::element g, AlarmMessage& m) { return take_word(g, AlarmKind::kNotice, m.kind); }},
    {"text", false,
     [](dom::element g, AlarmMessage& m) { return take_text(g, m.text, kLongestAlarmTextBytes); }},
    {"channel", false, [](dom::element g, AlarmMessage& m) { return take_text(g, m.channel); }},
    {"value", false, [](dom::element g, AlarmMessage& m) { return take(g, m.value); }},
    {"unit", false, [](dom::element g, AlarmMessage& m) { return take_text(g, m.unit); }},
    {"limit", false, [](dom::element g, AlarmMessage& m) { return take(g, m.limit); }},
    {"t", false, [](dom::element g, AlarmMessage& m) { return take(g, m.time); }},
    {"since", false, [](dom::element g, AlarmMessage& m) { return take(g, m.since); }},
    {"id", false, [](dom::element g, AlarmMessage& m) { return take_text(g, m.id); }},
    {"cause", false, [](dom::element g, AlarmMessage& m) { return take_text(g, m.cause); }},
    {"latch", false, [](dom::element g, AlarmMessage& m) { return take(g, m.latch); }},
    {"rules_rev", false, [](dom::element g, AlarmMessage& m) { return take_text(g, m.rules_rev); }},
    {"playbook", false,
     [](dom::element g, AlarmMessage& m) {
       return take_text(g, m.playbook, kLongestAlarmTextBytes);
     }},
    {"trend", false, [](dom::element g, AlarmMessage& m) { return take(g, m.trend); }},
}};
constexpr auto kRequired = std::ranges::count(kMembers, true, &Member::required);

std::optional<AlarmMessage> usual_alarm(dom::object object) {
  AlarmMessage message;
  std::array<bool, kMembers.size()> seen{};
  std::ptrdiff_t required = 0;
  for (const auto [key, value] : object) {
    const auto member = std::ranges::find(kMembers, key, &Member::key);
    if (member == kMembers.end()) return std::nullopt;
    bool& before = seen[static_cast<std::size_t>(member - kMembers.begin())];
    if (before || !member->take(value, message)) return std::nullopt;
    before = true;
    if (member->required) ++required;
  }
  return required == kRequired ? std::optional{std::move(message)} : std::nullopt;
}

}  // namespace

std::optional<AlarmMessage> read_alarm(std::string_view payload, std::string& error) {
  thread_local dom::parser parser{kUsualPayloadBytes};
  thread_local const bool ready =
      parser.allocate(kUsualPayloadBytes, kUsualDepth) == simdjson::SUCCESS;
  dom::object object;
  if (ready && payload.size() <= kUsualPayloadBytes &&
      parser.parse(payload.data(), payload.size()).get(object) == simdjson::SUCCESS) {
    if (auto message = usual_alarm(object)) {
      error.clear();
      return message;
    }
  }
  return parse_alarm(payload, error);
}

}  // namespace coldwatch
