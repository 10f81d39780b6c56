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
  Deadlines() = default;
  Deadlines(Deadlines&&) noexcept = default;
  Deadlines& operator=(Deadlines&&) noexcept = default;

  /// Sets, moves or (with none) removes the deadline of `key`.
  void set(const Key& key, std::optional<UtcTime> time) {
    if (!time) {
      const auto known = of_key_.find(key);
      if (known == of_key_.end()) return;
      order_.erase({known->second, &known->first});
      of_key_.erase(known);
      return;
    }
    const auto [known, added] = of_key_.try_emplace(key, *time);
    if (!added && known->second == *time) return;
    if (!added) order_.erase({known->second, &known->first});
    known->second = *time;
    order_.emplace(*time, &known->first);
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
    return order_.empty() || order_.begin()->first > now ? nullptr : order_.begin()->second;
  }

 private:
  using Entry = std::pair<UtcTime, const Key*>;  // to the key in of_key_
  struct Earlier {
    bool operator()(const Entry& a, const Entry& b) const {
      return a.first != b.first ? a.first < b.first : *a.second < *b.second;
    }
  };
  std::map<Key, UtcTime> of_key_;
  std::set<Entry, Earlier> order_;
};

}  // namespace coldwatch
