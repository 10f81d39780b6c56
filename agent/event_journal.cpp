#include "agent/event_journal.hpp"

#include <algorithm>
#include <utility>

namespace coldwatch {

void EventJournal::add(EventMessage event) {
  last_ = event.seq;
  events_.push_back(std::move(event));
  if (events_.size() <= kMostEvents) return;
  events_.pop_front();
  if (sent_ > 0) --sent_;
  dropped_ = true;
}

void EventJournal::confirm(std::uint64_t seq) {
  while (!events_.empty() && events_.front().seq <= seq) {
    events_.pop_front();
    if (sent_ > 0) --sent_;
  }
}

const EventMessage* EventJournal::next() const {
  return sent_ < events_.size() ? &events_[sent_] : nullptr;
}

void EventJournal::mark_sent() { sent_ = std::min(sent_ + 1, events_.size()); }

bool EventJournal::take_overflow() {
  if (!dropped_) return false;
  const bool told = std::ranges::any_of(events_, [](const EventMessage& event) {
    return event.type == "gap" && event.rule.empty() && event.file.empty();
  });
  dropped_ = false;
  return !told;
}

}  // namespace coldwatch
