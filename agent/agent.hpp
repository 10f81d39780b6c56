// The core of the agent: rows, ticks and messages in, publications out. It reads no clock, opens no
// file and knows no broker: `replay` is the same code with the rows' own times.
//
// Order of things that must survive a crash (write ahead): a transition changes the state of the rules,
// the count `seq` and the journal of events; the caller saves that state before it publishes any of it,
// so that a repetition after a crash has the same seq and the same id.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/command_trail.hpp"
#include "agent/config.hpp"
#include "agent/event_journal.hpp"
#include "agent/inputs.hpp"
#include "agent/latest.hpp"
#include "agent/publisher.hpp"
#include "agent/requests.hpp"
#include "agent/rules/engine.hpp"
#include "agent/state.hpp"
#include "common/log.hpp"
#include "common/messages.hpp"

namespace coldwatch {

class Agent {
 public:
  /// `state` is what the last run saved; the rules get theirs back from it.
  Agent(const AgentConfig& config, RuleEngine rules, const AgentState& state);

  /// The view of a list of channels, made when it is new.
  const ChannelView& view(const std::string& stream, const SharedChannels& channels);

  void on_row(const RowOrigin& origin, const RowView& row, UtcTime now, Outgoing& out);
  void on_remark(const RowOrigin& origin, const Remark& remark, UtcTime now);
  void on_notice(const LogNotice& notice, UtcTime now);
  /// The rules have seen every row that there is: from here on the alarms are the present ones, and
  /// those that changed are published. In the middle of a backlog they are not, because an alarm of
  /// last week would be told as one of now.
  void settle(Outgoing& out);
  /// A rule has something to publish at settle().
  bool alarms_changed() const { return !changed_.empty(); }
  /// Rules about silence, and snapshots by schedule: the part of on_tick() that a replay lives through.
  void look(UtcTime now, Outgoing& out);
  /// About once a second: look(), heartbeat, readings that are due, the regular repetition
  /// of the retained state.
  void on_tick(UtcTime now, const LogFacts& facts, Outgoing& out);
  /// A command or a confirmation.
  void on_message(const MqttMessage& message, UtcTime now, Outgoing& out);
  /// Why commands from the wire are not carried out, for people; "" where they are. To announce is
  /// none: it repeats what everybody may read.
  void refuse_commands(std::string why) { command_refusal_ = std::move(why); }
  /// A command, from the wire or from the console; who asked for it stands in the log and in an event.
  Reply answer(const Request& request, UtcTime now, Outgoing& out);
  /// True once after `cmd/reload`.
  bool take_reload_wanted() { return std::exchange(reload_wanted_, false); }

  /// `status`, `info` and every alarm: the first thing after a connect. In the middle of a backlog the
  /// alarms follow at the next settle().
  std::vector<Publication> announcement();
  /// Announces everything, unconfirmed events included, with the next on_tick().
  void want_announcement() { announcement_wanted_ = true; }
  /// A new connection: health and readings are due at once. Only where it is MQTT 5 readings are
  /// retained, because they must expire.
  void on_connected(bool v5);
  void set_format(std::string format);
  Publication status(bool online) const;
  /// The topics of on_message().
  std::vector<std::string> subscriptions() const;

  /// The alarms of severity warning and critical that are active now; none in the middle of a backlog.
  std::vector<FallbackAlarm> active_alarms() const;
  /// The agent itself has told people of `alarm`: the event says so to the bridge.
  void on_fallback_told(const FallbackAlarm& alarm, UtcTime now);

  /// True once after something changed that must be saved before anything else is published.
  bool take_unsaved() { return std::exchange(unsaved_, false); }
  /// Everything but the positions.
  void save_into(AgentState& state) const;
  EventJournal& events() { return events_; }
  std::size_t unconfirmed_events() const { return events_.events().size(); }
  /// How often a bridge has confirmed events that were waiting, in this run.
  std::uint64_t confirmations() const { return confirmations_; }
  std::string event_topic() const { return topic("event"); }
  const RuleEngine& rules() const { return rules_; }
  const Latest& latest() const { return latest_; }
  /// `live`, `stale`, `missing` or `unreadable`, and why it is not live.
  std::pair<std::string, std::string> log_state(UtcTime now, const LogCondition& condition) const;

 private:
  std::string topic(std::string_view kind) const { return topics_.of(config_.fridge, kind); }
  void on_transition(const Transition& transition, EventMessage event, Outgoing& out);
  std::uint64_t add_event(EventMessage event);
  void tell(const std::string& rule, std::string id, const AlarmMessage& alarm, std::uint64_t seq);
  void tell_silent_changes(const std::map<std::string, AlarmMessage>& states);
  Publication alarm(const std::string& rule, AlarmMessage alarm) const;
  Publication info() const;
  Publication health(UtcTime now, const LogFacts& facts);
  Publication snapshot(const std::string& reason, const std::string& text, UtcTime now) const;
  std::string words_with_values(const std::string& text) const;
  void take_snapshot(const std::string& reason, const std::string& text, std::string id,
                     UtcTime now, Outgoing& out);
  void repeat_if_due(UtcTime now, Outgoing& out);
  void snapshot_if_due(UtcTime now, Outgoing& out);

  void confirm(std::string_view payload);
  void catch_up_with_bridge();
  Reply carry_out(const Request& request, UtcTime now);
  void leave_trail(const Request& request, const Reply& reply, UtcTime now);
  Reply answer_test(const Request& request, UtcTime now);
  Reply answer_declare(const Request& request, UtcTime now);
  Reply answer_baselines(const Request& request, UtcTime now);
  std::size_t asked_for() const;
  bool too_soon(UtcTime now);

  const AgentConfig config_;
  const Topics topics_;
  RuleEngine rules_;
  const std::string epoch_;
  std::uint64_t seq_;
  std::map<std::string, ToldRule> told_;
  UtcTime snapshot_due_;
  std::string format_;
  EventJournal events_;
  Latest latest_;
  ChannelViews views_;
  std::set<std::string> changed_;  // rules whose alarm is to be published at settle()
  bool unsaved_ = true;
  bool settled_once_ = false;
  bool rows_since_settle_ = false;
  bool info_changed_ = false;
  bool alarms_due_ = false;  // announced in the middle of a backlog: all of them at settle()
  bool announcement_wanted_ = false;
  bool reload_wanted_ = false;
  bool v5_ = false;
  bool bridge_heard_ = false;
  std::uint64_t confirmed_ = 0;  // highest seq that a bridge has confirmed in this run
  std::uint64_t confirmations_ = 0, heartbeats_ = 0;
  UtcTime last_heartbeat_{};
  UtcTime last_repeat_{};
  UtcTime last_request_{};
  std::string command_refusal_;
  CommandTrail trail_;
  LogLimit refusals_{20};
};

}  // namespace coldwatch
