// What the agent says about itself and its rules, and what a bridge confirms.
#include <algorithm>

#include "agent/agent.hpp"
#include "agent/event_id.hpp"
#include "common/json.hpp"
#include "common/log.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr int kSchema = 1;
constexpr std::chrono::minutes kClockTolerance{1};
/// Of an event that carries the values of a snapshot; readers take 4096 bytes at most.
constexpr std::size_t kLongestSnapshotWordsBytes = 4000;
/// A confirmation beyond this distance is not of our counting, whatever its epoch says.
constexpr std::uint64_t kFarthestConfirmation = 1'000'000;

double seconds(Milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

}  // namespace

std::vector<std::string> Agent::subscriptions() const {
  return {topic("cmd") + "/+", topics_.bridge("confirmed", config_.fridge)};
}

Publication Agent::status(bool online) const {
  return {.topic = topic("status"), .payload = online ? "online" : "offline", .retain = true};
}

Publication Agent::alarm(const std::string& rule, AlarmMessage alarm) const {
  alarm.epoch = epoch_;
  alarm.rules_rev = rules_.revision();
  const auto told = told_.find(rule);
  if (told != told_.end()) {
    alarm.seq = told->second.seq;
    alarm.id = told->second.id;
  }
  return {.topic = topics_.of(config_.fridge, "alarm", rule),
          .payload = dump(to_json(alarm)),
          .retain = true};
}

Publication Agent::info() const {
  json channels = json::object();
  for (const auto& [stream, view] : views_.all()) {
    for (std::size_t i = 0; i < view.channels()->size(); ++i) {
      if (!view.published(i)) continue;
      const Channel& channel = (*view.channels())[i];
      json& entry = channels[channel.key];
      entry = {{"name", channel.name}, {"stream", stream}};
      if (!channel.unit.empty()) entry["unit"] = channel.unit;
      if (!channel.quantity.empty()) entry["quantity"] = channel.quantity;
    }
  }
  json object{{"schema", kSchema},
              {"version", COLDWATCH_VERSION},
              {"epoch", epoch_},
              {"channels", std::move(channels)},
              {"rules", rules_.describe()},
              {"rules_rev", rules_.revision()}};
  if (!format_.empty()) object["format"] = format_;
  return {.topic = topic("info"), .payload = dump(object), .retain = true};
}

std::pair<std::string, std::string> Agent::log_state(UtcTime now,
                                                     const LogCondition& condition) const {
  if (condition.state == LogCondition::State::kMissing) return {"missing", condition.text};
  if (condition.state == LogCondition::State::kUnreadable) return {"unreadable", condition.text};
  const auto read = latest_.newest_read();
  if (!read) return {"stale", "no row has been read yet"};
  if (now - *read <= config_.stale_after) return {"live", condition.text};
  return {"stale", "no new row for " + duration_words(now - *read)};
}

Publication Agent::health(UtcTime now, const LogFacts& facts) {
  json object{{"t", to_rfc3339(now)},
              {"epoch", epoch_},
              {"n", ++heartbeats_},
              {"seq", seq_},
              {"backlog_bytes", facts.backlog_bytes},
              {"bad_records", facts.bad_records},
              {"unconfirmed_events", events_.events().size()},
              {"streams", latest_.ages(now)},
              {"phase", rules_.phase()},
              {"clock", "ok"}};
  if (const auto until = rules_.declared_until()) object["phase_until"] = to_rfc3339(*until);
  if (json usual = rules_.present_baselines(); !usual.empty()) {
    object["baselines"] = std::move(usual);
  }
  const auto [log, text] = log_state(now, facts.condition);
  object["log"] = log;
  if (!text.empty()) object["log_text"] = text;
  if (const auto row = latest_.newest_row()) {
    object["row_age_s"] = seconds(now - *row);
    if (*row - now > kClockTolerance) object["clock"] = "log_ahead";
  }
  return {.topic = topic("health"), .payload = dump(object), .qos = 0};
}

Publication Agent::snapshot(const std::string& reason, const std::string& text, UtcTime now) const {
  std::string words = text;
  if (const std::string lines = latest_.value_lines(); !lines.empty()) {
    words += (words.empty() ? "" : "\n") + lines;
  }
  json object{{"t", to_rfc3339(now)}, {"reason", reason}, {"values", latest_.values()}};
  if (!words.empty()) object["text"] = words;
  return {.topic = topic("snapshot"), .payload = dump(object), .retain = true};
}

std::string Agent::words_with_values(const std::string& text) const {
  const std::string values = latest_.value_list();
  return one_line(values.empty() ? text : text + ": " + values, kLongestSnapshotWordsBytes);
}

void Agent::take_snapshot(const std::string& reason, const std::string& text, std::string id,
                          UtcTime now, Outgoing& out) {
  add_event(
      {.id = std::move(id), .type = "snapshot", .text = words_with_values(text), .time = now});
  out.state.push_back(snapshot(reason, text, now));
}

void Agent::confirm(std::string_view payload) {
  std::string error;
  const auto object = parse_payload(payload, error);
  if (!object) return log_warning("a confirmation of a bridge " + error);
  const auto epoch = object->find("epoch");
  const auto seq = object->find("seq");
  if (epoch == object->end() || *epoch != epoch_ || seq == object->end() ||
      !seq->is_number_unsigned()) {
    return;  // of an older state file, or of somebody else's making
  }
  bridge_heard_ = true;
  const auto confirmed = seq->get<std::uint64_t>();
  if (confirmed > seq_ && confirmed - seq_ > kFarthestConfirmation) {
    return log_warning("a confirmation of seq " + std::to_string(confirmed) +
                       " is ignored: the last event here is " + std::to_string(seq_));
  }
  confirmed_ = std::max(confirmed_, confirmed);
  const std::size_t before = events_.events().size();
  events_.confirm(confirmed);
  // A retained confirmation comes again with every connection, and says nothing about a bridge.
  if (events_.events().size() != before) {
    ++confirmations_;
    unsaved_ = true;
  }
  if (settled_once_) catch_up_with_bridge();
}

void Agent::catch_up_with_bridge() {
  if (confirmed_ <= seq_) return;
  // The state file is older than what the bridge has seen (restored from a backup, lost with the
  // disk): counting on below its mark would make every new alarm look like an old one.
  log_warning("the bridge knows events up to " + std::to_string(confirmed_) +
              ", the state file only up to " + std::to_string(seq_) +
              ": counting goes on from there");
  seq_ = confirmed_;
  for (auto& [rule, told] : told_) {
    told.seq = ++seq_;
    changed_.insert(rule);
  }
  unsaved_ = true;
}

std::vector<FallbackAlarm> Agent::active_alarms() const {
  std::vector<FallbackAlarm> active;
  if (!settled_once_ || rows_since_settle_) return active;
  for (auto& [rule, message] : rules_.states()) {
    if (message.state != AlarmState::kActive || message.severity == Severity::kInfo) continue;
    const bool confirmed =
        std::ranges::none_of(events_.events(), [&rule = rule](const EventMessage& event) {
          return event.rule == rule && (event.type == "raise" || event.type == "change");
        });
    active.push_back({rule, message, confirmed});
  }
  return active;
}

void Agent::on_fallback_told(const FallbackAlarm& alarm, UtcTime now) {
  const AlarmMessage& message = alarm.message;
  add_event({.id = event_id({config_.fridge, alarm.rule, "fallback", to_rfc3339(message.since),
                             word(message.severity)}),
             .type = "fallback",
             .rule = alarm.rule,
             .state = message.state,
             .severity = message.severity,
             .text = "already told by the agent itself: " + message.text,
             .channel = message.channel,
             .value = message.value,
             .unit = message.unit,
             .time = now,
             .since = message.since,
             .cause = message.cause});
}

}  // namespace coldwatch
