#include "bridge/service.hpp"

#include <algorithm>
#include <random>
#include <thread>

#include "bridge/delivery/receipts.hpp"
#include "bridge/watch/dead_man.hpp"
#include "common/json.hpp"
#include "common/log.hpp"

namespace coldwatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Milliseconds kLongestWait = seconds{1};
constexpr Milliseconds kHeartbeat = seconds{4};  // others miss it after Peers::kLongestSilence
constexpr Milliseconds kRepeat = minutes{10};
constexpr Milliseconds kPrune = minutes{10};
constexpr std::size_t kQueueWarning = 10'000;
constexpr std::size_t kQueueWarningBytes = 16 * 1024 * 1024;
constexpr const char* kDrillRow = "drill";

constexpr Milliseconds kStoreRetry = seconds{1};
constexpr Milliseconds kPace{10};
constexpr Milliseconds kThoughtPace{200};

}  // namespace

Service::Service(LoadedBridge loaded, std::uint64_t seed, UtcTime wall, SteadyTime steady)
    : loaded_(std::move(loaded)),
      topics_(loaded_.config.root, loaded_.config.site),
      guard_(loaded_.broker, loaded_.config.root) {
  const UtcTime now = clock_.at(wall, steady);
  const BridgeConfig& config = loaded_.config;
  std::string remark;
  store_ = std::make_unique<Store>(config.store, StoreUse::kReadWrite, remark);
  if (!remark.empty()) log_error(remark);
  bridge_ =
      std::make_unique<Bridge>(config, zone_of(config), IdMaker{seed}, now, config.start_grace);
  const auto rows = store_->rows();
  for (const std::string& sentence : bridge_->restore(rows, now)) log_error(sentence);
  for (const std::string& id : store_->event_ids(KnownEvents::kMost)) bridge_->know_event(id);
  for (const StoredRow& row : rows) {
    if (row.table == Table::kState && row.id == kDrillRow) drill_.restore(row.body);
  }
  drill_.configure(config.drill);
  bridge_->on_connection(false, "not connected yet", now);
  make_courier(std::move(loaded_.notifiers));
  for (const StoredRow& row : rows) {
    if (row.table == Table::kState) courier_->restore({row.id, row.body});
  }
  // Its book is asked for because of entries of an earlier life, not to hear every word twice.
  MqttSettings broker = loaded_.broker;
  for (const char* kind : {"book/+/+", "shelves"}) broker.no_echo.insert(topics_.bridge("+", kind));
  broker.no_echo.insert(topics_.bridge("notified", "+/+"));
  session_ = std::make_unique<MqttSession>(std::move(broker),
                                           status_publication(topics_, config.bridge, false),
                                           subscriptions(), [this] { wake(); });
  log_info("bridge " + config.bridge + " with " + std::to_string(config.notifiers.size()) +
           " notifiers and " + std::to_string(bridge_->book().alarms().size()) +
           " alarms in its book");
}

Service::~Service() = default;

std::vector<std::string> Service::subscriptions() const {
  const std::string& prefix = topics_.prefix();
  std::vector<std::string> filters{prefix + "+/alarm/+",
                                   prefix + "+/status",
                                   prefix + "+/health",
                                   prefix + "+/event",
                                   topics_.bridge("+", "cmd/+"),
                                   topics_.bridge("+", "status"),
                                   topics_.bridge("+", "health"),
                                   topics_.bridge("notified", "+/+"),
                                   topics_.bridge("+", "shelves"),
                                   topics_.bridge("+", "book/+/+"),
                                   topics_.bridge(loaded_.config.bridge, "event"),
                                   "$SYS/broker/publish/messages/dropped"};
  if (!loaded_.config.home_assistant.empty()) filters.push_back(prefix + "+/info");
  // Some brokers keep retained messages from wildcard subscribers: what is known is asked by name.
  std::set<std::string> exact;
  for (const std::string& fridge : loaded_.config.fridges) {
    exact.insert(topics_.of(fridge, "status"));
  }
  for (const auto& [key, alarm] : bridge_->book().alarms()) {
    if (key.site != loaded_.config.site || alarm.message.epoch == kOwnEpoch) continue;
    exact.insert(topics_.of(key.fridge, "status"));
    exact.insert(topics_.of(key.fridge, "alarm", key.rule));
  }
  filters.insert(filters.end(), exact.begin(), exact.end());
  return filters;
}

void Service::make_courier(std::vector<std::unique_ptr<Notifier>> notifiers) {
  const BridgeConfig& config = loaded_.config;
  if (!config.dead_man.url.empty()) notifiers.push_back(make_dead_man(config.dead_man.url));
  auto courier = std::make_unique<Courier>(std::move(notifiers), zone_of(config));
  if (courier_) {
    for (const CourierNote& note : courier_->notes()) courier->restore(note);
  }
  const std::lock_guard lock{courier_change_};
  if (courier_ && !under_way_.empty()) retired_.push_back(std::move(courier_));
  courier_ = std::move(courier);
}

void Service::wake() {
  const std::lock_guard lock{courier_change_};
  courier_->wake();
}

void Service::reload(LoadedBridge loaded, UtcTime wall, SteadyTime steady) {
  const BridgeConfig& old = loaded_.config;
  BridgeConfig& next = loaded.config;
  for (const auto& [key, was, is] :
       {std::tuple{"bridge", &old.bridge, &next.bridge}, std::tuple{"root", &old.root, &next.root},
        std::tuple{"site", &old.site, &next.site}, std::tuple{"store", &old.store, &next.store}}) {
    if (*was == *is) continue;
    log_warning(std::string{key} + " is still \"" + *was + "\": a restart changes it");
    *is = *was;
  }
  loaded_.config = next;
  drill_.configure(next.drill);
  bridge_->configure(next, zone_of(next), clock_.at(wall, steady));
  make_courier(std::move(loaded.notifiers));
  outgoing_.add(info_publication(topics_, loaded_.config));
  log_info("the config was read again");
}

void Service::on_results(UtcTime now) {
  std::vector<DeliveryResult> results = courier_->step(now);
  for (const auto& courier : retired_) {
    std::ranges::move(courier->step(now), std::back_inserter(results));
  }
  for (const DeliveryResult& result : results) {
    under_way_.erase(result.notifier);
    if (result.notifier == kDeadMan) {
      if (result.outcome != Outcome::kSent) log_warning("dead-man ping: " + result.detail);
      continue;
    }
    if (result.outcome != Outcome::kSent) {
      log_warning(result.notifier + ": " + std::string{word(result.outcome)} + ": " +
                  result.detail);
    }
    const Pending* pending = bridge_->pending(result);
    const bool drill = pending != nullptr &&
                       std::ranges::any_of(pending->notification.items, [](const auto& item) {
                         return item.key.fridge == kBridgeItself && item.key.rule == kDrillRule;
                       });
    if (drill && result.outcome == Outcome::kSent) {
      if (const auto took = drill_.arrived(result.notifier, now)) {
        bridge_->note(
            {now, "bridge", "", "", "the drill arrived everywhere within " + *took, "{}"});
        log_info("the drill arrived everywhere within " + *took);
      }
    }
    bridge_->on_result(result, now);
  }
  keep_courier_notes();
  if (under_way_.empty()) retired_.clear();
}

void Service::follow_receipts(UtcTime now) {
  const auto in_hand = [this](const Receipt& receipt) { return bridge_->in_hand(receipt.alarms); };
  for (const Acknowledgement& one : courier_->follow_receipts(in_hand, now)) {
    bridge_->on_acknowledgement(one, now);
  }
}

void Service::keep_courier_notes() {
  for (const auto& courier : retired_) {
    for (CourierNote& note : courier->take_changed_notes()) {
      courier_->restore(note);
      noted_.push_back({Table::kState, note.id, std::move(note.body)});
    }
  }
  for (CourierNote& note : courier_->take_changed_notes()) {
    noted_.push_back({Table::kState, note.id, std::move(note.body)});
  }
}

/// Nothing that follows from `changes` is said before they are written, but for deliveries: a message
/// twice after a crash is better than none.
void Service::store(StoreChanges changes, UtcTime now) {
  std::ranges::move(std::exchange(noted_, {}), std::back_inserter(changes.rows));
  const auto is_stored = [this](const RowChange& row) { return store_->has(row.table, row.id); };
  if (!unwritten_.empty()) {
    unwritten_.add(std::move(changes), is_stored);
    if (now < next_store_try_) return;
    changes = unwritten_.all(now);
  }
  std::string error;
  if (store_->write(changes, error)) {
    unwritten_.clear();
    store_failing_since_.reset();
    for (auto& [topic, one] : std::exchange(confirmations_, {})) outgoing_.add(std::move(one));
    note_full_histories(now);
  } else {
    if (unwritten_.empty()) unwritten_.add(std::move(changes), is_stored);
    next_store_try_ = now + kStoreRetry;
    if (!store_failing_since_) {
      log_error(error + "; alarms are delivered all the same, but a restart would repeat them");
      store_failing_since_ = now;
    }
  }
  bridge_->set_own_alarm("store_failing", store_failing_since_.has_value(),
                         error + "; what is told now would be told again after a restart", now);
}

void Service::note_full_histories(UtcTime now) {
  for (const std::string& fridge : store_->take_full()) {
    const std::string text = "the history has too much of " + (fridge.empty() ? "itself" : fridge) +
                             ": its oldest lines give way to new ones";
    log_warning(text);
    bridge_->note({now, "bridge", fridge, "", text, "{}"});
  }
}

void Service::act(Actions actions, UtcTime now) {
  for (const std::string& remark : actions.remarks) remarks_.info(remark, now);
  for (Publication& one : actions.confirmations) {
    confirmations_.insert_or_assign(one.topic, std::move(one));
  }
  store(std::move(actions.changes), now);
  for (Notification& notification : actions.notifications) {
    under_way_.insert(notification.notifier);
    courier_->send(std::move(notification), now);
  }
  for (Publication& publication : actions.publications) outgoing_.add(std::move(publication));
  reload_wanted_ = reload_wanted_ || actions.reload;
}

void Service::heartbeat(UtcTime now, SteadyTime steady) {
  if (session_->connected() && steady >= next_heartbeat_) {
    next_heartbeat_ = steady + kHeartbeat;
    outgoing_.add(health_publication(topics_, loaded_.config.bridge, bridge_->health(now),
                                     ++heartbeats_, now));
  }
  if (session_->connected() && steady >= next_repeat_) {
    // Retained state again, for brokers that do not give it to wildcard subscribers.
    if (next_repeat_ != SteadyTime{}) {
      for (Publication& one : bridge_->announcement(now)) outgoing_.add(std::move(one));
    }
    next_repeat_ = steady + kRepeat;
  }
  if (steady >= next_prune_) {
    next_prune_ = steady + kPrune;
    store_->prune_history(now - loaded_.config.history_keep);
  }
  // The ping comes from here and from nowhere else: a loop that hangs, a broker that is gone and a
  // store that cannot be written all make it stay away.
  const bool well = session_->connected() && !store_failing_since_;
  if (loaded_.config.dead_man.url.empty() || !well || steady < next_ping_) return;
  if (under_way_.contains(kDeadMan)) return;
  next_ping_ = steady + loaded_.config.dead_man.every;
  under_way_.insert(kDeadMan);
  courier_->send(dead_man_ping(++pings_), now);
}

void Service::run_drill(UtcTime now) {
  std::set<std::string> notifiers;
  for (const NotifierSettings& notifier : loaded_.config.notifiers) notifiers.insert(notifier.name);
  if (session_->connected() && drill_.begin_if_due(now, notifiers)) {
    // Through the broker and back, as the event of an agent comes.
    outgoing_.add(drill_publication(topics_, loaded_.config.bridge, now));
  }
  const std::string missing = drill_.missing(now);
  bridge_->set_own_alarm("drill_missing", !missing.empty(), missing, now);
  if (drill_.state() != drill_state_) {
    drill_state_ = drill_.state();
    noted_.push_back({Table::kState, kDrillRow, drill_state_});
  }
}

Milliseconds Service::step(UtcTime wall, SteadyTime steady) {
  const UtcTime now = clock_.at(wall, steady);
  on_session_events(now, steady);
  on_results(now);
  follow_receipts(now);
  run_drill(now);
  const std::size_t waiting = outgoing_.size() + bridge_->waiting_books();
  const bool grows = waiting > kQueueWarning || outgoing_.bytes() > kQueueWarningBytes;
  bridge_->set_own_alarm("queue_growing", grows,
                         std::to_string(waiting) + " messages wait for the broker", now);
  if (const std::size_t lost = outgoing_.take_lost(); lost > 0) {
    remarks_.info(std::to_string(lost) + " messages for the broker gave way to newer ones", now);
  }
  // In a storm a thought for each message would be a transaction of the store for each.
  const bool waits = steady < next_thought_;
  if (!waits) {
    act(bridge_->step(now), now);
    if (std::exchange(news_, false)) next_thought_ = steady + kThoughtPace;
  }
  heartbeat(now, steady);
  publish(now);
  if (waits) return std::chrono::ceil<Milliseconds>(next_thought_ - steady);
  Milliseconds wait = kLongestWait;
  if (const auto next = bridge_->next(now)) wait = std::min(wait, *next - now);
  return std::max(wait, Milliseconds{0});
}

void Service::wait(Milliseconds timeout) {
  constexpr Milliseconds kWhileRetired = std::chrono::milliseconds{50};
  // What the broker acknowledges one by one makes room for as many at once.
  if (std::exchange(busy_, false)) {
    std::this_thread::sleep_for(kPace);
    timeout = std::max(timeout - kPace, Milliseconds{0});
  }
  courier_->wait(retired_.empty() ? timeout : std::min(timeout, kWhileRetired));
}

void Service::stop() { session_->close(status_publication(topics_, loaded_.config.bridge, false)); }

}  // namespace coldwatch
