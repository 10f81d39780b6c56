#include "bridge/alarms/recent.hpp"

namespace coldwatch {

void RecentAlarms::begin(const AlarmBook& book, UtcTime now) {
  book_ = &book;
  now_ = now;
  found_.reset();
}

const RecentAlarms::Found& RecentAlarms::counted() const {
  if (found_) return *found_;
  found_.emplace();
  if (book_ == nullptr) return *found_;
  for (const auto& [key, alarm] : book_->alarms()) {
    if (!alarm.active() || alarm.raised_at + kWindow < now_) continue;
    found_->fridges.insert(key.fridge);
    found_->rules.insert(key.rule);
  }
  return *found_;
}

}  // namespace coldwatch
