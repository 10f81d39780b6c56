#include "bridge/watch/versions.hpp"

#include <algorithm>

namespace coldwatch {
namespace {

/// Somebody has told there what is not known here.
bool knows_more(const Version& one, const Version& other) {
  return std::ranges::any_of(one, [&other](const auto& entry) {
    const auto known = other.find(entry.first);
    return known == other.end() || known->second < entry.second;
  });
}

}  // namespace

Knowledge compare(const Version& theirs, const Version& mine) {
  const bool more = knows_more(theirs, mine);
  const bool less = knows_more(mine, theirs);
  if (more && less) return Knowledge::kApart;
  if (more) return Knowledge::kNewer;
  return less ? Knowledge::kOlder : Knowledge::kSame;
}

const Version& Versions::of(const Place& place) const {
  static const Version kNone;
  const auto known = all_.find(place);
  return known == all_.end() ? kNone : known->second;
}

void Versions::count(const Place& place, const std::string& bridge, UtcTime now) {
  std::uint64_t& count = all_[place][bridge];
  const auto time = static_cast<std::uint64_t>(now.time_since_epoch().count());
  count = std::max(count + 1, time);
  changed_.insert(place);
}

void Versions::merge(const Place& place, const Version& theirs) {
  Version& mine = all_[place];
  for (const auto& [bridge, count] : theirs) {
    std::uint64_t& known = mine[bridge];
    known = std::max(known, count);
  }
  changed_.insert(place);
}

}  // namespace coldwatch
