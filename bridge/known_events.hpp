// The events that were taken before: an agent that has lost its state file reads its log again, and
// what it then tells under another epoch is old news.
#pragma once

#include <cstddef>
#include <deque>
#include <set>
#include <string>

namespace coldwatch {

class KnownEvents {
 public:
  static constexpr std::size_t kMost = 20'000;  // the newest ones

  /// False where "<fridge>/<id>" was added before.
  bool add(const std::string& id) {
    if (!known_.insert(id).second) return false;
    order_.push_back(id);
    if (order_.size() > kMost) {
      known_.erase(order_.front());
      order_.pop_front();
    }
    return true;
  }

 private:
  std::set<std::string> known_;
  std::deque<std::string> order_;
};

}  // namespace coldwatch
