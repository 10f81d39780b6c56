#include "bridge/unwritten.hpp"

#include <algorithm>
#include <iterator>

namespace coldwatch {

void Unwritten::add(StoreChanges changes, const IsStored& is_stored) {
  for (RowChange& row : changes.rows) {
    if (!row.body && !is_stored(row)) {
      rows_.erase({row.table, row.id});
    } else {
      rows_.insert_or_assign({row.table, std::move(row.id)}, std::move(row.body));
    }
  }
  std::ranges::move(changes.history, std::back_inserter(lines_));
  while (lines_.size() > kMostLines) {
    lines_.pop_front();
    ++lost_;
  }
}

StoreChanges Unwritten::all(UtcTime now) const {
  StoreChanges all;
  for (const auto& [row, body] : rows_) all.rows.push_back({row.first, row.second, body});
  if (lost_ > 0) {
    all.history.push_back({now, "bridge", "", "",
                           std::to_string(lost_) +
                               " lines of the history before the next one are lost, because the"
                               " store could not be written for so long",
                           "{}"});
  }
  all.history.insert(all.history.end(), lines_.begin(), lines_.end());
  return all;
}

}  // namespace coldwatch
