#include "bridge/watch/peers.hpp"

#include <algorithm>

#include "bridge/deadlines.hpp"

namespace coldwatch {

void Peers::heard_of(const std::string& id) {
  if (id != self_ && peers_.size() < kMostPeers) peers_.try_emplace(id);
}

void Peers::heard(const std::string& id, int rank, UtcTime now) {
  if (id == self_) {
    echo_ = now;
    announced_ = rank;
    return;
  }
  heard_of(id);
  const auto known = peers_.find(id);
  if (known != peers_.end()) known->second = {rank, now};
}

void Peers::went_offline(const std::string& id) {
  const auto known = peers_.find(id);
  if (known != peers_.end()) known->second.last.reset();
}

void Peers::connected(UtcTime now) {
  connected_ = true;
  since_ = echo_ = now;
  announced_ = kLastRank;
}

bool Peers::lives(const Peer& peer, UtcTime now) const {
  return connected_ && peer.last && now < *peer.last + kLongestSilence;
}

bool Peers::lives(const std::string& id, UtcTime now) const {
  const auto known = peers_.find(id);
  return known != peers_.end() && lives(known->second, now);
}

int Peers::before(UtcTime now) const {
  return static_cast<int>(std::ranges::count_if(peers_, [&](const auto& entry) {
    const auto& [id, peer] = entry;
    return lives(peer, now) && std::pair{peer.rank, id} < std::pair{announced_, self_};
  }));
}

bool Peers::cut_off(UtcTime now) const {
  return known() && (!connected_ || echo_ + kLongestSilence <= now);
}

Milliseconds Peers::delay(UtcTime now) const {
  const bool deaf = !connected_ || now < since_ + kLongestSilence || cut_off(now);
  return (deaf && known() ? std::max(before(now), rank_) : before(now)) * step_;
}

std::optional<UtcTime> Peers::next(UtcTime now) const {
  std::optional<UtcTime> first;
  if (!connected_ || !known()) return first;
  for (const UtcTime time : {since_ + kLongestSilence, echo_ + kLongestSilence}) {
    if (now < time) take_earlier(first, time);
  }
  for (const auto& [id, peer] : peers_) {
    if (lives(peer, now)) take_earlier(first, *peer.last + kLongestSilence);
  }
  return first;
}

}  // namespace coldwatch
