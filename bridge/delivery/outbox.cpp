#include "bridge/delivery/outbox.hpp"

#include <algorithm>

namespace coldwatch {
namespace {

constexpr Milliseconds kFirstBackoff = std::chrono::seconds{5};
constexpr Milliseconds kLongestBackoff = std::chrono::seconds{60};
constexpr Milliseconds kFirstBrokenWait = std::chrono::minutes{1};
constexpr Milliseconds kLongestBrokenWait = std::chrono::minutes{30};
constexpr Milliseconds kOutage = std::chrono::minutes{1};
constexpr Milliseconds kRecovery = std::chrono::seconds{10};
constexpr Milliseconds kRefusedWait = std::chrono::minutes{15};

Milliseconds doubled(Milliseconds first, Milliseconds longest, int failures) {
  Milliseconds wait = first;
  for (int i = 1; i < failures && wait < longest; ++i) wait *= 2;
  return std::min(wait, longest);
}

/// The same words, values apart: a message that only has a newer temperature is not another one.
bool says_the_same(const Pending& a, const Pending& b) {
  return a.marks == b.marks && a.lines == b.lines &&
         std::ranges::equal(a.notification.items, b.notification.items,
                            [](const NotificationItem& x, const NotificationItem& y) {
                              return x.intent == y.intent && x.key == y.key && x.text == y.text &&
                                     x.count == y.count && x.acknowledged_by == y.acknowledged_by;
                            });
}

}  // namespace

Milliseconds backoff(int failures) { return doubled(kFirstBackoff, kLongestBackoff, failures); }

Milliseconds broken_backoff(int failures) {
  return doubled(kFirstBrokenWait, kLongestBrokenWait, failures);
}

UtcTime after_rush(UtcTime time, const NotifierLimits& limits) {
  constexpr std::chrono::minutes kHalfHour{30};
  const Milliseconds into{time.time_since_epoch() % kHalfHour};
  return into < limits.half_hour_pause ? time - into + limits.half_hour_pause : time;
}

void Outbox::configure(NotifierLimits limits) {
  limits_ = limits;
  reset_backoff();
}

int Outbox::room(UtcTime now) const {
  const auto used =
      std::ranges::count_if(starts_, [&](UtcTime start) { return start > now - limits_.window; });
  return std::max(0, limits_.messages - static_cast<int>(used));
}

bool Outbox::may_try(UtcTime now) const {
  return under_way_.empty() && now >= not_before_ && now >= next_start_ && room(now) > 0;
}

int Outbox::reserve() const {
  constexpr int kShare = 5;
  return limits_.messages / kShare;
}

std::optional<UtcTime> Outbox::next(UtcTime now, int room) const {
  if (!under_way_.empty()) return std::nullopt;
  UtcTime first = std::max(not_before_, next_start_);
  if (this->room(now) < room) {
    const auto last_to_leave = starts_.end() - (limits_.messages - room + 1);
    first = std::max(first, *last_to_leave + limits_.window);
  }
  return first;
}

bool Outbox::takes(const std::string& subject, UtcTime now) const {
  const auto found = refused_.find(subject);
  return found == refused_.end() || found->second <= now;
}

std::optional<UtcTime> Outbox::refused_until(const std::string& subject) const {
  const auto found = refused_.find(subject);
  return found == refused_.end() ? std::nullopt : std::optional{found->second};
}

const Pending& Outbox::put(const std::string& subject, Pending fresh) {
  const auto [entry, added] = pending_.try_emplace(subject);
  Pending& known = entry->second;
  if (added || (!known.frozen && !says_the_same(known, fresh))) known = std::move(fresh);
  return known;
}

const Pending* Outbox::find(const std::string& subject) const {
  const auto found = pending_.find(subject);
  return found == pending_.end() ? nullptr : &found->second;
}

bool Outbox::drop(const std::string& subject) {
  const auto found = pending_.find(subject);
  if (found == pending_.end() || found->second.frozen || found->second.under_way) return false;
  pending_.erase(found);
  return true;
}

const Notification& Outbox::start(const std::string& subject, UtcTime now) {
  under_way_ = subject;
  std::erase_if(starts_, [&](UtcTime start) { return start <= now - limits_.window; });
  starts_.push_back(now);
  next_start_ = now + limits_.apart;
  Pending& pending = pending_.at(subject);
  pending.under_way = true;
  ++pending.attempts;
  return pending.notification;
}

std::optional<Settled> Outbox::finish(const DeliveryResult& result, UtcTime now) {
  if (under_way_.empty()) return std::nullopt;
  const auto found = pending_.find(under_way_);
  if (found->second.notification.id != result.notification) return std::nullopt;
  const std::string subject = std::exchange(under_way_, {});
  Pending& pending = found->second;
  pending.under_way = false;
  Settled settled{subject, {}, result.outcome};
  if (result.outcome == Outcome::kSent || result.outcome == Outcome::kRefused) {
    settled.pending = std::move(pending);
    pending_.erase(found);
  } else {
    if (result.outcome == Outcome::kAmbiguous) pending.frozen = true;
    settled.pending = pending;
  }
  if (result.outcome == Outcome::kSent) {
    if (is_out(now)) recovering_until_ = now + kRecovery;
    failures_ = failures_broken_ = 0;
    failing_since_.reset();
    broken_ = false;
    not_before_ = UtcTime{};
    refused_.erase(subject);
  } else if (result.outcome == Outcome::kRefused) {
    last_error_ = result.detail;
    refused_[subject] = now + kRefusedWait;
    std::erase_if(refused_, [now](const auto& entry) { return entry.second <= now; });
  } else {
    fail(result, now);
  }
  return settled;
}

bool Outbox::is_out(UtcTime now) const {
  return failing_since_ && now - *failing_since_ >= kOutage;
}

bool Outbox::after_outage(UtcTime now) const { return is_out(now) || now < recovering_until_; }

void Outbox::fail(const DeliveryResult& result, UtcTime now) {
  ++failures_;
  last_error_ = result.detail;
  if (!failing_since_) failing_since_ = now;
  broken_ = result.outcome == Outcome::kBroken;
  failures_broken_ = broken_ ? failures_broken_ + 1 : 0;
  const Milliseconds wait = broken_ ? broken_backoff(failures_broken_) : backoff(failures_);
  not_before_ = now + std::max(wait, result.retry_after.value_or(Milliseconds{0}));
}

void Outbox::restore(const std::string& subject, Pending pending) {
  pending.frozen = pending.frozen || pending.under_way;
  pending.under_way = false;
  pending_.insert_or_assign(subject, std::move(pending));
}

}  // namespace coldwatch
