#include "agent/agent.hpp"

#include <algorithm>

#include "agent/event_id.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

bool is_fresh(UtcTime row_time, UtcTime now) { return now - row_time <= kFresh; }

}  // namespace

Agent::Agent(const AgentConfig& config, RuleEngine rules, const AgentState& state)
    : config_(config),
      topics_(config.topics()),
      rules_(std::move(rules)),
      epoch_(state.epoch),
      seq_(state.seq),
      told_(state.told),
      snapshot_due_(state.snapshot_due),
      latest_(config.snapshot_channels),
      views_(config.channels) {
  rules_.restore(state.rules);
  for (const EventMessage& event : state.events) events_.add(event);
  events_.set_last(state.last_event);
}

const ChannelView& Agent::view(const std::string& stream, const SharedChannels& channels) {
  bool changed = false;
  const ChannelView& view = views_.of(stream, channels, &changed);
  if (changed) {
    latest_.forget(stream);
    info_changed_ = true;
  }
  return view;
}

void Agent::on_connected(bool v5) {
  v5_ = v5;
  last_heartbeat_ = {};
  latest_.forget_readings();
}

void Agent::set_format(std::string format) {
  if (format == format_) return;
  format_ = std::move(format);
  info_changed_ = true;
}

void Agent::on_row(const RowOrigin& origin, const RowView& row, UtcTime now, Outgoing& out) {
  const bool fresh = is_fresh(row.time, now);
  rows_since_settle_ = true;
  latest_.on_row(origin.stream, origin.view, row, settled_once_ ? now : std::min(now, row.time));
  if (fresh) {
    Publication live{.topic = topic("live"), .qos = 0};
    origin.view.append_row(live.payload, row, "");
    out.live.push_back(std::move(live));
  }
  const auto transitions = rules_.on_row(origin.stream, origin.view.channels(), row);
  if (transitions.empty()) return;
  const std::string number = std::to_string(row.number);
  for (const Transition& transition : transitions) {
    EventMessage event{.replay = !fresh, .file = origin.file, .row = number};
    event.id = event_id({config_.fridge, origin.stream, origin.file, number,
                         std::to_string(row.next.offset), to_rfc3339(row.time), transition.rule,
                         rules_.revision(), transition.type, word(transition.alarm.state),
                         word(transition.alarm.severity)});
    on_transition(transition, std::move(event), out);
  }
}

void Agent::on_transition(const Transition& transition, EventMessage event, Outgoing& out) {
  const AlarmMessage& alarm = transition.alarm;
  if (transition.type.empty()) {
    tell(transition.rule, std::move(event.id), alarm, ++seq_);
    return;
  }
  const bool is_snapshot = transition.type == "snapshot";
  event.type = transition.type;
  event.rule = transition.rule;
  event.state = alarm.state;
  event.severity = alarm.severity;
  event.text = is_snapshot ? words_with_values(alarm.text) : alarm.text.text();
  event.channel = alarm.channel;
  event.value = alarm.value;
  event.unit = alarm.unit;
  event.time = alarm.time;
  event.since = alarm.since;
  event.cause = alarm.cause;
  std::string id = event.id;
  const std::uint64_t seq = add_event(std::move(event));
  if (is_snapshot) {
    out.state.push_back(snapshot(transition.rule, alarm.text, alarm.time));
  } else if (alarm.kind == AlarmKind::kAlarm) {
    tell(transition.rule, std::move(id), alarm, seq);
  }
}

void Agent::tell(const std::string& rule, std::string id, const AlarmMessage& alarm,
                 std::uint64_t seq) {
  told_[rule] = {seq, std::move(id), alarm.state, alarm.severity};
  changed_.insert(rule);
  unsaved_ = true;
}

std::uint64_t Agent::add_event(EventMessage event) {
  const std::uint64_t seq = ++seq_;
  const UtcTime time = event.time;
  event.text.resize(utf8_prefix(event.text, kLongestEventTextBytes).size());
  event.epoch = epoch_;
  event.seq = seq;
  event.previous = events_.last();
  events_.add(std::move(event));
  unsaved_ = true;
  if (!events_.take_overflow()) return seq;
  add_event({.id = event_id({config_.fridge, epoch_, "overflow", std::to_string(seq)}),
             .type = "gap",
             .severity = Severity::kWarning,
             .text = "the oldest events were dropped: no bridge has confirmed any of the last " +
                     std::to_string(EventJournal::kMostEvents),
             .time = time});
  return seq;
}

void Agent::on_remark(const RowOrigin& origin, const Remark& remark, UtcTime now) {
  if (remark.kind != Remark::Kind::kInstrument) return;
  const UtcTime time = remark.time.value_or(now);
  // Years of the instrument's chatter must not push the rules' events out of the journal.
  if (!is_fresh(time, now)) return;
  const std::string line = std::to_string(remark.line);
  add_event({.id = event_id({config_.fridge, origin.stream, origin.file, line, to_rfc3339(time),
                             remark.code, remark.text}),
             .type = "instrument",
             .text = remark.text,
             .time = time,
             .file = origin.file,
             .row = line});
}

void Agent::on_notice(const LogNotice& notice, UtcTime now) {
  EventMessage event{
      .id = event_id({config_.fridge, notice.stream, notice.file, notice.type, notice.text}),
      .type = notice.type,
      .severity = Severity::kWarning,
      .text = notice.text,
      .time = now,
      .file = notice.file};
  const bool known = std::ranges::any_of(
      events_.events(), [&event](const EventMessage& one) { return one.id == event.id; });
  if (!known) add_event(std::move(event));
}

void Agent::tell_silent_changes(const std::map<std::string, AlarmMessage>& states) {
  for (const auto& [rule, alarm] : states) {
    const auto found = told_.find(rule);
    const bool same = found == told_.end() ? alarm.state == AlarmState::kUnknown
                                           : found->second.state == alarm.state &&
                                                 found->second.severity == alarm.severity;
    if (same) continue;
    ++seq_;
    tell(rule, event_id({config_.fridge, epoch_, rule, std::to_string(seq_)}), alarm, seq_);
  }
}

void Agent::settle(Outgoing& out) {
  if (!rows_since_settle_ && changed_.empty() && !alarms_due_ && settled_once_) return;
  settled_once_ = true;
  rows_since_settle_ = false;
  catch_up_with_bridge();
  const auto states = rules_.states();
  tell_silent_changes(states);
  for (const auto& [rule, state] : states) {
    if (alarms_due_ || changed_.contains(rule)) out.state.push_back(alarm(rule, state));
  }
  alarms_due_ = false;
  changed_.clear();
}

void Agent::look(UtcTime now, Outgoing& out) {
  if (!settled_once_) return;
  for (const Transition& transition : rules_.on_tick(now, latest_.facts())) {
    EventMessage event;
    event.id =
        event_id({config_.fridge, epoch_, transition.rule, rules_.revision(), transition.type,
                  to_rfc3339(transition.alarm.time), word(transition.alarm.state)});
    on_transition(transition, std::move(event), out);
  }
  snapshot_if_due(now, out);
}

void Agent::on_tick(UtcTime now, const LogFacts& facts, Outgoing& out) {
  look(now, out);
  if (info_changed_) {
    info_changed_ = false;
    out.state.push_back(info());
  }
  repeat_if_due(now, out);
  if (now < last_heartbeat_ || now - last_heartbeat_ >= config_.heartbeat) {
    last_heartbeat_ = now;
    out.live.push_back(health(now, facts));
  }
  if (!config_.per_channel) return;
  for (Publication& reading : latest_.readings(topics_, config_.fridge, v5_, now)) {
    out.live.push_back(std::move(reading));
  }
}

std::vector<Publication> Agent::announcement() {
  std::vector<Publication> publications{status(true), info()};
  info_changed_ = false;
  const auto states = rules_.states();
  for (const auto& [rule, told] : told_) {
    // A rule that the config no longer has leaves no retained alarm behind.
    if (rules_.has(rule)) continue;
    publications.push_back({.topic = topics_.of(config_.fridge, "alarm", rule), .retain = true});
  }
  if (!settled_once_ || rows_since_settle_) {
    alarms_due_ = true;
    return publications;
  }
  for (const auto& [rule, state] : states) publications.push_back(alarm(rule, state));
  return publications;
}

void Agent::repeat_if_due(UtcTime now, Outgoing& out) {
  constexpr std::chrono::minutes kRepeat{10};
  if (last_repeat_ == UtcTime{}) last_repeat_ = now;
  const bool due = now < last_repeat_ || now - last_repeat_ >= kRepeat;
  if (!due && !announcement_wanted_) return;
  // Without a bridge nobody would ever stop the regular repetition of the events.
  if (announcement_wanted_ || bridge_heard_) events_.rewind();
  announcement_wanted_ = false;
  last_repeat_ = now;
  for (Publication& publication : announcement()) out.state.push_back(std::move(publication));
}

void Agent::snapshot_if_due(UtcTime now, Outgoing& out) {
  if (!config_.snapshot_schedule) return;
  const UtcTime next = next_time(*config_.snapshot_schedule, now, config_.log.zone);
  // Later than the next one: the schedule was changed, or the clock was set back.
  const bool known = snapshot_due_ != UtcTime{} && snapshot_due_ <= next;
  if (known && now < snapshot_due_) return;
  if (known) {
    const std::string id =
        event_id({config_.fridge, epoch_, "snapshot", to_rfc3339(snapshot_due_)});
    take_snapshot("schedule", "Scheduled snapshot", id, now, out);
  }
  snapshot_due_ = next;
  unsaved_ = true;
}

void Agent::save_into(AgentState& state) const {
  state.fridge = config_.fridge;
  state.epoch = epoch_;
  state.seq = seq_;
  state.rules = rules_.state();
  state.told = told_;
  state.events = {events_.events().begin(), events_.events().end()};
  state.last_event = events_.last();
  state.snapshot_due = snapshot_due_;
}

}  // namespace coldwatch
