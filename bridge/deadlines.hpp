// Instants at which something is to be done: the earlier of two, and one for each key.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/time.hpp"

namespace coldwatch {

inline void take_earlier(std::optional<UtcTime>& first, std::optional<UtcTime> other) {
  if (other && (!first || *other < *first)) first = other;
}

template <typename Key>
class Deadlines {
 public:
  /// Sets, moves or (with none) removes the deadline of `key`.
  void set(const Key& key, std::optional<UtcTime> time) {
    const auto known = of_key_.find(key);
    if (known != of_key_.end()) {
      if (time && known->second == *time) return;
      order_.erase({known->second, key});
      of_key_.erase(known);
    }
    if (!time) return;
    of_key_.emplace(key, *time);
    order_.emplace(*time, key);
  }

  std::optional<UtcTime> next() const {
    return order_.empty() ? std::nullopt : std::optional{order_.begin()->first};
  }

  std::optional<UtcTime> of(const Key& key) const {
    const auto known = of_key_.find(key);
    return known == of_key_.end() ? std::nullopt : std::optional{known->second};
  }

  /// How many are not after `now`.
  std::size_t count(UtcTime now) const {
    const auto later =
        std::ranges::find_if(order_, [now](const auto& one) { return one.first > now; });
    return static_cast<std::size_t>(std::distance(order_.begin(), later));
  }

  /// The key whose deadline came first, where it is not after `now`; it keeps its deadline.
  const Key* due(UtcTime now) const {
    return order_.empty() || order_.begin()->first > now ? nullptr : &order_.begin()->second;
  }

 private:
  std::map<Key, UtcTime> of_key_;
  std::set<std::pair<UtcTime, Key>> order_;
};

}  // namespace coldwatch
