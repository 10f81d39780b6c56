// Every alarm by its own name: random timelines of alarms, outages between fridge, broker and bridge,
// deaths of the bridge, and notifiers that fail. Whatever lasted longer than the wait for company is
// named to every reader in the end, and its beginning once.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <set>

#include "tests/bridge/bridge_helper.hpp"
#include "tests/bridge/timeline_helper.hpp"

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Milliseconds kLongEnough = seconds{11};
const std::array<std::string, 2> kFridges{"f1", "f2"};
const std::array<std::string, 2> kNotifiers{"a", "b"};

BridgeConfig config() {
  BridgeConfig config = config_with({kNotifiers.begin(), kNotifiers.end()});
  config.book.flapping.count = 1000;
  return config;
}

/// One fridge's agent: says its state and its events, and repeats what is not confirmed.
struct Agent {
  std::string fridge;
  AlarmMessage state = alarm_message(Severity::kCritical, 0, AlarmState::kNormal);
  std::vector<EventMessage> events;

  bool active() const { return state.state == AlarmState::kActive; }

  void turn(UtcTime now) {
    const std::uint64_t before = state.seq;
    state.state = active() ? AlarmState::kNormal : AlarmState::kActive;
    state.since = state.time = now;
    ++state.seq;
    const std::string name = fridge + " alarm " + std::to_string((state.seq + 1) / 2) + ".";
    state.text = active() ? name : "cold again";
    EventMessage event{.id = fridge + std::to_string(state.seq),
                       .type = active() ? "raise" : "clear",
                       .rule = "hot",
                       .state = state.state,
                       .severity = state.severity,
                       .text = state.text,
                       .time = now,
                       .since = now};
    event.epoch = state.epoch;
    event.seq = state.seq;
    event.previous = before;
    events.push_back(event);
  }
};

struct Episode {
  std::string name;
  UtcTime from{}, until{};
};

class World {
 public:
  World() : core_(std::make_unique<Core>(config())) { hear(); }

  void turn(std::size_t which) {
    Agent& agent = agents_[which];
    agent.turn(now());
    log("turn " + agent.state.text);
    if (agent.active()) episodes_.push_back({agent.state.text, now(), {}});
    for (Episode& one : episodes_) {
      if (!agent.active() && one.name.starts_with(agent.fridge) && one.until == UtcTime{}) {
        one.until = now();
      }
    }
    if (hears()) say(agent, agent.events.back());
  }

  void connect(bool up) {
    if (up == connected_) return;
    log(up ? "connected" : "cut");
    connected_ = up;
    if (!core_) return;
    core_->bridge().on_connection(up, "cut", now());
    hear();
  }

  void live(bool lives) {
    if (lives == (core_ != nullptr)) return;
    log(lives ? "started" : "killed");
    if (lives) {
      core_ = std::make_unique<Core>(config(), now_, *dead_);
      core_->outcome = dead_->outcome;
      core_->bridge().on_connection(connected_, "cut", now_);
    } else {
      now_ = core_->now();
      dead_ = std::move(core_);
    }
    hear();
  }

  void fail(const std::string& notifier, bool fails) {
    log(notifier + (fails ? " fails" : " works"));
    (core_ ? *core_ : *dead_).outcome[notifier] = fails ? Outcome::kRetry : Outcome::kSent;
  }

  void hang(const std::string& notifier, bool hangs) {
    if (!core_) return;
    log(notifier + (hangs ? " hangs" : " and all others answer"));
    if (hangs) core_->hanging.insert(notifier);
    if (!hangs) core_->answer();
  }

  void wait(Milliseconds time) {
    for (UtcTime end = now() + time; now() < end;) {
      if (core_) core_->wait(seconds{1});
      if (!core_) now_ += seconds{1};
      answer();
    }
  }

  void heal() {
    live(true);
    connect(true);
    for (const std::string& notifier : kNotifiers) fail(notifier, false);
    hang(kNotifiers[0], false);
    for (std::size_t i = 0; i < agents_.size(); ++i) {
      if (agents_[i].active()) turn(i);
    }
    wait(hours{1});
  }

  std::string faults() const {
    std::string faults;
    for (const Episode& one : episodes_) {
      for (const std::string& notifier : kNotifiers) {
        const auto count = begun_.count({notifier, one.name});
        const bool named = named_.contains({notifier, one.name});
        const bool lasted = one.until - one.from >= kLongEnough;
        if (lasted && !named) faults += notifier + " was never told of " + one.name + "\n";
        if (count > 1) faults += notifier + " was told twice of " + one.name + "\n";
      }
    }
    return faults.empty() ? faults : faults + log_;
  }

 private:
  UtcTime now() const { return core_ ? core_->now() : now_; }
  bool hears() const { return core_ && connected_; }
  void log(const std::string& what) { log_ += to_rfc3339(now()) + " " + what + "\n"; }

  void say(const Agent& agent, const EventMessage& event) {
    core_->alarm(agent.fridge, "hot", agent.state);
    core_->publish(agent.fridge + "/event", dump(to_json(event)));
    answer();
  }

  /// What a broker and the agents tell whoever has connected: states first, then events.
  void hear() {
    if (!hears()) return;
    for (const Agent& agent : agents_) {
      core_->publish(agent.fridge + "/status", "online", true);
      repeat(agent);
    }
    answer();
  }

  void repeat(const Agent& agent) {
    if (agent.events.empty()) return;
    core_->bridge().on_message("coldwatch/lab/" + agent.fridge + "/alarm/hot",
                               dump(to_json(agent.state)), false, now());
    for (const EventMessage& event : agent.events) {
      core_->publish(agent.fridge + "/event", dump(to_json(event)));
    }
  }

  /// Reads what arrived, takes note of what is confirmed, and does what the bridge has asked for.
  void answer() {
    if (!core_) return;
    for (const Publication& one : std::exchange(core_->confirmations, {})) {
      const auto seq = parse_json(one.payload).at("seq").get<std::uint64_t>();
      for (Agent& agent : agents_) {
        if (!one.topic.ends_with("/" + agent.fridge)) continue;
        std::erase_if(agent.events, [seq](const EventMessage& event) { return event.seq <= seq; });
      }
    }
    for (const Notification& message : std::exchange(core_->arrived, {})) read(message);
    for (const Publication& one : core_->take_published()) {
      for (const Agent& agent : agents_) {
        if (hears() && one.topic == "coldwatch/lab/" + agent.fridge + "/cmd/announce")
          repeat(agent);
      }
    }
  }

  void read(const Notification& message) {
    for (const auto* list : {&message.items, &message.active}) {
      for (const NotificationItem& item : *list) {
        if (item.key.rule != "hot") continue;
        named_.insert({message.notifier, item.text});
        if (list == &message.active) continue;
        log("  " + message.notifier + ": " + std::string{word(item.intent)} + " " + item.text);
        const bool begins = item.intent == Intent::kOpen || item.intent == Intent::kRealarm ||
                            item.intent == Intent::kOccurredAndCleared;
        if (begins) begun_.insert({message.notifier, item.text});
      }
    }
  }

  std::array<Agent, 2> agents_{Agent{kFridges[0]}, Agent{kFridges[1]}};
  std::vector<Episode> episodes_;
  std::set<std::pair<std::string, std::string>> named_;       // notifier, alarm
  std::multiset<std::pair<std::string, std::string>> begun_;  // ... as something new
  std::unique_ptr<Core> core_, dead_;
  UtcTime now_{};
  bool connected_ = true;
  std::string log_;
};

std::string faults_of(std::uint32_t seed) {
  std::mt19937 random{seed};
  World world;
  const std::array<Milliseconds, 5> waits{seconds{1}, seconds{3}, seconds{12}, seconds{30},
                                          seconds{100}};
  const int actions = 10 + static_cast<int>(random() % 30);
  for (int i = 0; i < actions; ++i) {
    switch (random() % 9) {
      case 0:
        world.connect(random() % 2 == 0);
        break;
      case 1:
        world.live(random() % 2 == 0);
        break;
      case 2:
      case 3:
        world.fail(kNotifiers[random() % 2], random() % 2 == 0);
        break;
      case 4:
        world.hang(kNotifiers[random() % 2], random() % 2 == 0);
        break;
      default:
        world.turn(random() % 2);
    }
    world.wait(waits[random() % waits.size()]);
  }
  world.heal();
  return world.faults();
}

TEST(Episodes, EachIsNamedToEveryReaderWhateverFails) {
  const std::uint32_t count = timelines(2500) / 5;  // each takes longer than one of the others
  for (std::uint32_t seed = 0; seed < count; ++seed) {
    const std::string faults = faults_of(seed);
    ASSERT_TRUE(faults.empty()) << "seed " << seed << "\n" << faults;
  }
}

}  // namespace
}  // namespace coldwatch
