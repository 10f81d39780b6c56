// What the bridge keeps, as rows: each an id and a JSON text. The core says which have changed; the
// store writes them before anything else is done.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/alarms/alarm.hpp"
#include "bridge/alarms/gates.hpp"
#include "bridge/alarms/incident.hpp"
#include "bridge/delivery/outbox.hpp"
#include "bridge/watch/fridge.hpp"
#include "bridge/watch/versions.hpp"

namespace coldwatch {

enum class Table { kAlarms, kIncidents, kTold, kOutbox, kShelves, kFridges, kState, kVersions };
inline constexpr std::size_t kTables = 8;
/// The name of the table in the store.
std::string_view word(Table table);

/// A row that has changed; without a body it is gone.
struct RowChange {
  Table table = Table::kAlarms;
  std::string id;
  std::optional<std::string> body;
};

/// Rows as the store has them.
struct StoredRow {
  Table table = Table::kAlarms;
  std::string id;
  std::string body;
};

/// A line of the history, append-only.
struct HistoryEntry {
  UtcTime time{};    // of the bridge's clock
  std::string kind;  // event, alarm, delivery, command, bridge
  std::string fridge;
  std::string rule;
  std::string text;  // for people
  std::string body;  // JSON of the whole
};

struct StoreChanges {
  std::vector<RowChange> rows;
  std::vector<HistoryEntry> history;
  bool empty() const { return rows.empty() && history.empty(); }
};

std::string row_id(const AlarmKey& key);
std::string to_row(const Alarm& alarm);
std::string to_row(const Incident& incident);
std::string to_row(const Conversation& conversation);
std::string to_row(const Pending& pending);
std::string to_row(const Shelf& shelf);
std::string to_row(const Fridge& fridge);
std::string to_row(const Versions::Place& place, const Version& version);

/// None for a row that this version cannot read. The members of an incident are in the rows of alarms
/// and conversations.
std::optional<Alarm> alarm_of(std::string_view row);
std::optional<Incident> incident_of(std::string_view row);
std::optional<Conversation> conversation_of(std::string_view row);
std::optional<Pending> pending_of(std::string_view row);
std::optional<Shelf> shelf_of(std::string_view row);
std::optional<Fridge> fridge_of(std::string_view row);
std::optional<std::pair<Versions::Place, Version>> version_of(std::string_view row);

}  // namespace coldwatch
