// The bridge's memory on disk: one SQLite file in WAL mode. Each table but the history holds rows of
// an id and a JSON body, as bridge/records.hpp makes them.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bridge/bridge.hpp"

namespace coldwatch {

/// What a store was opened for.
enum class StoreUse { kReadWrite, kReadOnly };

/// One line of the history as it is read back.
struct HistoryLine {
  std::int64_t n = 0;
  HistoryEntry entry;
};

struct HistoryQuery {
  std::string fridge;  // "" for every one
  std::string rule;
  std::string kind;
  std::size_t most = 100;  // the newest ones
};

class Store {
 public:
  /// Opens or makes the file, and brings its tables to the present version. A damaged file is set
  /// aside as "<path>.damaged" and a new one made, which `remark` then says. Throws SettingsError
  /// where the file cannot be made, is of a newer version, or (read only) is not there.
  Store(const std::string& path, StoreUse use, std::string& remark);
  ~Store();

  /// Every row but the history; those of a table in order of their ids.
  std::vector<StoredRow> rows() const;

  /// Writes everything in one transaction, flushed to the disk. False, with a sentence in `error`,
  /// leaves the store as it was. A file that was read-only when it was opened is opened again.
  [[nodiscard]] bool write(const StoreChanges& changes, std::string& error);

  /// Whether there is such a row; true where the store cannot be read.
  bool has(Table table, const std::string& id) const;

  /// In order of time.
  std::vector<HistoryLine> history(const HistoryQuery& query) const;
  /// "<fridge>/<id>" of the newest events of the history, the oldest first.
  std::vector<std::string> event_ids(std::size_t most) const;
  /// Drops the oldest lines up to the last one from before `before`, at most a few thousand a call.
  void prune_history(UtcTime before);

  /// Of one fridge the history has at most so many bytes of text, and its oldest lines give way; of what
  /// belongs to none (deliveries, commands) more.
  static constexpr std::int64_t kMostHistoryBytes = 64 * 1000 * 1000;
  static constexpr std::int64_t kMostCommonHistoryBytes = 256 * 1000 * 1000;
  /// The fridges of which that has happened for the first time since the store was opened.
  std::set<std::string> take_full();

  static constexpr int kVersion = 6;

 private:
  class Impl;
  const std::string path_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coldwatch
