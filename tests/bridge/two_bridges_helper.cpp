#include "tests/bridge/two_bridges_helper.hpp"

namespace coldwatch {
namespace {

using std::chrono::seconds;

constexpr std::size_t kNobody = 2;
const char* const kNames[] = {"main", "second"};

BridgeConfig ranked(std::size_t side) {
  BridgeConfig config = config_with({"mail", "phone"});
  config.bridge = kNames[side];
  config.rank = static_cast<int>(side);
  return config;
}

bool comes_back(const std::string& topic) {
  return topic.find("/book/") == topic.npos && topic.find("/notified/") == topic.npos &&
         !topic.ends_with("/shelves");
}

}  // namespace

TwoBridges::TwoBridges() {
  for (std::size_t i = 0; i < 2; ++i) {
    sides_[i].core = std::make_unique<Core>(ranked(i));
  }
  now_ = core(0).now();
  for (std::size_t i = 0; i < 2; ++i) join(i);
  wait(30);
}

void TwoBridges::publish(const Publication& one, std::size_t from) {
  if (one.retain && one.payload.empty()) retained_.erase(one.topic);
  if (one.retain && !one.payload.empty()) retained_[one.topic] = one.payload;
  for (std::size_t to = 0; to < 2; ++to) {
    if (!sides_[to].hears() || (to == from && !comes_back(one.topic))) continue;
    core(to).bridge().on_message(one.topic, one.payload, false, core(to).now());
    core(to).step();
  }
}

void TwoBridges::alarm(const std::string& fridge, const AlarmMessage& message) {
  publish({.topic = "coldwatch/lab/" + fridge + "/alarm/hot",
           .payload = dump(to_json(message)),
           .retain = true},
          kNobody);
  carry();
}

void TwoBridges::command(const std::string& bridge, const std::string& verb,
                         const std::string& payload) {
  publish({.topic = "coldwatch/lab/_bridge/" + bridge + "/cmd/" + verb, .payload = payload},
          kNobody);
  carry();
}

void TwoBridges::note_arrivals(Side& side) {
  for (; side.arrived < side.core->arrived.size(); ++side.arrived) {
    const Notification& message = side.core->arrived[side.arrived];
    for (const NotificationItem& item : message.items) {
      ++told_;
      auto& last = last_words_[message.notifier + " " + item.key.fridge + "/" + item.key.rule];
      // What came and went stands behind what is; it says nothing of now.
      if (last.empty() || item.intent != Intent::kOccurredAndCleared) last = word(item.intent);
    }
  }
}

/// What they publish arrives, until nobody answers any more.
void TwoBridges::carry() {
  for (bool more = true; more;) {
    more = false;
    for (std::size_t from = 0; from < 2; ++from) {
      note_arrivals(sides_[from]);
      for (const Publication& one : core(from).take_published()) {
        more = true;
        if (sides_[from].hears()) publish(one, from);
        if (!sides_[from].connected && one.retain) core(from).bridge().publication_lost(one.topic);
      }
    }
  }
}

void TwoBridges::beat() {
  for (std::size_t i = 0; i < 2; ++i) {
    if (!sides_[i].hears()) continue;
    publish(
        health_publication({"coldwatch", "lab"}, kNames[i], core(i).bridge().health(now_), 1, now_),
        i);
  }
}

void TwoBridges::wait(int time_s) {
  for (int i = 0; i < time_s; ++i) {
    now_ += seconds{1};
    for (Side& side : sides_) {
      if (side.lives) side.core->wait(seconds{1});
    }
    carry();
    if (++seconds_ % 4 == 0) beat();
  }
}

void TwoBridges::kill(std::size_t side) {
  carry();
  sides_[side].lives = false;
  publish(status_publication({"coldwatch", "lab"}, kNames[side], false), kNobody);
}

void TwoBridges::start(std::size_t side) {
  sides_[side].core = std::make_unique<Core>(ranked(side), now_, core(side));
  sides_[side].lives = true;
  sides_[side].arrived = 0;
  join(side);
}

void TwoBridges::cut(std::size_t side) {
  sides_[side].connected = false;
  core(side).bridge().on_connection(false, "cut off", core(side).now());
  publish(status_publication({"coldwatch", "lab"}, kNames[side], false), kNobody);
}

void TwoBridges::join(std::size_t side) {
  sides_[side].connected = true;
  Core& joined = core(side);
  for (const auto& [topic, payload] : std::map{retained_}) {
    joined.bridge().on_message(topic, payload, true, joined.now());
    joined.step();
  }
  joined.bridge().on_connection(true, "", joined.now());
  for (const Publication& one : joined.bridge().announcement(joined.now())) publish(one, side);
  joined.step();
  carry();
}

void TwoBridges::lose_broker(int time_s) {
  std::erase_if(retained_, [](const auto& entry) {
    return entry.first.find("/_bridge/") != entry.first.npos;  // agents repeat theirs
  });
  for (std::size_t i = 0; i < 2; ++i) {
    sides_[i].connected = false;
    core(i).bridge().on_connection(false, "the broker is gone", core(i).now());
  }
  wait(time_s);
  for (std::size_t i = 0; i < 2; ++i) {
    if (sides_[i].lives) join(i);
  }
}

std::vector<std::string> TwoBridges::take_told(std::size_t side) {
  carry();
  return core(side).take_told();
}

}  // namespace coldwatch
