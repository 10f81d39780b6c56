// One connection to the broker, kept up, the only way to it. Paho's threads only push into a
// bounded inbox; everything else happens on the thread that calls step(), which is the program's
// own. A new client object is made for each connection, without library persistence and without its
// automatic reconnect, because both lose or repeat messages (eclipse/paho.mqtt.c #1341, #1404,
// #1621).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/messages.hpp"
#include "common/settings.hpp"
#include "common/time.hpp"

namespace coldwatch {

enum class MqttProtocol { kAuto, kV5, kV311 };
/// What to do with commands from the broker: kAuto as command_guard.hpp says.
enum class CommandPolicy { kAuto, kAllow, kRefuse };

/// The section "broker" of both configs.
struct MqttSettings {
  std::vector<std::string> uris{"mqtt://localhost:1883"};  // mqtt:// or mqtts://, tried in turn
  std::string client_id;  // derived from fridge or bridge by the program
  std::string user;
  std::string password;     // from password_file or password_env
  std::string ca_file;      // PEM; for mqtts, empty means the system's store (not on Windows)
  std::string certificate;  // PEM of this client, "" for none
  std::string key;          // PEM
  MqttProtocol protocol = MqttProtocol::kAuto;
  CommandPolicy commands = CommandPolicy::kAuto;
  Milliseconds keep_alive = std::chrono::seconds{15};
  Milliseconds connect_timeout = std::chrono::seconds{5};
  Milliseconds backoff_first = std::chrono::seconds{1};
  Milliseconds backoff_most = std::chrono::seconds{60};
  std::size_t window = 64;  // unacknowledged messages at most; less where the broker says so
  // Subscriptions of which what this very connection publishes does not come back (MQTT 5); set by
  // the program.
  std::set<std::string> no_echo;
};

/// Reads the section: uri (or uris, a list), user, password_file or password_env, ca_file,
/// certificate, key, protocol ("auto", "5" or "3.1.1"), commands ("auto", "allow" or "refuse"),
/// keep_alive, connect_timeout, window. Files that it names must exist and be readable, checked here
/// so that a wrong path is a sentence and not a handshake failure; not where `secrets_must_exist` is
/// off (a check on another machine).
MqttSettings read_mqtt_settings(SettingsReader reader, bool secrets_must_exist = true);

/// Counts publications of one session object; never 0.
using Ticket = std::uint64_t;

struct MqttConnected {
  std::string uri;
  bool v5 = false;
  std::size_t window = 0;  // of this connection
};
struct MqttLost {
  std::string why;  // a sentence for people; every open ticket is void
  Milliseconds retry_in{};
};
struct MqttAcknowledged {
  Ticket ticket;
};
/// The broker took the message and said no (MQTT 5 reason code from 0x80, or larger than it takes):
/// trying again at once cannot help. Ticket 0 is a subscription, named in `why`.
struct MqttRefused {
  Ticket ticket;
  std::string why;
};
struct MqttMessage {
  std::string topic;
  std::string payload;
  bool retained = false;       // out of the broker's store, because we subscribed; not news
  std::string response_topic;  // MQTT 5 request, "" where none
  std::string correlation_data;
};
using MqttEvent = std::variant<MqttConnected, MqttLost, MqttAcknowledged, MqttRefused, MqttMessage>;

class MqttSession {
 public:
  /// `will` is the last will. `wake` is called from Paho's threads, holding none of our locks,
  /// whenever something was put into the inbox; it must not call back into the session.
  /// `subscriptions` are made after every connect, before MqttConnected is reported.
  MqttSession(MqttSettings settings, std::optional<Publication> will,
              std::vector<std::string> subscriptions, std::function<void()> wake = {});
  /// Closes with the last will as `last` where close() was not called: an end in peace suppresses
  /// the broker's own.
  ~MqttSession();
  MqttSession(const MqttSession&) = delete;
  MqttSession& operator=(const MqttSession&) = delete;

  /// Connects, reconnects and watches timeouts as far as due at `now` (a steady clock), and returns
  /// what happened since the last call. Does not wait.
  std::vector<MqttEvent> step(std::chrono::steady_clock::time_point now);

  /// Waits until the inbox has something or `timeout` is over; returns early on a request to stop.
  void wait(Milliseconds timeout);

  bool connected() const;
  /// How many more QoS 1 messages may be published now.
  std::size_t room() const;

  /// Hands a message to the broker. Only while connected and, for QoS 1, while there is room:
  /// otherwise 0. A QoS 0 message gets no acknowledgement; 0 where 1000 or 8 MiB wait to be sent.
  Ticket publish(const Publication& publication);

  /// Publishes `last` (the "offline" of a clean stop), waits at most two seconds for the broker to
  /// have everything, and disconnects for good. One more step() returns what happened meanwhile.
  void close(const std::optional<Publication>& last);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coldwatch
