#include "tests/bridge/bridge_helper.hpp"

namespace coldwatch {
namespace {

TimeZone utc() {
  std::string error;
  return TimeZone::find("UTC", error).value();
}

}  // namespace

BridgeConfig config_with(const std::vector<std::string>& notifiers) {
  BridgeConfig config;
  config.own_alarms = own_alarm_defaults();
  for (const std::string& name : notifiers) {
    config.notifiers.push_back({.name = name, .type = "console"});
  }
  return config;
}

AlarmMessage alarm_message(Severity severity, std::uint64_t seq, AlarmState state) {
  return {.state = state,
          .severity = severity,
          .text = state == AlarmState::kActive ? "too warm" : "cold again",
          .since = UtcTime{std::chrono::seconds{seq}},
          .epoch = "e",
          .seq = seq};
}

Core::Core(BridgeConfig config)
    : bridge_(std::move(config), utc(), IdMaker{1}, now_, Milliseconds{0}) {}

Core::Core(BridgeConfig config, UtcTime now, const Core& before)
    : rows(before.rows), now_(now), bridge_(config, utc(), IdMaker{2}, now, config.start_grace) {
  std::vector<StoredRow> stored;
  for (const auto& [row, body] : rows) stored.push_back({row.first, row.second, body});
  for (const std::string& sentence : bridge_.restore(stored, now)) remarks.push_back(sentence);
}

void Core::alarm(const std::string& fridge, const std::string& rule, const AlarmMessage& message) {
  publish(fridge + "/alarm/" + rule, dump(to_json(message)));
}

void Core::publish(const std::string& topic, const std::string& payload, bool retained) {
  bridge_.on_message("coldwatch/lab/" + topic, payload, retained, now_);
  step();
}

void Core::wait(Milliseconds time) {
  const UtcTime until = now_ + time;
  while (true) {
    const auto next = bridge_.next(now_);
    if (!next || *next > until) break;
    now_ = std::max(now_, *next);
    step();
  }
  now_ = until;
  step();
}

void Core::step() {
  Actions actions = bridge_.step(now_);
  std::ranges::move(actions.publications, std::back_inserter(publications_));
  while (auto book = bridge_.next_book(now_)) publications_.push_back(std::move(*book));
  std::ranges::move(actions.confirmations, std::back_inserter(confirmations));
  std::ranges::move(actions.changes.history, std::back_inserter(history));
  for (const RowChange& row : actions.changes.rows) {
    if (row.body) rows[{row.table, row.id}] = *row.body;
    if (!row.body) rows.erase({row.table, row.id});
  }
  std::ranges::move(actions.remarks, std::back_inserter(remarks));
  for (const Notification& message : actions.notifications) {
    if (hanging.contains(message.notifier)) under_way_.push_back(message);
    if (!hanging.contains(message.notifier)) deliver(message);
  }
}

void Core::answer() {
  hanging.clear();
  for (const Notification& message : std::exchange(under_way_, {})) deliver(message);
  step();
}

void Core::deliver(const Notification& message) {
  DeliveryResult result{.notifier = message.notifier, .notification = message.id};
  result.outcome = outcome.try_emplace(message.notifier, Outcome::kSent).first->second;
  if (result.outcome == Outcome::kSent) {
    std::string line = message.notifier + ":";
    for (const NotificationItem& item : message.items) {
      line += " " + std::string{word(item.intent)} + " " + item.key.fridge + "/" + item.key.rule;
    }
    told_.push_back(std::move(line));
    arrived.push_back(message);
  } else {
    result.detail = "no route to host";
  }
  bridge_.on_result(result, now_);
}

const std::string* Core::last(const std::string& topic) const {
  const std::string* found = nullptr;
  for (const Publication& one : publications_) {
    if (one.topic == "coldwatch/lab/" + topic) found = &one.payload;
  }
  return found;
}

nlohmann::json Core::last_json(const std::string& topic) const {
  const std::string* payload = last(topic);
  return payload == nullptr ? nlohmann::json{} : parse_json_or_discard(*payload);
}

std::vector<Publication> Core::take_published() {
  const auto from = publications_.begin() + static_cast<std::ptrdiff_t>(given_);
  given_ = publications_.size();
  return {from, publications_.end()};
}

std::vector<std::string> Core::take_told() { return std::exchange(told_, {}); }

}  // namespace coldwatch
