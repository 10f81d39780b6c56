#include "bridge/records.hpp"

#include <array>
#include <stdexcept>

#include "bridge/patches.hpp"
#include "common/json.hpp"
#include "common/json_text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::size_t kUsualAlarmRow = 1024;

std::int64_t stamp(UtcTime time) { return time.time_since_epoch().count(); }
UtcTime time_of(const json& value) { return UtcTime{Milliseconds{value.get<std::int64_t>()}}; }

void put(json& object, const char* key, std::optional<UtcTime> time) {
  if (time) object[key] = stamp(*time);
}
void put(ObjectText& object, const char* key, std::optional<UtcTime> time) {
  if (time) object.count(key, stamp(*time));
}
std::optional<UtcTime> optional_time(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::nullopt : std::optional{time_of(*found)};
}

/// An enumerator by its number, which is at most `last`.
template <typename Enum>
Enum enum_of(const json& value, Enum last) {
  const auto number = value.get<std::uint64_t>();
  if (number > static_cast<std::uint64_t>(last)) throw std::out_of_range{"enumerator"};
  return static_cast<Enum>(number);
}

/// Appends a list, with what `write` appends of each element of `range`.
template <typename Range, typename Write>
void append_list(std::string& out, const Range& range, Write write) {
  out += '[';
  for (const auto& element : range) {
    if (out.back() != '[') out += ',';
    write(out, element);
  }
  out += ']';
}

json key_json(const AlarmKey& key) { return json::array({key.site, key.fridge, key.rule}); }
AlarmKey key_of_json(const json& list) {
  return {list.at(0).get<std::string>(), list.at(1).get<std::string>(),
          list.at(2).get<std::string>()};
}

void append(std::string& out, const AlarmKey& key) {
  out += '[';
  for (const Name* level : {&key.site, &key.fridge, &key.rule}) {
    if (level != &key.site) out += ',';
    append_repaired(out, level->text());
  }
  out += ']';
}

void describe(const AlarmKey& key, Patches& object) {
  object.text("site", key.site);
  object.text("fridge", key.fridge);
  object.text("rule", key.rule);
}
AlarmKey key_of_object(const json& object) {
  return {object.at("site").get<std::string>(), object.at("fridge").get<std::string>(),
          object.at("rule").get<std::string>()};
}

void append(std::string& out, const Told& told) {
  ObjectText object{out};
  object.count("shown", static_cast<int>(told.shown));
  object.count("severity", static_cast<int>(told.severity));
  object.count("realarms", told.realarms);
  object.count("episode", told.episode);
  object.flag("stale", told.stale);
  object.flag("muted", told.muted);
  object.end();
}
Told told_of(const json& object) {
  return {.shown = enum_of(object.at("shown"), Shown::kInDoubt),
          .severity = enum_of(object.at("severity"), Severity::kCritical),
          .realarms = object.at("realarms").get<std::uint64_t>(),
          .episode = object.value("episode", std::uint64_t{0}),
          .stale = object.at("stale").get<bool>(),
          .muted = object.at("muted").get<bool>()};
}

/// A notification item is kept within a message of its own, whose JSON is the contract's.
json item_json(const NotificationItem& item) {
  Notification carrier;
  carrier.items.push_back(item);
  return to_json(carrier);
}
NotificationItem item_of(const json& object) {
  return parse_notification(object).value().items.front();
}

json line_json(const Line& line) {
  return {{"item", item_json(line.item)}, {"at", stamp(line.at)}, {"count", line.count}};
}

/// Runs `read` on the row's JSON; none where anything in it is not as it was written.
template <typename Value, typename Read>
std::optional<Value> guarded(std::string_view row, Read read) {
  try {
    return read(parse_json(row));
  } catch (const json::exception&) {
    return std::nullopt;
  } catch (const std::bad_optional_access&) {
    return std::nullopt;
  } catch (const std::out_of_range&) {
    return std::nullopt;
  }
}

template <typename Message, typename Parse>
Message message_of(const json& object, Parse parse) {
  std::string error;
  return parse(dump(object), error).value();
}

Alarm read_alarm(const json& object) {
  Alarm alarm;
  alarm.key = key_of_json(object.at("key"));
  alarm.standing = enum_of(object.at("standing"), Standing::kReturned);
  alarm.message = message_of<AlarmMessage>(object.at("message"), parse_alarm);
  alarm.first_severity = enum_of(object.at("first_severity"), Severity::kCritical);
  alarm.raised_at = time_of(object.at("raised_at"));
  alarm.severity_at = optional_time(object, "severity_at").value_or(alarm.raised_at);
  alarm.unacknowledged_at = optional_time(object, "unacknowledged_at").value_or(alarm.raised_at);
  alarm.ended_at = optional_time(object, "ended_at");
  alarm.end_by_agent = optional_time(object, "end_by_agent");
  alarm.episode = object.at("episode");
  alarm.episode_seq = object.value("episode_seq", std::uint64_t{0});
  object.at("shown").get_to(alarm.shown);
  alarm.realarms = object.value("realarms", std::uint64_t{0});
  alarm.handled = object.value("handled", std::uint64_t{0});
  alarm.incident = object.at("incident").get<std::string>();
  alarm.stale = object.value("stale", false);
  alarm.flapping = object.value("flapping", false);
  for (const json& time : object.at("activations")) alarm.activations.push_back(time_of(time));
  alarm.acknowledged_by = object.value("acknowledged_by", "");
  alarm.note = object.value("note", "");
  alarm.acknowledged_until = optional_time(object, "acknowledged_until");
  return alarm;
}

using ToldEntry = std::pair<AlarmKey, Told>;

std::vector<ToldEntry> told_entries(const json& object) {
  if (const auto patches = object.find("told_patches"); patches != object.end()) {
    return read_patches<ToldEntry>(*patches, [](const json& entry) {
      return ToldEntry{key_of_object(entry), told_of(entry.at("told"))};
    });
  }
  std::vector<ToldEntry> entries;  // of an older version
  for (const json& entry : object.at("told")) {
    entries.emplace_back(key_of_json(entry.at(0)), told_of(entry.at(1)));
  }
  return entries;
}

Conversation read_conversation(const json& object) {
  Conversation told;
  told.incident = object.at("incident");
  told.notifier = object.at("notifier");
  for (auto& entry : told_entries(object)) told.told.insert(std::move(entry));
  for (const json& line : object.at("lines")) {
    told.lines.push_back({item_of(line.at("item")), time_of(line.at("at")), line.at("count")});
  }
  told.number = object.at("number");
  told.title = object.at("title");
  told.thread = object.at("thread");
  told.last_sent = optional_time(object, "last_sent");
  told.last_loud = optional_time(object, "last_loud");
  return told;
}

std::vector<Mark> marks_of(const json& object) {
  if (const auto patches = object.find("mark_patches"); patches != object.end()) {
    return read_patches<Mark>(*patches, [](const json& entry) {
      Mark mark{entry.at("incident").get<std::string>(), key_of_object(entry), std::nullopt};
      if (entry.contains("after")) mark.after = told_of(entry["after"]);
      return mark;
    });
  }
  std::vector<Mark> marks;  // of an older version
  for (const json& entry : object.at("marks")) {
    Mark mark{entry.at(0).get<std::string>(), key_of_json(entry.at(1)), std::nullopt};
    if (!entry.at(2).is_null()) mark.after = told_of(entry.at(2));
    marks.push_back(std::move(mark));
  }
  return marks;
}

Pending read_pending(const json& object) {
  Pending pending;
  pending.notification = parse_notification(object.at("notification")).value();
  pending.marks = marks_of(object);
  pending.lines = object.at("lines").get<std::map<std::string, std::size_t>>();
  pending.frozen = object.at("frozen");
  pending.under_way = object.at("under_way");
  pending.attempts = object.at("attempts");
  return pending;
}

Fridge read_fridge(const json& object) {
  Fridge fridge;
  fridge.site = object.at("site");
  fridge.name = object.at("name");
  fridge.offline = object.at("offline");
  fridge.heartbeats = object.at("heartbeats");
  for (const json& mark : object.at("marks")) fridge.marks.push_back({mark.at(0), mark.at(1)});
  for (const auto& [rule, event] : object.at("begun").items()) {
    fridge.begun[rule] = message_of<EventMessage>(event, parse_event);
  }
  return fridge;
}

}  // namespace

std::string_view word(Table table) {
  constexpr std::array<std::string_view, kTables> kWords{
      "alarms", "incidents", "told", "outbox", "shelves", "fridges", "state", "versions"};
  return kWords[static_cast<std::size_t>(table)];
}

std::string row_id(const AlarmKey& key) { return key.site + "/" + key.fridge + "/" + key.rule; }

std::string to_row(const Alarm& alarm) {
  const auto append_number = [](std::string& out, auto number) { out += std::to_string(number); };
  const auto append_stamp = [](std::string& out, UtcTime time) {
    out += std::to_string(stamp(time));
  };
  std::string row;
  row.reserve(kUsualAlarmRow);
  ObjectText object{row};
  append(object.value("key"), alarm.key);
  object.count("standing", static_cast<int>(alarm.standing));
  // The trend comes again with the next message, and would be most of the store.
  append_without_trend(object.value("message"), alarm.message);
  object.count("first_severity", static_cast<int>(alarm.first_severity));
  object.count("raised_at", stamp(alarm.raised_at));
  // What is as in most alarms is left out: in a storm this row is written ten thousand times.
  if (alarm.severity_at != alarm.raised_at) put(object, "severity_at", alarm.severity_at);
  if (alarm.unacknowledged_at != alarm.raised_at) {
    put(object, "unacknowledged_at", alarm.unacknowledged_at);
  }
  object.count("episode", alarm.episode);
  object.count("episode_seq", alarm.episode_seq);
  append_list(object.value("shown"), alarm.shown, append_number);
  if (alarm.realarms != 0) object.count("realarms", alarm.realarms);
  if (alarm.handled != 0) object.count("handled", alarm.handled);
  object.text("incident", alarm.incident);
  if (alarm.stale) object.flag("stale", true);
  if (alarm.flapping) object.flag("flapping", true);
  append_list(object.value("activations"), alarm.activations, append_stamp);
  object.some_text("acknowledged_by", alarm.acknowledged_by);
  object.some_text("note", alarm.note);
  put(object, "ended_at", alarm.ended_at);
  put(object, "end_by_agent", alarm.end_by_agent);
  put(object, "acknowledged_until", alarm.acknowledged_until);
  object.end();
  row.shrink_to_fit();  // thousands of them wait for the store together
  return row;
}

std::string to_row(const Incident& incident) {
  json object{{"id", incident.id}, {"group", incident.group}, {"began", stamp(incident.began)}};
  put(object, "ended_at", incident.ended_at);
  return dump(object);
}

std::string to_row(const Conversation& conversation) {
  std::string row;
  ObjectText object{row};
  object.text("incident", conversation.incident);
  object.text("notifier", conversation.notifier);
  append_list(object.value("lines"), conversation.lines,
              [](std::string& out, const Line& line) { out += dump(line_json(line)); });
  object.count("number", conversation.number);
  object.text("title", conversation.title);
  object.text("thread", conversation.thread);
  put(object, "last_sent", conversation.last_sent);
  put(object, "last_loud", conversation.last_loud);
  Patches told{object.value("told_patches")};
  for (const auto& [key, one] : conversation.told) {
    told.begin_object();
    describe(key, told);
    append(told.value("told"), one);
    told.end_object();
  }
  told.end();
  object.end();
  return row;
}

std::string to_row(const Pending& pending) {
  std::string row;
  ObjectText object{row};
  object.value("lines") += dump(pending.lines);
  object.flag("frozen", pending.frozen);
  object.flag("under_way", pending.under_way);
  object.count("attempts", pending.attempts);
  append_stored(object.value("notification"), pending.notification);
  Patches marks{object.value("mark_patches")};
  for (const Mark& mark : pending.marks) {
    marks.begin_object();
    marks.text("incident", mark.incident);
    describe(mark.key, marks);
    if (mark.after) append(marks.value("after"), *mark.after);
    marks.end_object();
  }
  marks.end();
  object.end();
  return row;
}

std::string to_row(const Shelf& shelf) {
  return dump({{"id", shelf.id},
               {"match", to_json(shelf.match)},
               {"until", stamp(shelf.until)},
               {"by", shelf.by},
               {"why", shelf.why},
               {"ended", shelf.ended},
               {"maintenance", shelf.maintenance}});
}

std::string to_row(const Fridge& fridge) {
  json marks = json::array();
  for (const EventMark& mark : fridge.marks) marks.push_back(json::array({mark.epoch, mark.seq}));
  json begun = json::object();
  for (const auto& [rule, event] : fridge.begun) begun[rule] = to_json(event);
  return dump({{"site", fridge.site},
               {"name", fridge.name},
               {"offline", fridge.offline},
               {"heartbeats", fridge.heartbeats},
               {"marks", marks},
               {"begun", begun}});
}

std::optional<Alarm> alarm_of(std::string_view row) { return guarded<Alarm>(row, read_alarm); }

std::optional<Incident> incident_of(std::string_view row) {
  return guarded<Incident>(row, [](const json& object) {
    return Incident{.id = object.at("id"),
                    .group = object.at("group"),
                    .began = time_of(object.at("began")),
                    .ended_at = optional_time(object, "ended_at")};
  });
}

std::optional<Conversation> conversation_of(std::string_view row) {
  return guarded<Conversation>(row, read_conversation);
}

std::optional<Pending> pending_of(std::string_view row) {
  return guarded<Pending>(row, read_pending);
}

std::optional<Shelf> shelf_of(std::string_view row) {
  return guarded<Shelf>(row, [](const json& object) {
    std::string error;
    return Shelf{object.at("id"),
                 parse_matcher(object.at("match"), error).value(),
                 time_of(object.at("until")),
                 object.at("by"),
                 object.at("why"),
                 object.at("maintenance"),
                 object.value("ended", false)};
  });
}

std::optional<Fridge> fridge_of(std::string_view row) { return guarded<Fridge>(row, read_fridge); }

std::string to_row(const Versions::Place& place, const Version& version) {
  return dump({{"notifier", place.first}, {"key", key_json(place.second)}, {"version", version}});
}

std::optional<std::pair<Versions::Place, Version>> version_of(std::string_view row) {
  return guarded<std::pair<Versions::Place, Version>>(row, [](const json& object) {
    const Versions::Place place{object.at("notifier"), key_of_json(object.at("key"))};
    return std::pair{place, object.at("version").get<Version>()};
  });
}

}  // namespace coldwatch
