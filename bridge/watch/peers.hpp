// The other bridges of the site, known by their heartbeats: how long this one leaves it to them to tell
// what has happened. Nobody is elected: a bridge that hears of no other one waits for none.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "common/time.hpp"

namespace coldwatch {

class Peers {
 public:
  /// `rank` is this bridge's place among them, `step` what each that comes before it costs.
  Peers(std::string self, int rank, Milliseconds step)
      : self_(std::move(self)), rank_(rank), step_(step) {}
  void configure(int rank, Milliseconds step) {
    rank_ = rank;
    step_ = step;
  }

  /// There is such a bridge, dead or alive. Beyond kMostPeers others are ignored.
  void heard_of(const std::string& id);
  /// A heartbeat of the bridge `id`, or the echo of one's own.
  void heard(const std::string& id, int rank, UtcTime now);
  void went_offline(const std::string& id);
  void connected(UtcTime now);
  void disconnected() { connected_ = false; }

  /// `step` for each living bridge that comes before this one: by rank, and by name where ranks meet.
  /// While nobody can be heard, all of lower ranks may live.
  Milliseconds delay(UtcTime now) const;
  /// Others exist, and neither they nor this one's own echo is heard: what is told now may be told
  /// twice.
  bool cut_off(UtcTime now) const;
  bool lives(const std::string& id, UtcTime now) const;
  /// No other living bridge comes before this one.
  bool comes_first(UtcTime now) const { return before(now) == 0; }
  /// When any of this may change by time alone.
  std::optional<UtcTime> next(UtcTime now) const;
  bool connected() const { return connected_; }
  bool known() const { return !peers_.empty(); }

  static constexpr Milliseconds kLongestSilence = std::chrono::seconds{10};
  static constexpr std::size_t kMostPeers = 16;
  static constexpr int kLastRank = 9;  // of one that does not know everything yet

 private:
  struct Peer {
    int rank = 0;
    std::optional<UtcTime> last;  // none where it is not known to live
  };
  bool lives(const Peer& peer, UtcTime now) const;
  int before(UtcTime now) const;

  std::string self_;
  int rank_;
  Milliseconds step_;
  bool connected_ = false;
  int announced_ = kLastRank;  // by the last own heartbeat that came back: what the others go by
  UtcTime echo_{};             // of that heartbeat, or the connection
  UtcTime since_{};            // the connection
  std::map<std::string, Peer> peers_;
};

}  // namespace coldwatch
