// Where the session connects next, under which name, with which MQTT version, and after what wait:
// no network here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/mqtt_session.hpp"
#include "common/time.hpp"

namespace coldwatch {

struct BrokerAddress {
  bool tls = false;
  std::string host;  // name, IPv4, or IPv6 in brackets
  int port = 1883;   // 8883 with TLS
  bool operator==(const BrokerAddress&) const = default;
};

/// Takes "mqtt://host[:port]" or "mqtts://host[:port]" apart; nullopt for anything else.
std::optional<BrokerAddress> parse_broker_uri(std::string_view uri);

/// Goes around the brokers of a list. A broker that was never reached with success is tried with
/// MQTT 5 and with 3.1.1 in turn, because some answer a version that they do not know by hanging
/// up.
class MqttRoute {
 public:
  /// A connection that lived this long was no accident: waits begin from the shortest again.
  static constexpr Milliseconds kSettled = std::chrono::seconds{10};
  /// So many failures in a row at one broker put its known version in doubt again.
  static constexpr unsigned kDoubtAfter = 8;

  /// `settings.uris` is not empty.
  explicit MqttRoute(const MqttSettings& settings);

  const std::string& uri() const { return brokers_[current_].uri; }
  bool v5() const { return brokers_[current_].v5; }
  /// The client's name; with a number behind it after ended_subscribing().
  std::string client_id() const;

  /// The attempt succeeded.
  void worked();
  /// The attempt failed; `version_in_doubt` where the MQTT version may be why. Returns the wait
  /// before the next attempt. `random` is in [0, 1), here and below.
  Milliseconds failed(bool version_in_doubt, double random);
  /// The broker took the connection and ended it over a subscription. RabbitMQ does so while the
  /// node that held this client's queue is dead, whichever node is asked, and only for this name
  /// (3.10.8: "home node of durable queue is down"): the next attempts go by another one.
  void ended_subscribing() { spare_name_ = (spare_name_ + 1) % kNames; }
  /// A connection ended after `lived`.
  Milliseconds lost(Milliseconds lived, double random);

  /// Connections in a row that ended before they had settled.
  unsigned early_losses() const { return early_losses_; }

 private:
  static constexpr unsigned kNames = 4;

  struct Broker {
    std::string uri;
    bool v5 = true;
    bool known = false;
    unsigned failures = 0;
  };

  void turn() { current_ = (current_ + 1) % brokers_.size(); }
  Milliseconds wait(double random) const;

  std::vector<Broker> brokers_;
  std::size_t current_ = 0;
  std::string client_id_;
  unsigned spare_name_ = 0;  // 0 is the name itself
  bool choose_version_;
  Milliseconds first_;
  Milliseconds most_;
  unsigned failures_ = 0;
  unsigned early_losses_ = 0;
};

}  // namespace coldwatch
