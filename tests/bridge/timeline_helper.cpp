#include "tests/bridge/timeline_helper.hpp"

#include <array>
#include <cstdlib>

#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::array<std::string, 3> kFridges{"f1", "f2", "f3"};
const std::array<std::string, 3> kRules{"hot", "water", "latched"};
const std::array<std::string, 2> kNotifiers{"a", "b"};

TimeZone utc() {
  std::string error;
  return TimeZone::find("UTC", error).value();
}

bool needs_open(Intent intent) {
  switch (intent) {
    case Intent::kOpen:
    case Intent::kFlap:
    case Intent::kNotice:
    case Intent::kOccurredAndCleared:
      return false;
    default:
      return true;
  }
}

bool is_end(Intent intent) { return intent == Intent::kClear || intent == Intent::kReturnUnacked; }

std::string content_of(const Notification& notification) {
  auto object = to_json(notification);
  return object["items"].dump() + object["title"].dump();
}

}  // namespace

Lab::Lab(BridgeConfig config) : config_(std::move(config)), zone_(utc()) {
  bridge_ = std::make_unique<Bridge>(config_, zone_, IdMaker{lives_++}, now_, Milliseconds{0});
}

void Lab::fault(const std::string& text) { faults_ += text + "\n"; }

void Lab::publish(const std::string& topic, const std::string& payload, bool retained) {
  if (!bridge_ || !connected_) return;
  bridge_->on_message("coldwatch/lab/" + topic, payload, retained, now_);
}

void Lab::alarm(const std::string& fridge, const std::string& rule, AlarmState state,
                Severity severity) {
  const AlarmKey key{"lab", fridge, rule};
  Truth& truth = truth_[key];
  const UtcTime since = truth.seq == 0 || truth.state != state ? now_ : truth.since;
  truth = {state, severity, ++seq_[fridge], since};
  log_ += to_rfc3339(now_) + " " + fridge + "/" + rule + " " + std::string{word(state)} + " " +
          std::string{word(severity)} + "\n";
  if (!online_.try_emplace(fridge, true).first->second) return;
  say(key);
  settle();
}

/// The agent's message about one alarm, as it stands now.
void Lab::say(const AlarmKey& key) {
  const Truth& truth = truth_.at(key);
  AlarmMessage message{.state = truth.state, .severity = truth.severity, .text = key.rule};
  message.epoch = "e";
  message.seq = truth.seq;
  message.since = truth.since;
  message.latch = key.rule == "latched";
  if (bridge_ && connected_) {
    known_[key] = truth.state;
    heard_[key] = truth.seq;
  }
  publish(key.fridge + "/alarm/" + key.rule, dump(to_json(message)), false);
}

void Lab::repeat_alarms(const std::string& fridge) {
  for (const auto& [key, truth] : truth_) {
    if (key.fridge == fridge) say(key);
  }
  settle();
}

void Lab::late_message(const std::string& fridge, const std::string& rule) {
  const auto said = truth_.find({"lab", fridge, rule});
  if (said == truth_.end() || said->second.seq < 2) return;
  const bool active = said->second.state == AlarmState::kActive;
  AlarmMessage message{.state = active ? AlarmState::kNormal : AlarmState::kActive,
                       .severity = Severity::kCritical,
                       .text = rule};
  message.epoch = "e";
  message.seq = said->second.seq - 1;
  if (heard_[said->first] != said->second.seq) return;  // else it would not be late
  publish(fridge + "/alarm/" + rule, dump(to_json(message)), false);
  settle();
}

void Lab::connection(bool up) {
  log_ += to_rfc3339(now_) + (up ? " connected\n" : " broker lost\n");
  connected_ = up;
  if (!bridge_) return;
  bridge_->on_connection(up, "connection refused", now_);
  if (up) catch_up();
  settle();
}

/// What the broker and the agents tell a bridge that has subscribed.
void Lab::catch_up() {
  for (const std::string& fridge : kFridges) {
    const bool online = online_.try_emplace(fridge, true).first->second;
    publish(fridge + "/status", online ? "online" : "offline", true);
    if (online) repeat_alarms(fridge);
  }
}

void Lab::status(const std::string& fridge, bool online) {
  log_ += to_rfc3339(now_) + " " + fridge + (online ? " online\n" : " offline\n");
  online_[fridge] = online;
  publish(fridge + "/status", online ? "online" : "offline", false);
  if (online) repeat_alarms(fridge);
  settle();
}

void Lab::command(const std::string& verb, const std::string& payload) {
  log_ += to_rfc3339(now_) + " " + verb + " " + payload + "\n";
  publish("_bridge/main/cmd/" + verb, payload, false);
  settle();
}

void Lab::set_outcome(const std::string& notifier, Outcome outcome) {
  log_ += to_rfc3339(now_) + " " + notifier + " " + std::string{word(outcome)} + "\n";
  outcome_[notifier] = outcome;
}

void Lab::crash() {
  log_ += to_rfc3339(now_) + " crash\n";
  bridge_.reset();
}

void Lab::restart() {
  log_ += to_rfc3339(now_) + " restart\n";
  bridge_ = std::make_unique<Bridge>(config_, zone_, IdMaker{lives_++}, now_, config_.start_grace);
  std::vector<StoredRow> rows;
  for (const auto& [id, body] : store_) rows.push_back({id.first, id.second, body});
  for (const std::string& remark : bridge_->restore(rows, now_)) fault(remark);
  quiet_until_ = now_ + config_.start_grace;
  bridge_->on_connection(connected_, "connection refused", now_);
  catch_up();
  settle();
}

void Lab::at(Milliseconds wait) {
  const UtcTime until = now_ + wait;
  for (int turns = 0; bridge_; ++turns) {
    const auto next = bridge_->next(now_);
    if (!next || *next > until) break;
    if (turns > 100'000) return fault("the bridge does not come to rest");
    now_ = std::max(now_, *next);
    step();
  }
  now_ = until;
}

void Lab::settle() {
  if (bridge_) step();
  at(Milliseconds{0});
}

void Lab::step() {
  Actions actions = bridge_->step(now_);
  for (const RowChange& change : actions.changes.rows) {
    if (change.body) store_[{change.table, change.id}] = *change.body;
    if (!change.body) store_.erase({change.table, change.id});
  }
  for (const Notification& notification : actions.notifications) deliver(notification);
}

void Lab::deliver(const Notification& notification) {
  const Outcome outcome = outcome_.try_emplace(notification.notifier, Outcome::kSent).first->second;
  const std::string content = content_of(notification);
  const auto [known, fresh] = contents_.try_emplace(notification.id, content);
  if (!fresh && known->second != content) fault("other content with the id " + notification.id);
  // Every other ambiguous attempt has arrived in fact.
  const bool arrives =
      outcome == Outcome::kSent || (outcome == Outcome::kAmbiguous && contents_.size() % 2 == 0);
  if (arrives) read(notification, fresh);
  bridge_->on_result({.notifier = notification.notifier,
                      .notification = notification.id,
                      .outcome = outcome,
                      .detail = "as told"},
                     now_);
}

void Lab::read(const Notification& notification, bool first_attempt) {
  if (!read_.insert(notification.id).second) return;  // people see that it is the same
  ++arrived_;
  for (const NotificationItem& item : notification.items) {
    log_ += to_rfc3339(now_) + "   " + notification.notifier + ": " +
            std::string{word(item.intent)} + " " + item.key.fridge + "/" + item.key.rule + " " +
            std::string{word(item.severity)} + "\n";
    believe(notification.notifier, item, first_attempt);
  }
}

void Lab::believe(const std::string& notifier, const NotificationItem& item, bool first_attempt) {
  Belief& belief = beliefs_[{notifier, item.key}];
  const std::string what = notifier + ": " + std::string{word(item.intent)} + " of " +
                           item.key.fridge + "/" + item.key.rule;
  if (item.intent == Intent::kNotice || item.intent == Intent::kOccurredAndCleared) return;
  if (needs_open(item.intent) && !belief.open) fault(what + " that nobody was told of");
  if (item.intent == Intent::kOpen && belief.open) fault(what + " a second time");
  belief.open = !is_end(item.intent);
  belief.severity = item.severity;
  if (is_end(item.intent) && first_attempt && known_[item.key] == AlarmState::kActive) {
    fault(what + ", which stands");
  }
}

void Lab::compare_with_truth() {
  for (const auto& [key, truth] : truth_) {
    for (const std::string& notifier : kNotifiers) {
      const Belief belief = beliefs_[{notifier, key}];
      const bool active = truth.state == AlarmState::kActive;
      const std::string what = notifier + " about " + key.fridge + "/" + key.rule;
      if (active != belief.open) {
        fault(what + (active ? ": was not told" : ": was not told of its end"));
      } else if (active && belief.severity != truth.severity) {
        fault(what + ": believes in another severity");
      }
    }
  }
}

namespace {

BridgeConfig random_config(std::mt19937& random) {
  BridgeConfig config;
  config.own_alarms = own_alarm_defaults();
  for (const std::string& name : kNotifiers) {
    config.notifiers.push_back({.name = name, .type = "console"});
  }
  if (random() % 3 == 0) config.notifiers[1].limits = {3, minutes{1}};
  if (random() % 2 == 0) config.book.flapping.count = 3;
  if (random() % 2 == 0) {
    config.inhibit.push_back({{{{"rule", {"water"}}}}, {{{"rule", {"hot"}}}}, false, false});
  }
  if (random() % 3 == 0) config.grouping_by = {"rule", "fridge"};
  if (random() % 4 == 0) config.grouping_by = {};
  return config;
}

void random_action(Lab& lab, std::mt19937& random) {
  const std::string& fridge = kFridges[random() % kFridges.size()];
  const std::string& rule = kRules[random() % kRules.size()];
  const std::string& notifier = kNotifiers[random() % kNotifiers.size()];
  const std::string target = R"("fridge":")" + fridge + R"(","by":"ann")";
  switch (random() % 15) {
    case 0:
    case 1:
    case 2:
      return lab.alarm(fridge, rule, AlarmState::kActive, static_cast<Severity>(random() % 3));
    case 3:
    case 4:
      return lab.alarm(fridge, rule, AlarmState::kNormal, Severity::kInfo);
    case 5:
      return lab.command("ack", "{" + target + "}");
    case 6:
      return lab.command("shelve",
                         R"({"match":{"fridge":")" + fridge + R"("},"by":"ann","for":"10m"})");
    case 7:
      return lab.status(fridge, random() % 2 == 0);
    case 8:
      if (lab.running()) return lab.crash();
      return lab.restart();
    case 9:
      return lab.set_outcome(notifier, static_cast<Outcome>(random() % 3));
    case 10:
      return lab.command("unack", "{" + target + "}");
    case 11:
      return lab.repeat_alarms(fridge);
    case 12:
      return lab.late_message(fridge, rule);
    case 13:
      return lab.connection(random() % 2 == 0);
    default:
      return lab.command("unshelve", R"({"match":{"fridge":")" + fridge + R"("}})");
  }
}

}  // namespace

std::string random_timeline(std::uint32_t seed) {
  std::mt19937 random{seed};
  Lab lab{random_config(random)};
  constexpr std::array<Milliseconds, 5> kWaits{seconds{1}, seconds{4}, seconds{20}, seconds{90},
                                               minutes{20}};
  const int actions = 10 + static_cast<int>(random() % 30);
  for (int i = 0; i < actions; ++i) {
    random_action(lab, random);
    lab.at(kWaits[random() % kWaits.size()]);
    lab.check_between_steps();
  }
  if (!lab.running()) lab.restart();
  lab.connection(true);
  for (const std::string& notifier : kNotifiers) lab.set_outcome(notifier, Outcome::kSent);
  for (const std::string& fridge : kFridges) {
    lab.status(fridge, true);
    lab.alarm(fridge, "water", AlarmState::kNormal, Severity::kInfo);  // it may inhibit others
  }
  // Longer than any shelf, acknowledgement or backoff.
  lab.at(hours{13});
  lab.compare_with_truth();
  return lab.faults().empty() ? "" : lab.faults() + lab.log();
}

std::uint32_t timelines(std::uint32_t usual) {
  const char* wanted = std::getenv("COLDWATCH_TIMELINES");
  const auto number = parse_integer(wanted == nullptr ? "" : wanted);
  return number ? static_cast<std::uint32_t>(*number) : usual;
}

}  // namespace coldwatch
