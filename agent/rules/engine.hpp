// Evaluates the rules of one fridge over its rows, in the time of the rows: fed with the same rows,
// in whatever portions and with restarts between, it gives the same transitions, byte for byte.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "agent/reading/row.hpp"
#include "agent/rules/standing.hpp"
#include "common/messages.hpp"
#include "common/settings.hpp"

namespace coldwatch {

/// Something a rule has to say. `alarm` lacks what only the agent knows: epoch, seq, id, rules_rev.
struct Transition {
  std::string rule;
  /// Event type of the wire contract: raise, clear, change, notice, snapshot. "" where there is a
  /// new state to publish but nothing has happened: an alarm rule was judged normal for the first
  /// time.
  std::string type;
  /// The state after the transition, of a notice or snapshot what it says. An empty text of a clear
  /// means that the config gives its end no words.
  AlarmMessage alarm;
};

/// What the wall clock tells, for the rules that judge silence (stale, clock skew).
struct TickFacts {
  /// Newest row's time and the wall-clock instant at which it was read, by stream.
  std::map<std::string, std::pair<UtcTime, UtcTime>> newest;
};

/// How near a rule has come to its limit since the engine was made; for a backtest.
struct RuleTally {
  std::string rule;
  std::string path;  // where its settings stand
  AlarmKind kind = AlarmKind::kAlarm;
  Severity severity = Severity::kInfo;  // of the alarm side
  std::string missing;                  // why it can never fire with this log; "" where it can
  std::uint64_t rows = 0;               // with a number
  std::uint64_t armed = 0;              // of those: armed
  std::optional<double> limit;          // of the alarm side
  std::optional<double> nearest;  // the number nearest to it, or farthest beyond it, while armed
  UtcTime nearest_time{};
};

class RuleEngine {
 public:
  /// Reads "rules", "rule_library" and "channels.derived" of the agent's config; every mistake that
  /// can be seen without the log is added. `library_folder` holds the files of config/rules.
  static RuleEngine read(SettingsReader& config, const std::string& fridge,
                         const std::string& library_folder, Mistakes& mistakes);

  RuleEngine(RuleEngine&&) noexcept;
  RuleEngine& operator=(RuleEngine&&) noexcept;
  ~RuleEngine();

  /// Mistakes that show only against a log with these channels: a rule on a channel that is not
  /// there (with the nearest one that is), an expression over unknown names.
  Mistakes check(const std::map<std::string, SharedChannels>& channels) const;

  /// One row of `stream`; transitions in order of the rules. The same pointer means the same
  /// channels, so that names are looked up once for each list and not for each row.
  std::vector<Transition> on_row(const std::string& stream, const SharedChannels& channels,
                                 const RowView& row);
  /// Called about once a second with the wall clock; only rules about silence can change here.
  std::vector<Transition> on_tick(UtcTime now, const TickFacts& facts);

  /// The present state of every alarm rule, by rule id; kUnknown (with times of 1970) until the
  /// first number was judged. Notices have no state.
  std::map<std::string, AlarmMessage> states() const;

  /// Every rule that fits the log, in order of the rules, as it stands after the last row.
  std::vector<RuleStanding> standings() const;

  /// True where the config or its library has the rule, whether it fits the log or not.
  bool has(const std::string& rule) const;
  /// The rules that fit the log, for the info message: id, measure and kind of each.
  nlohmann::json describe() const;
  /// Hash of all rule settings.
  const std::string& revision() const;

  /// unknown, warm, cooling, condensing, base, ramping, warming or maintenance.
  std::string_view phase() const;
  /// When a declared phase ends, in row time; nullopt where none is declared.
  std::optional<UtcTime> declared_until() const;
  /// A person says that the fridge is in `phase` (warming or maintenance), from row time `now` on for
  /// `how_long`; "none" takes that back. Returns why not, in a sentence, or "".
  std::string declare(std::string_view phase, UtcTime now, Milliseconds how_long);

  /// In order of the rules.
  std::vector<RuleTally> tally() const;

  /// What was learned to be usual: {"base": {"Flow": {"median": 0.41, "samples": 144}}}.
  nlohmann::json baselines() const;
  /// Those of the present phase: {"Flow": 0.41}, at most 100.
  nlohmann::json present_baselines() const;
  /// Forgets the baselines of one channel key, or of all with ""; how many there were.
  std::size_t reset_baselines(const std::string& channel);

  /// Everything that a restart must not lose. restore() of another revision keeps what still fits
  /// (rules whose own settings are unchanged) and drops the rest; damaged state is dropped as well.
  nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  class Impl;
  explicit RuleEngine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coldwatch
