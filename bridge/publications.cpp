#include "bridge/publications.hpp"

#include "bridge/watch/drill.hpp"
#include "common/json.hpp"
#include "common/json_text.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr int kSchema = 1;
constexpr std::size_t kLongestDetail = 500;
constexpr std::size_t kUsualBookEntry = 512;

double seconds(Milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

void put(json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

/// Which episode it is, of which incident, and by which message.
void describe_episode(const Alarm& alarm, ObjectText& object) {
  object.text("incident", alarm.incident);
  object.count("episode", alarm.episode);
  object.text("epoch", alarm.message.epoch);
  object.count("seq", alarm.message.seq);
}

void describe_reading(const AlarmMessage& message, ObjectText& object) {
  object.some_text("channel", message.channel);
  object.some_text("unit", message.unit);
  object.some_number("value", message.value);
  object.some_number("limit", message.limit);
}

void describe_acknowledgement(const Alarm& alarm, ObjectText& object) {
  object.some_text("acknowledged_by", alarm.acknowledged_by);
  object.some_text("note", alarm.note);
}

std::string book_entry(const World& world, const Alarm& alarm, UtcTime now) {
  const AlarmMessage& message = alarm.message;
  const Subject subject = world.subject(alarm);
  const Gate shelf = shelf_gate(world.shelves, subject, now);
  const Gate inhibited = world.inhibitions.gate(alarm, subject, now);
  std::string entry;
  entry.reserve(kUsualBookEntry);
  ObjectText object{entry};
  object.time("t", now);
  object.text("state", word(alarm.standing));
  object.text("severity", word(alarm.severity()));
  object.text("text", message.text);
  object.time("since", message.since);
  object.time("raised", alarm.raised_at);
  describe_episode(alarm, object);
  object.flag("stale", alarm.stale);
  object.flag("flapping", alarm.flapping);
  object.count("handled", alarm.handled);
  object.flag("shelved", !shelf.open());
  object.flag("inhibited", !inhibited.open());
  object.some_text("cause", message.cause);
  describe_reading(message, object);
  describe_acknowledgement(alarm, object);
  object.some_text("playbook", message.playbook);
  object.some_time("acknowledged_until", alarm.acknowledged_until);
  object.some_time("shelved_until", shelf.until);
  object.end();
  return entry;
}

}  // namespace

std::string history_body(const World& world, const Alarm& alarm, UtcTime now) {
  const Subject subject = world.subject(alarm);
  std::string body;
  body.reserve(kUsualBookEntry);
  ObjectText object{body};
  object.text("state", word(alarm.standing));
  object.text("severity", word(alarm.severity()));
  object.time("since", alarm.message.since);
  describe_episode(alarm, object);
  if (alarm.stale) object.flag("stale", true);
  if (alarm.flapping) object.flag("flapping", true);
  if (!shelf_gate(world.shelves, subject, now).open()) object.flag("shelved", true);
  if (!world.inhibitions.gate(alarm, subject, now).open()) object.flag("inhibited", true);
  describe_reading(alarm.message, object);
  describe_acknowledgement(alarm, object);
  object.end();
  return body;
}

Publication book_publication(const World& world, const Topics& topics, const Alarm& alarm,
                             UtcTime now) {
  return {.topic =
              topics.bridge(world.config.bridge, "book/" + alarm.key.fridge + "/" + alarm.key.rule),
          .payload = is_over(alarm) ? "" : book_entry(world, alarm, now),
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
