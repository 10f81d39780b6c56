#include "agent/rules/rule_settings.hpp"

#include <cmath>

#include "agent/rules/texts.hpp"
#include "common/json.hpp"
#include "common/text.hpp"
#include "common/topics.hpp"

namespace coldwatch {
namespace {

constexpr std::array<std::string_view, 3> kSeverities{"info", "warning", "critical"};
constexpr std::array<std::string_view, 2> kSides{"low", "high"};

std::string read_text(SettingsReader& reader, std::string_view key) {
  std::string text = reader.text(key);
  if (auto wrong = wrong_text(text)) reader.mistake(key, std::move(*wrong));
  return text;
}

struct ReadSide {
  SideSettings settings;
  std::optional<double> at;
  bool present = false;
  bool has_limit = false;  // also where it could not be read
};

ReadSide read_side(SettingsReader& rule, std::string_view key) {
  ReadSide side;
  side.present = rule.has(key);
  SettingsReader reader = rule.section(key);
  side.has_limit = reader.has("at");
  side.at = reader.optional_number("at");
  side.settings.severity = static_cast<Severity>(reader.choice("severity", kSeverities, 0));
  side.settings.text = read_text(reader, "text");
  if (reader.has("snapshot_after")) {
    side.settings.snapshot_after = reader.duration("snapshot_after", Milliseconds{0});
  }
  if (side.settings.severity != Severity::kInfo && side.settings.text.empty()) {
    reader.mistake("text", "is missing: without one the alarm could not be announced");
  }
  return side;
}

/// A side that is left out, or has no limit of its own, begins where the other one ends.
void take_limits(SettingsReader& rule, const ReadSide& low, const ReadSide& high,
                 std::optional<double> usual, Limits& limits) {
  if (!low.present && !high.present) {
    rule.mistake("", "has neither \"low\" nor \"high\", expected at least one of them");
  } else if (!low.has_limit && !high.has_limit && !usual) {
    rule.mistake(low.present ? "low.at" : "high.at", "is missing and has no default");
  }
  limits.low = low.at.value_or(high.at.value_or(usual.value_or(0)));
  limits.high = high.at.value_or(low.at.value_or(usual.value_or(0)));
  if (limits.low > limits.high) {
    rule.mistake("low.at", "found " + number_words(limits.low, 12) +
                               ", expected at most high.at (" + number_words(limits.high, 12) +
                               "): between the two the rule stays on its side");
  }
}

void take_alarm(SettingsReader& rule, const ReadSide& low, const ReadSide& high, Limits& limits) {
  const bool low_alarm = low.settings.severity != Severity::kInfo;
  const bool high_alarm = high.settings.severity != Severity::kInfo;
  if (low_alarm && high_alarm) {
    rule.mistake("low.severity",
                 "both sides are alarms, so that none could end; make one of them \"info\", or two "
                 "rules");
  } else if (low_alarm || high_alarm) {
    limits.alarm = low_alarm ? Side::kLow : Side::kHigh;
  } else if ((low.present || high.present) && low.settings.text.empty() &&
             high.settings.text.empty()) {
    rule.mistake("", "no side has a text or is an alarm, so that nothing could be announced");
  }
}

void read_sides(SettingsReader& rule, const Measure* measure, RuleSettings& settings) {
  const ReadSide low = read_side(rule, "low");
  const ReadSide high = read_side(rule, "high");
  settings.sides = {low.settings, high.settings};
  take_limits(rule, low, high, measure == nullptr ? 0 : measure->usual_limit(), settings.limits);
  take_alarm(rule, low, high, settings.limits);
}

void read_delays(SettingsReader& rule, RuleSettings& settings) {
  Limits& limits = settings.limits;
  const auto usual = limits.alarm ? other(*limits.alarm) : Side::kHigh;
  limits.initial =
      static_cast<Side>(rule.choice("initial", kSides, static_cast<std::size_t>(usual)));
  limits.hold = rule.duration("hold", Milliseconds{0});
  limits.clear_hold = rule.duration("clear_hold", Milliseconds{0});
  if (!limits.alarm && rule.has("clear_hold")) {
    rule.mistake("clear_hold", "belongs to an alarm; in a notice \"hold\" serves both sides");
  }
}

void read_when(SettingsReader& rule, ReadRule& read) {
  read.settings.when = rule.text("when");
  read.settings.keep = rule.flag("keep", false);
  if (read.settings.when.empty()) {
    if (read.settings.keep) rule.mistake("keep", "says how long \"when\" counts, which is missing");
    return;
  }
  std::string error;
  read.when = Expression::read(read.settings.when, error);
  if (!read.when) rule.mistake("when", "\"" + read.settings.when + "\": " + error);
}

void read_words(SettingsReader& rule, RuleSettings& settings) {
  settings.latch = rule.flag("latch", false);
  if (settings.latch && !settings.limits.alarm) {
    rule.mistake("latch", "belongs to an alarm, and neither side is one");
  }
  settings.cause = rule.text("cause");
  if (!settings.cause.empty() && !is_topic_level(settings.cause)) {
    rule.mistake("cause", "found \"" + settings.cause +
                              "\", expected letters, digits, _ and - only, at most 64");
  }
  settings.playbook = rule.text("playbook");
  if (settings.playbook.size() > kLongestRuleTextBytes) {
    rule.mistake("playbook", "found " + std::to_string(settings.playbook.size()) +
                                 " bytes, expected at most " +
                                 std::to_string(kLongestRuleTextBytes));
  }
  rule.text("source");
  rule.flag("enabled", true);
}

const MeasureKind& read_kind(SettingsReader& rule) {
  std::vector<std::string_view> words;
  for (const MeasureKind* kind : measure_kinds()) words.push_back(kind->name);
  return *measure_kinds()[rule.choice("kind", words, 0)];
}

}  // namespace

std::string settings_hash(const nlohmann::json& value) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a, 64 bit
  for (const char c : dump(value)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(hash >> shift) & 15];
  return text;
}

ReadRule read_rule(const nlohmann::json& value, std::string path, Mistakes& mistakes) {
  SettingsReader rule{value, std::move(path), mistakes};
  ReadRule read;
  RuleSettings& settings = read.settings;
  settings.path = rule.path();
  settings.id = rule.required_text("id");
  if (!settings.id.empty() && !is_topic_level(settings.id)) {
    rule.mistake("id", "found \"" + settings.id +
                           "\", expected letters, digits, _ and - only, at most 64, because it "
                           "becomes a topic level");
  }
  settings.hash = settings_hash(value);
  const MeasureKind& kind = read_kind(rule);
  settings.kind = kind.name;
  read.measure = kind.read(rule);
  read_sides(rule, read.measure.get(), settings);
  read_delays(rule, settings);
  read_when(rule, read);
  read_words(rule, settings);
  return read;
}

}  // namespace coldwatch
