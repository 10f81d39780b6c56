// Alarms that wait for something, each once, and are taken in turn: one that comes back all the time does
// not keep the others waiting.
#pragma once

#include <cstddef>
#include <optional>
#include <set>

#include "bridge/notification.hpp"

namespace coldwatch {

class InTurn {
 public:
  std::size_t size() const { return waiting_.size(); }
  void insert(const AlarmKey& key) { waiting_.insert(key); }

  /// The next one behind the one that was taken last, which then waits no more; none where none waits.
  std::optional<AlarmKey> take() {
    if (waiting_.empty()) return std::nullopt;
    auto next = waiting_.upper_bound(last_);
    if (next == waiting_.end()) next = waiting_.begin();
    last_ = *next;
    waiting_.erase(next);
    return last_;
  }

 private:
  std::set<AlarmKey> waiting_;
  AlarmKey last_;
};

}  // namespace coldwatch
