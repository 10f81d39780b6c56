// One connection to one broker, from its first byte to its end: the only user of Paho. Everything
// that happens is pushed into an inbox. Made, used and destroyed on the session's thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/mqtt_inbox.hpp"
#include "common/mqtt_route.hpp"
#include "common/mqtt_session.hpp"

namespace coldwatch {

class MqttConnection {
 public:
  static constexpr std::size_t kMostUnsentQos0 = 1000;

  /// Starts to connect and returns; MqttLinkUp or MqttLinkDown follows. Throws std::exception, with
  /// a sentence, where it cannot even start. `inbox` outlives the connection.
  MqttConnection(const MqttSettings& settings, const MqttRoute& route,
                 const std::optional<Publication>& will, std::uint64_t epoch, MqttInbox& inbox);
  /// Ends the connection, in peace where there is one: the broker then does not send the last will.
  ~MqttConnection();
  MqttConnection(const MqttConnection&) = delete;
  MqttConnection& operator=(const MqttConnection&) = delete;

  /// Asks for the topics of `filter` with QoS 1; MqttSubscribed follows. Without `echo` (MQTT 5) what
  /// this connection publishes itself does not come back. A command says (MQTT 5) whether it was
  /// published to be retained, also where it comes at once.
  void subscribe(const std::string& filter, bool echo = true);

  /// Hands the message to Paho; MqttAcknowledged or MqttRefused with `ticket` follows, for QoS 0
  /// once it is written. At most settings.window of QoS 1 and kMostUnsentQos0 of QoS 0 may be under
  /// way. Throws std::exception where the connection is not fit for use.
  void publish(const Publication& publication, Ticket ticket);

  /// Sends the broker a good-bye and waits at most `timeout` until it is sent.
  void disconnect(Milliseconds timeout);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace coldwatch
