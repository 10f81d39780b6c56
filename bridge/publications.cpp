#include "bridge/publications.hpp"

#include <nlohmann/json.hpp>

#include "bridge/watch/drill.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr int kSchema = 1;
constexpr std::size_t kLongestDetail = 500;

double seconds(Milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

void put(json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

json book_json(const World& world, const Alarm& alarm, UtcTime now) {
  const AlarmMessage& message = alarm.message;
  const Subject subject = world.subject(alarm);
  const Gate shelf = shelf_gate(world.shelves, subject, now);
  const Gate inhibited = world.inhibitions.gate(alarm, subject, now);
  json object{{"t", to_rfc3339(now)},
              {"state", word(alarm.standing)},
              {"severity", word(alarm.severity())},
              {"text", message.text},
              {"since", to_rfc3339(message.since)},
              {"raised", to_rfc3339(alarm.raised_at)},
              {"incident", alarm.incident},
              {"episode", alarm.episode},
              {"epoch", message.epoch},
              {"seq", message.seq},
              {"stale", alarm.stale},
              {"flapping", alarm.flapping},
              {"handled", alarm.handled},
              {"shelved", !shelf.open()},
              {"inhibited", !inhibited.open()}};
  put(object, "cause", message.cause);
  put(object, "channel", message.channel);
  put(object, "unit", message.unit);
  if (message.value) object["value"] = *message.value;
  if (message.limit) object["limit"] = *message.limit;
  put(object, "acknowledged_by", alarm.acknowledged_by);
  put(object, "note", alarm.note);
  put(object, "playbook", message.playbook);
  if (alarm.acknowledged_until) {
    object["acknowledged_until"] = to_rfc3339(*alarm.acknowledged_until);
  }
  if (shelf.until) object["shelved_until"] = to_rfc3339(*shelf.until);
  return object;
}

}  // namespace

Publication book_publication(const World& world, const Topics& topics, const Alarm& alarm,
                             UtcTime now) {
  const bool over = alarm.standing == Standing::kNormal && !alarm.flapping;
  return {.topic =
              topics.bridge(world.config.bridge, "book/" + alarm.key.fridge + "/" + alarm.key.rule),
          .payload = over ? "" : dump(book_json(world, alarm, now)),
          .retain = true};
}

Publication confirmed_publication(const Topics& topics, const Fridge& fridge) {
  const EventMark& mark = fridge.marks.back();
  return {.topic = topics.bridge("confirmed", fridge.name),
          .payload = dump({{"epoch", mark.epoch}, {"seq", mark.seq}}),
          .retain = true};
}

Publication delivery_publication(const Topics& topics, const std::string& bridge,
                                 const Notification& notification, const DeliveryResult& result,
                                 int attempt, UtcTime now) {
  json object{{"t", to_rfc3339(now)},
              {"notifier", result.notifier},
              {"notification", result.notification},
              {"incident", notification.incident},
              {"title", notification.title},
              {"result", word(result.outcome)},
              {"attempt", attempt},
              {"alarms", notification.items.size()},
              {"delay_s", seconds(now - notification.time)}};
  put(object, "detail", one_line(repair_utf8(result.detail), kLongestDetail));
  return {.topic = topics.bridge(bridge, "delivery"), .payload = dump(object)};
}

Publication drill_publication(const Topics& topics, const std::string& bridge, UtcTime now) {
  const auto count = static_cast<std::uint64_t>(now.time_since_epoch().count());
  std::string id(32, '0');
  for (std::size_t i = 0; i < 16; ++i) id[31 - i] = "0123456789abcdef"[(count >> (4 * i)) & 0xF];
  const EventMessage event{.id = id,
                           .type = "test",
                           .rule = kDrillRule,
                           .text = "this is the regular drill",
                           .time = now,
                           .since = now,
                           .epoch = kDrillRule,
                           .seq = count};
  return {.topic = topics.bridge(bridge, "event"), .payload = dump(to_json(event))};
}

Publication status_publication(const Topics& topics, const std::string& bridge, bool online) {
  return {.topic = topics.bridge(bridge, "status"),
          .payload = online ? "online" : "offline",
          .retain = true};
}

Publication info_publication(const Topics& topics, const BridgeConfig& config) {
  json notifiers = json::array();
  for (const NotifierSettings& notifier : config.notifiers) {
    notifiers.push_back({{"name", notifier.name}, {"type", notifier.type}});
  }
  return {.topic = topics.bridge(config.bridge, "info"),
          .payload = dump({{"schema", kSchema},
                           {"version", COLDWATCH_VERSION},
                           {"bridge", config.bridge},
                           {"notifiers", notifiers}}),
          .retain = true};
}

Publication announce_command(const Topics& topics, const std::string& fridge) {
  return {.topic = topics.of(fridge, "cmd", "announce"), .payload = "{}"};
}

Publication health_publication(const Topics& topics, const std::string& bridge,
                               const BridgeHealth& health, std::uint64_t n, UtcTime now) {
  json failing = json::array();
  json why = json::object();
  for (const auto& [notifier, detail] : health.failing) {
    failing.push_back(notifier);
    why[notifier] = one_line(repair_utf8(detail), kLongestDetail);
  }
  return {.topic = topics.bridge(bridge, "health"),
          .payload = dump({{"t", to_rfc3339(now)},
                           {"n", n},
                           {"rank", health.rank},
                           {"fridges", health.fridges},
                           {"fridges_offline", health.fridges_offline},
                           {"alarms_active", health.alarms_active},
                           {"messages_waiting", health.messages_waiting},
                           {"notifiers_failing", failing},
                           {"notifiers_failing_why", why}}),
          .qos = 0};
}

}  // namespace coldwatch
