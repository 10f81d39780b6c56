// The shelves of this site, whoever made them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridge/alarms/gates.hpp"

namespace coldwatch {

class Shelves {
 public:
  const std::vector<Shelf>& all() const { return all_; }
  bool full() const { return all_.size() >= kMostShelves; }
  /// Null where there is no such shelf.
  const Shelf* find(const std::string& id) const;

  void add(Shelf shelf);
  /// Ends the shelf `id` or every one with this matcher; how many that were.
  int end(const std::string& id, const std::optional<Matcher>& match);
  /// Takes what another bridge knows: new ones, and ends. True where any of it is news here.
  bool merge(const std::vector<Shelf>& theirs);
  void restore(Shelf shelf) { all_.push_back(std::move(shelf)); }

  /// Forgets those whose time is over; true where there were any.
  bool expire(UtcTime now);
  /// When the next one's is; none where there is no shelf.
  std::optional<UtcTime> next() const;
  /// The ids of those that were made, ended or forgotten since the last call.
  std::set<std::string> take_changed() { return std::exchange(changed_, {}); }

 private:
  std::vector<Shelf> all_;
  std::set<std::string> changed_;
};

}  // namespace coldwatch
