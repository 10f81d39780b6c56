#include "bridge/listing.hpp"

#include <algorithm>
#include <array>

#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestCell = 80;

using Row = std::vector<std::string>;

/// Columns as wide as their longest cell, two blanks apart.
std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string wall(UtcTime time, const TimeZone& zone) {
  // The text of UTC with the local time in it, without the zone's mark.
  const LocalTime local = zone.to_local(time);
  std::string text = to_rfc3339(UtcTime{local.time_since_epoch()});
  text[10] = ' ';
  return text.substr(0, 19);
}

struct Listed {
  Alarm alarm;
  Gate shelf;
};

std::vector<Listed> listed(const std::vector<StoredRow>& rows, const AlarmQuery& query,
                           const BridgeConfig& config, UtcTime now) {
  std::vector<Listed> alarms;
  std::vector<Shelf> shelves;
  for (const StoredRow& row : rows) {
    if (row.table == Table::kShelves) {
      if (auto shelf = shelf_of(row.body)) shelves.push_back(std::move(*shelf));
    }
  }
  for (const StoredRow& row : rows) {
    if (row.table != Table::kAlarms) continue;
    auto alarm = alarm_of(row.body);
    if (!alarm || alarm->message.kind == AlarmKind::kNotice) continue;
    if (alarm->standing == Standing::kNormal && !alarm->flapping && !query.all) continue;
    const Subject subject{config.site_of(alarm->key), alarm->key.fridge, alarm->key.rule,
                          alarm->message.cause, alarm->severity()};
    if (!query.match.matches(subject)) continue;
    const Gate shelf = shelf_gate(shelves, subject, now);
    alarms.push_back({std::move(*alarm), shelf});
  }
  std::ranges::stable_sort(alarms, [](const Listed& a, const Listed& b) {
    if (a.alarm.active() != b.alarm.active()) return a.alarm.active();
    return a.alarm.severity() > b.alarm.severity();
  });
  return alarms;
}

std::string flags(const Listed& one) {
  std::string text;
  const auto add = [&text](bool is, std::string_view flag) {
    if (is) text += (text.empty() ? "" : ", ") + std::string{flag};
  };
  add(one.alarm.stale, "stale");
  add(one.alarm.flapping, "flapping");
  add(!one.shelf.open(), "shelved");
  add(!one.alarm.acknowledged_by.empty(), "by " + one.alarm.acknowledged_by);
  return text;
}

}  // namespace

std::string alarms_table(const std::vector<StoredRow>& rows, const AlarmQuery& query,
                         const BridgeConfig& config, const TimeZone& zone, UtcTime now) {
  const auto alarms = listed(rows, query, config, now);
  if (alarms.empty()) return "no alarm\n";
  std::vector<Row> lines{{"FRIDGE", "RULE", "SEVERITY", "STATE", "SINCE", "FLAGS", "TEXT"}};
  for (const Listed& one : alarms) {
    const Alarm& alarm = one.alarm;
    lines.push_back({alarm.key.fridge, alarm.key.rule, std::string{word(alarm.severity())},
                     std::string{word(alarm.standing)}, wall(alarm.message.since, zone), flags(one),
                     one_line(alarm.message.text, kLongestCell)});
  }
  return table(lines);
}

std::string alarms_json(const std::vector<StoredRow>& rows, const AlarmQuery& query,
                        const BridgeConfig& config, UtcTime now) {
  json list = json::array();
  for (const Listed& one : listed(rows, query, config, now)) {
    const Alarm& alarm = one.alarm;
    json object = to_json(alarm.message);
    object.erase("state");
    object["site"] = alarm.key.site;
    object["fridge"] = alarm.key.fridge;
    object["rule"] = alarm.key.rule;
    object["standing"] = word(alarm.standing);
    object["incident"] = alarm.incident;
    object["raised"] = to_rfc3339(alarm.raised_at);
    object["stale"] = alarm.stale;
    object["flapping"] = alarm.flapping;
    object["shelved"] = !one.shelf.open();
    if (!alarm.acknowledged_by.empty()) object["acknowledged_by"] = alarm.acknowledged_by;
    list.push_back(std::move(object));
  }
  return dump(list) + "\n";
}

std::string history_table(const std::vector<HistoryLine>& lines, const TimeZone& zone) {
  if (lines.empty()) return "no history\n";
  std::vector<Row> rows{{"TIME", "KIND", "FRIDGE", "RULE", "WHAT"}};
  for (const HistoryLine& line : lines) {
    const HistoryEntry& entry = line.entry;
    rows.push_back({wall(entry.time, zone), entry.kind, entry.fridge, entry.rule,
                    one_line(entry.text, kLongestCell)});
  }
  return table(rows);
}

std::string history_json(const std::vector<HistoryLine>& lines) {
  json list = json::array();
  for (const HistoryLine& line : lines) {
    const HistoryEntry& entry = line.entry;
    json object{
        {"n", line.n}, {"t", to_rfc3339(entry.time)}, {"kind", entry.kind}, {"text", entry.text}};
    if (!entry.fridge.empty()) object["fridge"] = entry.fridge;
    if (!entry.rule.empty()) object["rule"] = entry.rule;
    const json body = parse_json_or_discard(entry.body);
    if (body.is_object()) object["body"] = body;
    list.push_back(std::move(object));
  }
  return dump(list) + "\n";
}

}  // namespace coldwatch
