// Version vectors: which bridge has told a notifier of an alarm how far. Of two records the one that
// has seen the other is right; where neither has, both bridges told while they were cut off from each
// other, and nobody knows what people read last (Parker et al., "Detection of mutual inconsistency in
// distributed systems", 1983).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "bridge/notification.hpp"

namespace coldwatch {

/// By bridge, how far it has told.
using Version = std::map<std::string, std::uint64_t>;

enum class Knowledge { kSame, kOlder, kNewer, kApart };
/// What `theirs` knows, beside `mine`.
Knowledge compare(const Version& theirs, const Version& mine);

class Versions {
 public:
  using Place = std::pair<std::string, AlarmKey>;  // notifier, alarm

  /// Empty where nothing was told, or not since other bridges are known.
  const Version& of(const Place& place) const;
  /// `bridge` has told. Counts in milliseconds, so that one which has lost its store goes on ahead.
  void count(const Place& place, const std::string& bridge, UtcTime now);
  /// Both are known from now on.
  void merge(const Place& place, const Version& theirs);
  void restore(Place place, Version version) {
    all_.insert_or_assign(std::move(place), std::move(version));
  }
  const std::map<Place, Version>& all() const { return all_; }
  std::set<Place> take_changed() { return std::exchange(changed_, {}); }

 private:
  std::map<Place, Version> all_;
  std::set<Place> changed_;
};

}  // namespace coldwatch
