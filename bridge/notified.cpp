#include "bridge/notified.hpp"

#include <algorithm>
#include <array>

#include "bridge/watch/own_alarms.hpp"
#include "bridge/watch/peers.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::size_t kMostNotifiers = 100;
constexpr std::size_t kMostMentioned = 100;
constexpr std::size_t kIdLength = 26;
constexpr std::array<std::string_view, 5> kShown{"nothing", "active", "flapping", "returned",
                                                 "in_doubt"};
constexpr std::string_view kOver = "over";

std::optional<Standing> parse_standing(std::string_view text) {
  for (const Standing one : {Standing::kNormal, Standing::kUnacknowledged, Standing::kAcknowledged,
                             Standing::kReturned}) {
    if (word(one) == text) return one;
  }
  return std::nullopt;
}

/// `value`, which stands under `key`; throws where there is none.
template <typename Value>
Value required(const std::optional<Value>& value, const char* key) {
  if (!value) throw std::invalid_argument{key};
  return *value;
}

json known_json(const Known& known) {
  json object{{"shown", kOver}, {"version", known.version}};
  for (const UtcTime since : known.mentioned) object["mentioned"].push_back(to_rfc3339(since));
  if (!known.told) return object;
  object["shown"] = kShown[static_cast<std::size_t>(known.told->shown)];
  object["severity"] = word(known.told->severity);
  object["stale"] = known.told->stale;
  object["current"] = known.told->episode != 0;
  object["number"] = known.number;
  object["title"] = known.title;
  if (!known.thread.empty()) object["thread"] = known.thread;
  return object;
}

Version version_of(const json& object) {
  Version version;
  for (const auto& [bridge, count] : object.items()) {
    if (!is_topic_level(bridge) || version.size() > Peers::kMostPeers) {
      throw std::invalid_argument{"version"};
    }
    version[bridge] = std::min(count.get<std::uint64_t>(), kHighestCount);
  }
  return version;
}

Known known_of(const json& object) {
  Known known{.version = version_of(object.at("version"))};
  for (const json& since : object.value("mentioned", json::array())) {
    if (known.mentioned.size() == kMostMentioned) break;
    known.mentioned.push_back(required(parse_rfc3339(since.get<std::string>()), "mentioned"));
  }
  const std::string shown = object.at("shown");
  if (shown == kOver) return known;
  const auto found = std::ranges::find(kShown, shown);
  const auto severity = parse_severity(object.at("severity").get<std::string>());
  if (found == kShown.end() || !severity) throw std::invalid_argument{"shown, severity"};
  known.told = Told{.shown = static_cast<Shown>(found - kShown.begin()),
                    .severity = *severity,
                    .episode = object.at("current").get<bool>() ? 1U : 0U,
                    .stale = object.at("stale")};
  known.number = static_cast<int>(std::min(object.at("number").get<std::uint64_t>(), 1'000'000UL));
  known.title = one_line(object.at("title").get<std::string>(), 500);
  known.thread = one_line(object.value("thread", ""), 500);
  return known;
}

/// Runs `read` on the payload's object; nullopt where it throws.
template <typename Value, typename Read>
std::optional<Value> guarded(std::string_view payload, std::string& error, Read read) {
  const auto object = parse_payload(payload, error);
  if (!object) return std::nullopt;
  try {
    return read(*object);
  } catch (const json::exception& fault) {
    error = fault.what();
  } catch (const std::logic_error& fault) {
    error = std::string{"found what nobody expects of "} + fault.what();
  }
  return std::nullopt;
}

}  // namespace

Publication notified_publication(const Topics& topics, const AlarmKey& key, const Notified& record,
                                 UtcTime now) {
  json known = json::object();
  for (const auto& [notifier, what] : record.known) known[notifier] = known_json(what);
  return {.topic = topics.bridge("notified", key.fridge + "/" + key.rule),
          .payload = dump({{"t", to_rfc3339(now)},
                           {"by", record.by},
                           {"notifier", record.notifier},
                           {"incident", record.incident},
                           {"intent", word(record.intent)},
                           {"severity", word(record.severity)},
                           {"epoch", record.epoch},
                           {"seq", record.seq},
                           {"known", known}}),
          .retain = true};
}

std::optional<Notified> parse_notified(std::string_view payload, std::string& error) {
  return guarded<Notified>(payload, error, [](const json& object) {
    Notified record{.by = object.at("by"),
                    .notifier = object.at("notifier"),
                    .incident = object.at("incident"),
                    .epoch = object.at("epoch"),
                    .seq = object.at("seq")};
    record.intent = required(parse_intent(object.at("intent").get<std::string>()), "intent");
    record.severity =
        required(parse_severity(object.at("severity").get<std::string>()), "severity");
    if (!is_topic_level(record.by)) throw std::invalid_argument{"by"};
    if (!record.incident.empty() && record.incident.size() != kIdLength)
      throw std::invalid_argument{"incident"};
    for (const auto& [notifier, what] : object.at("known").items()) {
      if (record.known.size() < kMostNotifiers) record.known[notifier] = known_of(what);
    }
    return record;
  });
}

bool is_about(const Notified& record, const Alarm& alarm) {
  if (record.epoch != alarm.message.epoch) return false;
  // Own alarms are counted by each bridge for itself.
  if (record.epoch == kOwnEpoch) return true;
  return record.seq >= alarm.episode_seq;
}

Publication shelves_publication(const Topics& topics, const std::string& bridge,
                                const std::vector<Shelf>& shelves, UtcTime now) {
  json list = json::array();
  for (const Shelf& shelf : shelves) {
    list.push_back({{"id", shelf.id},
                    {"match", to_json(shelf.match)},
                    {"until", to_rfc3339(shelf.until)},
                    {"by", shelf.by},
                    {"why", shelf.why},
                    {"maintenance", shelf.maintenance},
                    {"ended", shelf.ended}});
  }
  return {.topic = topics.bridge(bridge, "shelves"),
          .payload = dump({{"t", to_rfc3339(now)}, {"shelves", list}}),
          .retain = true};
}

std::optional<std::vector<Shelf>> parse_shelves(std::string_view payload, UtcTime now,
                                                std::string& error) {
  return guarded<std::vector<Shelf>>(payload, error, [now](const json& object) {
    std::vector<Shelf> shelves;
    for (const json& one : object.at("shelves")) {
      std::string ignored;
      Shelf shelf{.id = one.at("id"),
                  .match = required(parse_matcher(one.at("match"), ignored), "match"),
                  .until = required(parse_rfc3339(one.at("until").get<std::string>()), "until"),
                  .by = one_line(one.at("by").get<std::string>(), 100),
                  .why = one_line(one.at("why").get<std::string>(), 500),
                  .maintenance = one.at("maintenance"),
                  .ended = one.at("ended")};
      if (shelf.id.size() != kIdLength) throw std::invalid_argument{"id"};
      const auto longest = shelf.maintenance ? kLongestMaintenance : kLongestShelf;
      shelf.until = std::min<UtcTime>(shelf.until, now + longest);
      if (shelves.size() < kMostShelves && shelf.until > now) shelves.push_back(std::move(shelf));
    }
    return shelves;
  });
}

std::optional<Alarm> parse_book(std::string_view payload, std::string& error) {
  return guarded<Alarm>(payload, error, [](const json& object) {
    Alarm alarm;
    alarm.standing = required(parse_standing(object.at("state").get<std::string>()), "state");
    alarm.message.severity =
        required(parse_severity(object.at("severity").get<std::string>()), "severity");
    alarm.message.epoch = object.at("epoch").get<std::string>();
    alarm.message.seq = object.at("seq");
    alarm.handled = object.value("handled", std::uint64_t{0});
    alarm.acknowledged_by = one_line(object.value("acknowledged_by", ""), 200);
    alarm.note = one_line(object.value("note", ""), 1000);
    alarm.acknowledged_until = parse_rfc3339(object.value("acknowledged_until", ""));
    return alarm;
  });
}

}  // namespace coldwatch
