#include "bridge/watch/intake.hpp"

#include <algorithm>

namespace coldwatch {

bool Intake::takes(const FridgeId& id, UtcTime now) {
  const auto [entry, first] = buckets_.try_emplace(id);
  Bucket& bucket = entry->second;
  if (first) bucket.at = now;
  const double passed_s = std::chrono::duration<double>(now - bucket.at).count();
  bucket.left = std::min(kMostAtOnce, bucket.left + kMostPerSecond * std::max(0.0, passed_s));
  bucket.at = now;
  if (bucket.left >= 1) {
    --bucket.left;
    return true;
  }
  if (refused_.insert_or_assign(id, now).second) loud_.insert(id);
  return false;
}

std::set<FridgeId> Intake::take_quiet(UtcTime now) {
  std::set<FridgeId> quiet;
  for (const auto& [id, at] : refused_) {
    if (now - at >= kQuiet) quiet.insert(id);
  }
  for (const FridgeId& id : quiet) refused_.erase(id);
  return quiet;
}

std::optional<UtcTime> Intake::next() const {
  std::optional<UtcTime> first;
  for (const auto& [id, at] : refused_) take_earlier(first, at + kQuiet);
  return first;
}

}  // namespace coldwatch
