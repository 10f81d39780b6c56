#include "bridge/store.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "bridge/store_statement.hpp"
#include "common/files.hpp"

namespace coldwatch {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr int kPrunedAtOnce = 5000;
// What a line takes beside its texts; so counts the SQL below.
constexpr std::int64_t kHistoryLineBytes = 100;
constexpr std::int64_t kPrunedBytesAtOnce = 16'000'000;  // more than one fridge can add at once

/// The statements that lead from each version to the next; the first one makes an empty file.
constexpr std::array<const char*, Store::kVersion> kMigrations{
    "CREATE TABLE alarms (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE incidents (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE told (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE outbox (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE shelves (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE fridges (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE state (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE history (n INTEGER PRIMARY KEY, t INTEGER NOT NULL, kind TEXT NOT NULL,"
    " fridge TEXT NOT NULL, rule TEXT NOT NULL, text TEXT NOT NULL, body TEXT NOT NULL);"
    "CREATE INDEX history_t ON history (t);",
    "CREATE INDEX history_fridge ON history (fridge, n);",
    "CREATE TABLE versions (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;",
    "CREATE TABLE history_size (fridge TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT INTO history_size SELECT fridge, sum(100 + length(CAST(text AS BLOB))"
    " + length(CAST(body AS BLOB))) FROM history GROUP BY fridge;"
    "CREATE TRIGGER history_dropped AFTER DELETE ON history BEGIN"
    " UPDATE history_size SET bytes = bytes - 100 - length(CAST(old.text AS BLOB))"
    " - length(CAST(old.body AS BLOB)) WHERE fridge = old.fridge; END;",
    "DROP INDEX history_t;",
    // In the order of their coming: by id, each transaction of a storm would write every page anew.
    "ALTER TABLE alarms RENAME TO alarms_by_id;"
    "CREATE TABLE alarms (id TEXT PRIMARY KEY, body TEXT NOT NULL);"
    "INSERT INTO alarms SELECT id, body FROM alarms_by_id; DROP TABLE alarms_by_id;"};

bool is_damage(int code) {
  const int primary = code & 0xFF;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

void set_aside(const std::string& path) {
  set_file_aside(path);
  std::error_code ignored;
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(path + suffix, ignored);
}

}  // namespace

class Store::Impl {
 public:
  Impl(const std::string& path, StoreUse use) {
    const int code = open(path, use);
    if (code != SQLITE_OK) fault(code);
    // SQLite's own 2 MB of pages fill up over weeks and look like a leak; the system has them anyway.
    run("PRAGMA cache_size=-1024");
    if (use == StoreUse::kReadWrite) run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    check();
    const int found = version();
    if (found > kVersion) {
      throw SettingsError{path + ": found a store of version " + std::to_string(found) +
                          ", expected at most " + std::to_string(kVersion) +
                          ": a newer coldwatch-bridge has written it\n"};
    }
    if (use == StoreUse::kReadWrite) migrate(found);
  }

  void run(const std::string& sql) {
    const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fault(code);
  }

  /// A connection that was made while the file was read-only never writes, whatever becomes of it,
  /// and neither does one that is made beside it.
  void reopen(const std::string& path) {
    sqlite3_close(db_);
    open(path, StoreUse::kReadWrite);
  }

  void write(const StoreChanges& changes) {
    run("BEGIN IMMEDIATE");
    try {
      write_rows(changes.rows);
      write_history(changes.history);
      run("COMMIT");
    } catch (const StoreFault&) {
      sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
      throw;
    }
  }

  sqlite3* db() const { return db_; }
  std::set<std::string> take_full() { return std::exchange(newly_full_, {}); }
  bool has(std::string_view table) const {
    Statement statement{db_, "SELECT 1 FROM sqlite_master WHERE name = ?"};
    statement.bind(1, table);
    return statement.step();
  }

 private:
  [[noreturn]] void fault(int code) {
    StoreFault found{code, db_ == nullptr ? "out of memory" : sqlite3_errmsg(db_)};
    throw found;
  }

  int open(const std::string& path, StoreUse use) {
    const int flags = use == StoreUse::kReadOnly ? SQLITE_OPEN_READONLY
                                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(path.c_str(), &db_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code == SQLITE_OK) sqlite3_busy_timeout(db_, kBusyMilliseconds);
    return code;
  }

  void check() {
    Statement statement{db_, "PRAGMA quick_check(1)"};
    const bool sound = statement.step() && statement.text(0) == "ok";
    if (!sound) throw StoreFault{SQLITE_CORRUPT, statement.text(0)};
  }

  int version() {
    Statement statement{db_, "PRAGMA user_version"};
    return statement.step() ? static_cast<int>(statement.number(0)) : 0;
  }

  void migrate(int from) {
    for (int i = from; i < kVersion; ++i) {
      run("BEGIN IMMEDIATE;" + std::string{kMigrations[static_cast<std::size_t>(i)]} +
          "PRAGMA user_version=" + std::to_string(i + 1) + ";COMMIT;");
    }
  }

  /// What stays is written together, and before anything is deleted, so that the order holds.
  void write_rows(const std::vector<RowChange>& rows) {
    std::map<Table, Insertion> written;
    for (const RowChange& row : rows) {
      const std::string table{word(row.table)};
      const auto found =
          written.try_emplace(row.table, db_, "INSERT INTO " + table + " (id, body)", 2,
                              " ON CONFLICT (id) DO UPDATE SET body = excluded.body");
      Insertion& insertion = found.first->second;
      if (row.body) {
        insertion.add({row.id, *row.body});
        continue;
      }
      insertion.finish();
      Statement gone{db_, "DELETE FROM " + table + " WHERE id = ?1"};
      gone.bind(1, row.id);
      gone.run();
    }
    for (auto& [table, insertion] : written) insertion.finish();
  }

  void write_history(const std::vector<HistoryEntry>& entries) {
    if (entries.empty()) return;
    // "Or rollback": to undo one statement alone, SQLite would first copy each page that it touches.
    Insertion lines{
        db_, "INSERT OR ROLLBACK INTO history (t, kind, fridge, rule, text, body)", 6, ""};
    std::map<std::string_view, std::int64_t> added_bytes;  // by fridge
    for (const HistoryEntry& entry : entries) {
      lines.add({entry.time.time_since_epoch().count(), entry.kind, entry.fridge, entry.rule,
                 entry.text, entry.body});
      added_bytes[entry.fridge] +=
          kHistoryLineBytes + static_cast<std::int64_t>(entry.text.size() + entry.body.size());
    }
    lines.finish();
    // Once a fridge and not in a trigger, which would run for each of the thousands of lines of a storm;
    // asked apart, because RETURNING makes a table of its own each time.
    Statement grow{db_,
                   "INSERT INTO history_size VALUES (?1, ?2) ON CONFLICT (fridge)"
                   " DO UPDATE SET bytes = bytes + excluded.bytes"};
    Statement size{db_, "SELECT bytes FROM history_size WHERE fridge = ?1"};
    for (const auto& [fridge, bytes] : added_bytes) {
      grow.bind(1, fridge);
      grow.bind(2, bytes);
      grow.run();
      size.bind(1, fridge);
      const std::int64_t all_bytes = size.step() ? size.number(0) : 0;
      size.reset();
      trim_history(std::string{fridge}, all_bytes);
    }
  }

  /// Drops the oldest lines of `fridge` beyond its share.
  void trim_history(const std::string& fridge, std::int64_t bytes) {
    const std::int64_t most = fridge.empty() ? kMostCommonHistoryBytes : kMostHistoryBytes;
    const std::int64_t excess = std::min(kPrunedBytesAtOnce, bytes - most);
    if (excess <= 0) return;
    Statement oldest{db_,
                     "SELECT n, 100 + length(CAST(text AS BLOB)) + length(CAST(body AS BLOB))"
                     " FROM history WHERE fridge = ?1 ORDER BY n LIMIT ?2"};
    oldest.bind(1, fridge);
    oldest.bind(2, std::int64_t{kPrunedAtOnce});
    std::int64_t freed = 0;
    std::int64_t last = 0;
    while (freed < excess && oldest.step()) {
      last = oldest.number(0);
      freed += oldest.number(1);
    }
    Statement drop{db_, "DELETE FROM history WHERE fridge = ?1 AND n <= ?2"};
    drop.bind(1, fridge);
    drop.bind(2, last);
    drop.run();
    if (full_.insert(fridge).second) newly_full_.insert(fridge);
  }

  /// Closes also where the constructor throws, after which no destructor of Impl runs.
  struct Closer {
    sqlite3*& db;
    ~Closer() { sqlite3_close(db); }
  };

  sqlite3* db_ = nullptr;
  Closer closer_{db_};
  std::set<std::string> full_;  // have lost lines since the store was opened
  std::set<std::string> newly_full_;
};

Store::Store(const std::string& path, StoreUse use, std::string& remark) : path_(path) {
  remark.clear();
  try {
    impl_ = std::make_unique<Impl>(path, use);
    return;
  } catch (const StoreFault& fault) {
    if (!is_damage(fault.code) || use == StoreUse::kReadOnly) {
      throw SettingsError{path + ": the store cannot be opened: " + fault.text + "\n"};
    }
    remark = path + ": the store is damaged (" + fault.text + "); it is kept as " + path +
             ".damaged, and a new one begins with what the broker still knows";
  }
  set_aside(path);
  try {
    impl_ = std::make_unique<Impl>(path, use);
  } catch (const StoreFault& fault) {
    throw SettingsError{path + ": the store cannot be made: " + fault.text + "\n"};
  }
}

Store::~Store() = default;

std::set<std::string> Store::take_full() { return impl_->take_full(); }

std::vector<StoredRow> Store::rows() const {
  std::vector<StoredRow> rows;
  try {
    for (std::size_t i = 0; i < kTables; ++i) {
      const auto table = static_cast<Table>(i);
      if (!impl_->has(word(table))) continue;  // of an older file that is only read
      Statement statement{impl_->db(),
                          "SELECT id, body FROM " + std::string{word(table)} + " ORDER BY id"};
      while (statement.step()) rows.push_back({table, statement.text(0), statement.text(1)});
    }
  } catch (const StoreFault& fault) {
    throw SettingsError{"the store cannot be read: " + fault.text + "\n"};
  }
  return rows;
}

bool Store::write(const StoreChanges& changes, std::string& error) {
  if (changes.empty()) return true;
  try {
    impl_->write(changes);
    return true;
  } catch (const StoreFault& fault) {
    error = "the store cannot be written: " + fault.text;
    const int primary = fault.code & 0xFF;
    const bool unfit =
        primary == SQLITE_READONLY || primary == SQLITE_CANTOPEN || primary == SQLITE_MISUSE;
    if (unfit) impl_->reopen(path_);
    return false;
  }
}

bool Store::has(Table table, const std::string& id) const {
  try {
    Statement statement{impl_->db(),
                        "SELECT 1 FROM " + std::string{word(table)} + " WHERE id = ?1"};
    statement.bind(1, id);
    return statement.step();
  } catch (const StoreFault&) {
    return true;
  }
}

std::vector<std::string> Store::event_ids(std::size_t most) const {
  std::vector<std::string> ids;
  try {
    Statement statement{
        impl_->db(),
        "SELECT id FROM (SELECT n, fridge || '/' || json_extract(body, '$.id') AS id"
        " FROM history"
        " WHERE kind = 'event' AND json_valid(body) ORDER BY n DESC LIMIT ?1)"
        " ORDER BY n"};
    statement.bind(1, static_cast<std::int64_t>(most));
    while (statement.step()) ids.push_back(statement.text(0));
  } catch (const StoreFault& fault) {
    throw SettingsError{"the history cannot be read: " + fault.text + "\n"};
  }
  return ids;
}

std::vector<HistoryLine> Store::history(const HistoryQuery& query) const {
  std::vector<HistoryLine> lines;
  try {
    Statement statement{impl_->db(),
                        "SELECT * FROM (SELECT n, t, kind, fridge, rule, text, body FROM history"
                        " WHERE " +
                            // Said by its own name, so that the index of the fridges is used.
                            std::string{query.fridge.empty() ? "?1 = ''" : "fridge = ?1"} +
                            " AND (?2 = '' OR rule = ?2) AND (?3 = '' OR kind = ?3)"
                            " ORDER BY n DESC LIMIT ?4) ORDER BY n"};
    statement.bind(1, query.fridge);
    statement.bind(2, query.rule);
    statement.bind(3, query.kind);
    statement.bind(4, static_cast<std::int64_t>(query.most));
    while (statement.step()) {
      lines.push_back(
          {statement.number(0),
           {UtcTime{Milliseconds{statement.number(1)}}, statement.text(2), statement.text(3),
            statement.text(4), statement.text(5), statement.text(6)}});
    }
  } catch (const StoreFault& fault) {
    throw SettingsError{"the history cannot be read: " + fault.text + "\n"};
  }
  return lines;
}

void Store::prune_history(UtcTime before) {
  try {
    Statement statement{impl_->db(),
                        "DELETE FROM history WHERE n <= (SELECT max(n) FROM"
                        " (SELECT n, t FROM history ORDER BY n LIMIT ?2) WHERE t < ?1)"};
    statement.bind(1, before.time_since_epoch().count());
    statement.bind(2, static_cast<std::int64_t>(kPrunedAtOnce));
    statement.run();
  } catch (const StoreFault&) {
    // The next call tries again; a history that is a little too long does no harm.
  }
}

}  // namespace coldwatch
