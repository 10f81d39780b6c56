// One rule as the config has it, checked: limits, sides, words. What it judges is its Measure.
#pragma once

#include <array>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "agent/rules/expression.hpp"
#include "agent/rules/judge.hpp"
#include "agent/rules/measure.hpp"
#include "common/messages.hpp"

namespace coldwatch {

struct SideSettings {
  Severity severity = Severity::kInfo;
  std::string text;                            // "" is not announced
  std::optional<Milliseconds> snapshot_after;  // of the row that brought the rule to this side
};

struct RuleSettings {
  std::string path;           // in the config: "rules[2]"
  bool from_library = false;  // and unchanged: silent where the log lacks its channels
  std::string id;             // a topic level
  std::string kind;
  Limits limits;
  std::array<SideSettings, 2> sides;  // by Side
  std::string when;                   // as written; "" is always
  bool keep = false;  // an alarm outlasts its `when` until the fridge is warm or a phase declared
  bool latch = false;
  std::string cause;
  std::string playbook;
  std::string hash;  // of everything above, to know whether a stored state still fits

  AlarmKind alarm_kind() const { return limits.alarm ? AlarmKind::kAlarm : AlarmKind::kNotice; }
  const SideSettings& side(Side which) const { return sides[static_cast<std::size_t>(which)]; }
  double limit(Side which) const { return which == Side::kLow ? limits.low : limits.high; }
};

/// A rule's settings, its measure and what arms it; `measure` is null where the kind's own keys are
/// unusable.
struct ReadRule {
  RuleSettings settings;
  std::unique_ptr<Measure> measure;
  std::optional<Expression> when;
};

/// Reads the rule `value`, which stands at `path`. Everything wrong becomes a mistake; what is
/// returned is complete only if none was added.
ReadRule read_rule(const nlohmann::json& value, std::string path, Mistakes& mistakes);

/// A short hash of settings: equal for equal JSON on every platform, in every version.
std::string settings_hash(const nlohmann::json& value);

}  // namespace coldwatch
