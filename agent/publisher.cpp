#include "agent/publisher.hpp"

#include <algorithm>

#include "common/json.hpp"

namespace coldwatch {

void Publisher::connected(std::size_t window, std::vector<Publication> announcement) {
  lost();
  window_ = std::max<std::size_t>(window, 1);
  state_rests_until_ = {};
  rows_rest_until_ = {};
  announcement_due_ = false;
  state_.assign(std::make_move_iterator(announcement.begin()),
                std::make_move_iterator(announcement.end()));
}

void Publisher::lost() {
  window_ = 0;
  state_.clear();
  live_.clear();
  events_.rewind();
  rows_.rewind();
}

void Publisher::add_state(Publication publication) {
  if (publication.retain) {
    // The newest state of a topic is all that counts, and it keeps the place of the older one.
    const auto same = std::ranges::find_if(state_, [&](const Publication& waiting) {
      return waiting.retain && waiting.topic == publication.topic;
    });
    if (same != state_.end()) {
      *same = std::move(publication);
      return;
    }
  }
  state_.push_back(std::move(publication));
}

void Publisher::add(Outgoing out) {
  if (window_ == 0) return;
  if (!announcement_due_) {
    for (Publication& publication : out.state) add_state(std::move(publication));
  }
  for (Publication& publication : out.live) {
    if (live_.size() >= kMostLive) live_.pop_front();
    live_.push_back(std::move(publication));
  }
}

const Publication* Publisher::next(std::size_t room, SteadyTime now) {
  if (window_ == 0) return nullptr;
  if (room > 0 && now >= state_rests_until_) {
    if (!state_.empty()) {
      last_ = Lane::kState;
      return &state_.front();
    }
    if (const EventMessage* event = events_.next(); event != nullptr && !announcement_due_) {
      last_ = Lane::kEvents;
      event_ = {.topic = event_topic_, .payload = dump(to_json(*event))};
      return &event_;
    }
  }
  const bool may_send_rows = room > 0 && now >= rows_rest_until_;
  // Behind a message that the broker does not answer, Nagle's algorithm keeps the next one for the
  // 40 ms of a delayed acknowledgement. So a fresh row, which is answered, goes before live; what is
  // caught up after an outage goes behind it.
  if (may_send_rows && rows_.follows()) {
    if (const Publication* row = rows_.next(window_)) {
      last_ = Lane::kRows;
      return row;
    }
  }
  if (!live_.empty()) {
    last_ = Lane::kLive;
    return &live_.front();
  }
  if (!may_send_rows) return nullptr;
  last_ = Lane::kRows;
  return rows_.next(window_);
}

void Publisher::handed_over(Ticket ticket) {
  switch (last_) {
    case Lane::kState:
      state_.pop_front();
      return;
    case Lane::kEvents:
      events_.mark_sent();
      return;
    case Lane::kLive:
      live_.pop_front();
      return;
    case Lane::kRows:
      rows_.sent(ticket);
      return;
  }
}

std::string Publisher::refused(Ticket ticket, SteadyTime now) {
  if (rows_.owns(ticket)) {
    rows_rest_until_ = now + kRest;
    rows_.rewind();
    return "rows";
  }
  state_rests_until_ = now + kRest;
  state_.clear();
  events_.rewind();
  announcement_due_ = true;
  return "state and events";
}

bool Publisher::take_announcement_due(SteadyTime now) {
  if (!announcement_due_ || window_ == 0 || now < state_rests_until_) return false;
  announcement_due_ = false;
  return true;
}

}  // namespace coldwatch
