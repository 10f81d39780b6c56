#include "bridge/broker_queue.hpp"

#include <iterator>
#include <utility>

namespace coldwatch {

std::size_t BrokerQueue::size_of(const Publication& publication) {
  return sizeof publication + publication.topic.size() + publication.payload.size();
}

void BrokerQueue::add(Publication publication) {
  const auto known = publication.retain ? retained_.find(publication.topic) : retained_.end();
  bytes_ += size_of(publication);
  if (known != retained_.end()) {
    bytes_ -= size_of(*known->second);
    *known->second = std::move(publication);
    return;
  }
  const bool retain = publication.retain;
  queue_.push_back(std::move(publication));
  if (retain) retained_.emplace(queue_.back().topic, std::prev(queue_.end()));
  while (queue_.size() > kMostMessages || (bytes_ > kMostBytes && queue_.size() > 1)) {
    take_front();
    ++lost_;
  }
}

void BrokerQueue::put_back(Publication publication) {
  bytes_ += size_of(publication);
  queue_.push_front(std::move(publication));
}

Publication BrokerQueue::take(Place place) {
  const auto known = retained_.find(place->topic);
  if (known != retained_.end() && known->second == place) retained_.erase(known);
  Publication taken = std::move(*place);
  queue_.erase(place);
  bytes_ -= size_of(taken);
  return taken;
}

Publication BrokerQueue::take_front() { return take(queue_.begin()); }

std::vector<std::string> BrokerQueue::drop_retained() {
  std::vector<std::string> topics;
  for (auto place = queue_.begin(); place != queue_.end();) {
    const auto one = place++;
    if (one->retain) topics.push_back(take(one).topic);
  }
  return topics;
}

}  // namespace coldwatch
