// What the store could not take yet, while the disk is full or not there: of each row its newest state,
// of the history the newest lines. It stays as small as what is known, however long that lasts.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "bridge/records.hpp"

namespace coldwatch {

class Unwritten {
 public:
  /// Whether the store has the row; true where that cannot be said.
  using IsStored = std::function<bool(const RowChange& row)>;

  bool empty() const { return rows_.empty() && lines_.empty() && lost_ == 0; }
  std::size_t rows() const { return rows_.size(); }

  /// A row that is gone before it was ever stored leaves nothing behind. Beyond kMostLines the oldest
  /// lines of the history give way, and are counted.
  void add(StoreChanges changes, const IsStored& is_stored);

  /// Everything for another try, with a line of the history at `now` that says how many were lost.
  StoreChanges all(UtcTime now) const;
  void clear() { *this = {}; }

  static constexpr std::size_t kMostLines = 20'000;

 private:
  std::map<std::pair<Table, std::string>, std::optional<std::string>> rows_;
  std::deque<HistoryEntry> lines_;
  std::size_t lost_ = 0;
};

}  // namespace coldwatch
