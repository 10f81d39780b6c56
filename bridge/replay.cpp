#include "bridge/replay.hpp"

#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "bridge/bridge.hpp"
#include "bridge/notifiers/notifiers.hpp"
#include "bridge/notifiers/signature.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestLineBytes = 1024 * 1024;
constexpr double kLongestSeconds = 1e9;
constexpr std::uint64_t kSeed = 0;
/// More steps than this at one instant would be a loop.
constexpr int kMostSteps = 100'000;

constexpr std::array<std::string_view, 5> kSharedKeys{"name", "type", "language", "send_end",
                                                      "quiet_hours"};

void keep_shared_keys(json& config) {
  auto& notifiers = config["notifiers"];
  if (!notifiers.is_array() || notifiers.empty()) {
    notifiers = json::array({{{"name", "c"}, {"type", "console"}}});
  }
  for (json& entry : notifiers) {
    if (!entry.is_object()) continue;
    json kept = json::object();
    for (const std::string_view key : kSharedKeys) {
      if (entry.contains(key)) kept[std::string{key}] = entry[std::string{key}];
    }
    kept.emplace("type", "console");
    entry = std::move(kept);
  }
}

/// The bytes of a message: "payload", JSON or a text, or "payload_base64" for what is no text.
std::optional<std::string> payload_of(const json& entry) {
  if (const auto bytes = entry.find("payload_base64"); bytes != entry.end()) {
    return bytes->is_string() ? base64_decode(bytes->get<std::string>()) : std::nullopt;
  }
  const auto payload = entry.find("payload");
  if (payload == entry.end()) return std::nullopt;
  return payload->is_string() ? payload->get<std::string>() : dump(*payload);
}

class Replay {
 public:
  Replay(const BridgeConfig& config, std::ostream& out, const Deliver& deliver)
      : config_(config), zone_(find_zone(config)), ids_(kSeed), out_(out), deliver_(deliver) {
    start(kReplayStart, Milliseconds{0});
  }

  /// Lets everything happen that is due before `time`, or at it with `inclusive`.
  bool run_to(UtcTime time, bool inclusive) {
    while (bridge_) {
      const auto next = bridge_->next(now_);
      if (!next || *next > time || (*next == time && !inclusive)) break;
      if (!step(std::max(*next, now_))) return false;
    }
    if (now_ != time) steps_ = 0;
    now_ = time;
    return true;
  }

  bool apply(const json& entry, std::string& error) {
    if (entry.contains("topic")) return message(entry, error);
    if (entry.contains("down")) return set_down(entry["down"], true, error);
    if (entry.contains("up")) return set_down(entry["up"], false, error);
    if (entry.value("crash", false)) {
      bridge_.reset();
      return true;
    }
    if (entry.value("restart", false)) {
      start(now_, config_.start_grace);
      return true;
    }
    if (entry.value("end", false)) return true;
    error = "expected one of topic, down, up, crash, restart, end beside \"t\"";
    return false;
  }

 private:
  static TimeZone find_zone(const BridgeConfig& config) {
    std::string error;
    const std::string name = config.time_zone == "local" ? "UTC" : config.time_zone;
    auto zone = TimeZone::find(name, error);
    if (!zone) throw SettingsError{"time_zone: " + error};
    return *zone;
  }

  void start(UtcTime now, Milliseconds grace) {
    bridge_ = std::make_unique<Bridge>(config_, zone_, ids_, now, grace);
    // Ids go on counting over restarts, as random ones would never meet again.
    ids_ = IdMaker{++lives_};
    std::vector<StoredRow> rows;
    for (const auto& [id, body] : store_) rows.push_back({id.first, id.second, body});
    bridge_->restore(rows, now);
    for (const auto& [topic, payload] : std::exchange(missed_, {})) {
      bridge_->on_message(topic, payload, true, now);
    }
  }

  bool message(const json& entry, std::string& error) {
    const auto payload = payload_of(entry);
    if (!entry["topic"].is_string() || !payload) {
      error = "expected \"topic\" (a text) and \"payload\"";
      return false;
    }
    const std::string topic = entry["topic"];
    const auto parts = parse_topic(config_.root, topic);
    if (!parts) {
      error = "found the topic \"" + one_line(topic, 100) + "\", expected one under \"" +
              config_.root + "/\"";
      return false;
    }
    if (bridge_) {
      bridge_->on_message(topic, *payload, entry.value("retained", false), now_);
      touched_ = true;
    } else if (parts->kind == "alarm" || parts->kind == "status") {
      missed_[topic] = *payload;  // the broker keeps it
    }
    return true;
  }

  bool set_down(const json& name, bool down, std::string& error) {
    if (!name.is_string() || config_.notifier(name.get<std::string>()) == nullptr) {
      error = "found " + one_line(dump(name), 60) + ", expected the name of a notifier";
      return false;
    }
    if (down) down_.insert(name.get<std::string>());
    if (!down) down_.erase(name.get<std::string>());
    return true;
  }

  bool step(UtcTime now) {
    steps_ = now == now_ ? steps_ + 1 : 0;
    if (steps_ > kMostSteps) return false;
    now_ = now;
    Actions actions = bridge_->step(now);
    for (const RowChange& change : actions.changes.rows) {
      if (change.body) store_[{change.table, change.id}] = *change.body;
      if (!change.body) store_.erase({change.table, change.id});
    }
    for (const Notification& notification : actions.notifications) deliver(notification);
    return true;
  }

  void deliver(const Notification& notification) {
    DeliveryResult result{.notifier = notification.notifier, .notification = notification.id};
    const bool down = down_.contains(notification.notifier);
    result.outcome = down ? Outcome::kRetry : Outcome::kSent;
    if (!down && deliver_) result = deliver_(notification, now_);
    if (!down && !deliver_) print(notification);
    bridge_->on_result(result, now_);
    touched_ = true;
  }

  void print(const Notification& notification) {
    const Milliseconds since = now_ - kReplayStart;
    std::string line = "{\"t\":";
    append_json_number(line, static_cast<double>(since.count()) / 1000);
    if (line.ends_with(".0")) line.resize(line.size() - 2);
    line += ",\"notifier\":";
    append_json_string(line, notification.notifier);
    line += ",\"incident\":";
    append_json_string(line, notification.incident);
    line += ",\"items\":[";
    for (const NotificationItem& item : notification.items) {
      if (&item != &notification.items.front()) line += ',';
      line += "{\"intent\":";
      append_json_string(line, word(item.intent));
      line += ",\"fridge\":";
      append_json_string(line, item.key.fridge);
      line += ",\"rule\":";
      append_json_string(line, item.key.rule);
      line += '}';
    }
    out_ << line << "]}\n";
  }

 public:
  /// Takes what the entries of this instant have brought.
  bool settle() {
    while (bridge_ && std::exchange(touched_, false)) {
      if (!step(now_)) return false;
    }
    return true;
  }

 private:
  const BridgeConfig& config_;
  TimeZone zone_;
  IdMaker ids_;
  std::ostream& out_;
  const Deliver& deliver_;
  std::unique_ptr<Bridge> bridge_;
  std::map<std::pair<Table, std::string>, std::string> store_;
  std::map<std::string, std::string> missed_;
  std::set<std::string> down_;
  UtcTime now_ = kReplayStart;
  std::uint64_t lives_ = kSeed;
  int steps_ = 0;
  bool touched_ = false;
};

/// The "t" of a line; none, with a sentence in `error`, where it is not one.
std::optional<UtcTime> time_of(const json& entry, std::string& error) {
  const auto t = entry.find("t");
  if (t != entry.end() && t->is_number()) {
    const double seconds = t->get<double>();
    if (seconds >= -kLongestSeconds && seconds <= kLongestSeconds) {
      return kReplayStart + Milliseconds{static_cast<std::int64_t>(std::llround(seconds * 1000))};
    }
  }
  error = "expected \"t\", a number of seconds";
  return std::nullopt;
}

}  // namespace

BridgeConfig read_replay_config(const std::string& file, Mistakes& mistakes) {
  json config = load_settings(file, mistakes);
  keep_shared_keys(config);
  config.erase("broker");
  config.erase("dead_man");
  SettingsReader reader{config, "", mistakes};
  return read_bridge_config(
      reader,
      [](SettingsReader& entry, NotifierSettings& shared) {
        for (const NotifierType* type : notifier_types()) {
          if (type->name != shared.type) continue;
          shared.limits = type->limits;
          return;
        }
        entry.mistake("type", "found \"" + one_line(shared.type, 60) + "\", which is no notifier");
      },
      false);
}

bool replay(const BridgeConfig& config, std::istream& timeline, std::ostream& out,
            std::string& error, const Deliver& deliver) {
  Replay simulation{config, out, deliver};
  std::string line;
  std::optional<UtcTime> last;
  for (int number = 1; std::getline(timeline, line); ++number) {
    if (trim(line).empty()) continue;
    std::string what;
    const auto wrong = [&] {
      error = "line " + std::to_string(number) + ": " + what;
      return false;
    };
    what = "found more than 1 MiB, expected one entry";
    if (line.size() > kLongestLineBytes) return wrong();
    const json entry = parse_json_or_discard(line);
    what = "is not a JSON object";
    if (!entry.is_object()) return wrong();
    const auto time = time_of(entry, what);
    if (!time) return wrong();
    what = "found an earlier \"t\" than in the line before, expected them in order";
    if (last && *time < *last) return wrong();
    if (!last || *time > *last) {
      what = "the bridge does not come to rest before this time";
      if (!simulation.settle() || !simulation.run_to(*time, false)) return wrong();
    }
    last = time;
    if (!simulation.apply(entry, what)) return wrong();
  }
  error = "the bridge does not come to rest at the end";
  return simulation.settle() && (!last || simulation.run_to(*last, true));
}

}  // namespace coldwatch
