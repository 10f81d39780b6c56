// One deadline for each key, and which of them is next.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/time.hpp"

namespace coldwatch {

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

  /// The key whose deadline came first, where it is not after `now`; it keeps its deadline.
  const Key* due(UtcTime now) const {
    return order_.empty() || order_.begin()->first > now ? nullptr : &order_.begin()->second;
  }

 private:
  std::map<Key, UtcTime> of_key_;
  std::set<std::pair<UtcTime, Key>> order_;
};

}  // namespace coldwatch
