// What waits for the broker. Of retained state only the newest waits, however often it changes, so that
// one fridge cannot make the queue long; beyond the bounds the oldest gives way.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/messages.hpp"

namespace coldwatch {

class BrokerQueue {
 public:
  static constexpr std::size_t kMostMessages = 200'000;
  static constexpr std::size_t kMostBytes = 64 * 1024 * 1024;

  void add(Publication publication);
  /// Before everything else: it was under way already.
  void put_back(Publication publication);

  bool empty() const { return queue_.empty(); }
  std::size_t size() const { return queue_.size(); }
  std::size_t bytes() const { return bytes_; }
  const Publication& front() const { return queue_.front(); }
  Publication take_front();

  /// The topics of the retained state that waited, which is dropped.
  std::vector<std::string> drop_retained();
  /// How many gave way to others since the last call.
  std::size_t take_lost() { return std::exchange(lost_, 0); }

 private:
  using Place = std::list<Publication>::iterator;
  static std::size_t size_of(const Publication& publication);
  Publication take(Place place);

  std::list<Publication> queue_;
  std::map<std::string, Place> retained_;  // by topic
  std::size_t bytes_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace coldwatch
