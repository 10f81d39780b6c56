#include "bridge/watch/intake.hpp"

#include <algorithm>

namespace coldwatch {

Intake::Bucket& Intake::filled(const FridgeId& id, UtcTime now) {
  const auto [entry, first] = buckets_.try_emplace(id);
  Bucket& bucket = entry->second;
  if (first) bucket.at = now;
  const double passed_s = std::max(0.0, std::chrono::duration<double>(now - bucket.at).count());
  const auto fill = [passed_s](double& left, double per_second, double most) {
    left = std::min(most, left + per_second * passed_s);
  };
  fill(bucket.left, kMostPerSecond, kMostAtOnce);
  fill(bucket.bytes_left, kMostBytesPerSecond, kMostBytesAtOnce);
  fill(bucket.news_left, kMostNewsPerSecond, kMostNewsAtOnce);
  bucket.at = now;
  return bucket;
}

void Intake::refuse(const FridgeId& id, UtcTime now) {
  if (refused_.insert_or_assign(id, now).second) loud_.insert(id);
}

bool Intake::takes(const FridgeId& id, std::size_t bytes, UtcTime now) {
  Bucket& bucket = filled(id, now);
  const auto size = static_cast<double>(bytes);
  if (bucket.left >= 1 && bucket.bytes_left >= size) {
    --bucket.left;
    bucket.bytes_left -= size;
    return true;
  }
  refuse(id, now);
  return false;
}

bool Intake::tells(const FridgeId& id, UtcTime now) {
  Bucket& bucket = filled(id, now);
  if (bucket.news_left >= 1) {
    --bucket.news_left;
    return true;
  }
  refuse(id, now);
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
