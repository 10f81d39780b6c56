#include "common/mqtt_connection.hpp"

#include <MQTTAsync.h>
#include <mqtt/async_client.h>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "common/files.hpp"
#include "common/mqtt_route.hpp"
#include "common/mqtt_trace.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr int kRefusedFrom = 0x80;        // MQTT 5 reason codes from here on are errors
constexpr int kLastVersionReason = 0x84;  // up to "unsupported protocol version"; above, it knew us
constexpr int kSubscriptionQos = 1;
constexpr std::int32_t kLargestPacketBytes = 1024 * 1024;  // taken in under MQTT 5
constexpr std::size_t kLargestPemBytes = 4 * 1024 * 1024;
constexpr std::size_t kLongestDetailBytes = 300;
// Paho looks at its timers every 3 s only: the session ends a connect that takes too long, and this
// is but a net below it.
constexpr std::chrono::seconds kPahoConnectTimeout{30};

std::string reason_words(int code) {
  const char* words = MQTTReasonCode_toString(static_cast<MQTTReasonCodes>(code));
  return words != nullptr ? one_line(words, kLongestDetailBytes)
                          : "reason code " + std::to_string(code);
}

std::string connack_words(int code) {
  switch (code) {
    case 1:
      return "it does not speak MQTT 3.1.1";
    case 2:
      return "it does not accept the client id";
    case 3:
      return "it is not available";
    case 4:
      return "wrong user name or password";
    case 5:
      return "not authorized";
    default:
      return "return code " + std::to_string(code);
  }
}

/// Why a connect failed. Paho's text for a connection that never came to be is one for all causes.
MqttLinkDown connect_failure(const mqtt::token& token, bool v5) {
  constexpr std::string_view kNoConnection = "TCP/TLS connect failure";
  std::string text;
  try {
    token.get_connect_response();
  } catch (const mqtt::exception& error) {
    text = error.get_message();
  }
  const int code = token.get_return_code();
  const int reason = v5 ? std::max(code, static_cast<int>(token.get_reason_code())) : code;
  if (v5 && reason >= kRefusedFrom) {
    return {"the broker refused: " + reason_words(reason), reason <= kLastVersionReason};
  }
  if (!v5 && code > 0) return {"the broker refused: " + connack_words(code)};
  if (text.empty() || text == kNoConnection) {
    const std::string trouble = connect_trouble();
    return {trouble.empty() ? "nobody answers there" : trouble, false};
  }
  return {"the connection ended before the broker had answered"};
}

/// Paho says the same of a file that is missing as of a broker that is: so the files come first.
void require_file(const std::string& path, std::string_view what) {
  std::string error;
  if (!path.empty() && !read_file(path, kLargestPemBytes, error)) {
    throw std::runtime_error{std::string{what} + ": " + error};
  }
}

std::string paho_uri(const std::string& uri) {
  const auto address = parse_broker_uri(uri);
  if (!address) throw std::runtime_error{"not a broker's address: " + uri};
  return (address->tls ? "ssl://" : "tcp://") + address->host + ":" + std::to_string(address->port);
}

/// Left to itself Paho prepares the whole of OpenSSL, which costs memory, also where no broker wants
/// TLS. OpenSSL prepares itself where it is used.
void let_openssl_rest() {
  static std::once_flag once;
  std::call_once(once, [] {
    MQTTAsync_init_options options = MQTTAsync_init_options_initializer;
    MQTTAsync_global_init(&options);
  });
}

mqtt::properties properties_of(const Publication& publication) {
  mqtt::properties properties;
  if (publication.expiry) {
    properties.add({mqtt::property::MESSAGE_EXPIRY_INTERVAL,
                    static_cast<std::int32_t>(publication.expiry->count())});
  }
  // Retained state is known by its topic, and a storm of it would be half made of this property.
  const bool is_json = publication.payload.starts_with('{') || publication.payload.starts_with('[');
  if (is_json && !publication.retain) {
    properties.add({mqtt::property::CONTENT_TYPE, "application/json"});
  }
  if (!publication.correlation_data.empty()) {
    properties.add({mqtt::property::CORRELATION_DATA, publication.correlation_data});
  }
  return properties;
}

mqtt::const_message_ptr message_of(const Publication& publication, bool v5) {
  return mqtt::message::create(publication.topic, publication.payload, publication.qos,
                               publication.retain,
                               v5 ? properties_of(publication) : mqtt::properties{});
}

MqttMessage received(const mqtt::message& message) {
  MqttMessage out{.topic = message.get_topic(),
                  .payload = message.get_payload_str(),
                  .retained = message.is_retained()};
  const mqtt::properties& properties = message.get_properties();
  if (properties.contains(mqtt::property::RESPONSE_TOPIC)) {
    out.response_topic = mqtt::get<std::string>(properties, mqtt::property::RESPONSE_TOPIC);
  }
  if (properties.contains(mqtt::property::CORRELATION_DATA)) {
    out.correlation_data = mqtt::get<std::string>(properties, mqtt::property::CORRELATION_DATA);
  }
  return out;
}

MqttLinkUp limits_of(const mqtt::token& token, bool v5) {
  MqttLinkUp up;
  if (!v5) return up;
  const auto response = token.get_connect_response();
  const mqtt::properties& properties = response.get_properties();
  if (properties.contains(mqtt::property::RECEIVE_MAXIMUM)) {
    up.receive_maximum = mqtt::get<std::uint16_t>(properties, mqtt::property::RECEIVE_MAXIMUM);
  }
  if (properties.contains(mqtt::property::MAXIMUM_PACKET_SIZE)) {
    up.largest_packet_bytes =
        mqtt::get<std::uint32_t>(properties, mqtt::property::MAXIMUM_PACKET_SIZE);
  }
  return up;
}

/// Where a listener pushes to. Paho runs it on its own threads, holding its global lock.
struct Reporter {
  std::uint64_t epoch;
  bool v5;
  MqttInbox& inbox;

  void push(MqttReport::What what) const { inbox.push(epoch, std::move(what)); }
};

class ConnectListener final : public mqtt::iaction_listener {
 public:
  explicit ConnectListener(const Reporter& reporter) : reporter_(reporter) {}
  void on_success(const mqtt::token& token) override {
    ignore_connect_trouble();
    reporter_.push(limits_of(token, reporter_.v5));
  }
  void on_failure(const mqtt::token& token) override {
    reporter_.push(connect_failure(token, reporter_.v5));
  }

 private:
  const Reporter& reporter_;
};

class SubscribeListener final : public mqtt::iaction_listener {
 public:
  explicit SubscribeListener(const Reporter& reporter) : reporter_(reporter) {}
  void on_success(const mqtt::token& token) override {
    const auto response = token.get_subscribe_response();
    const auto& codes = response.get_reason_codes();
    const int code = codes.empty() ? 0 : static_cast<int>(codes[0]);
    reporter_.push(MqttSubscribed{filter(token), code < kRefusedFrom ? "" : words(code)});
  }
  void on_failure(const mqtt::token& token) override {
    const int code =
        reporter_.v5 ? static_cast<int>(token.get_reason_code()) : token.get_return_code();
    if (code < kRefusedFrom) {
      reporter_.push(MqttLinkDown{"the connection ended during a subscription"});
    } else {
      reporter_.push(MqttSubscribed{filter(token), words(code)});
    }
  }

 private:
  static std::string filter(const mqtt::token& token) { return (*token.get_topics())[0]; }
  std::string words(int code) const {
    return reporter_.v5 ? reason_words(code) : "the broker does not allow it";
  }
  const Reporter& reporter_;
};

class PublishListener final : public mqtt::iaction_listener {
 public:
  explicit PublishListener(const Reporter& reporter) : reporter_(reporter) {}
  void on_success(const mqtt::token& token) override {
    reporter_.push(MqttAcknowledged{ticket(token)});
  }
  void on_failure(const mqtt::token& token) override {
    const int reason = static_cast<int>(token.get_reason_code());
    if (reporter_.v5 && reason >= kRefusedFrom) {
      reporter_.push(MqttRefused{ticket(token), reason_words(reason)});
    } else {
      reporter_.push(MqttLinkDown{"the connection ended"});
    }
  }

 private:
  static Ticket ticket(const mqtt::token& token) {
    return reinterpret_cast<std::uintptr_t>(token.get_user_context());
  }
  const Reporter& reporter_;
};

}  // namespace

/// The client is the last member: it goes first, and with it the last use of the listeners.
struct MqttConnection::Parts {
  Parts(const MqttSettings& settings, const MqttRoute& route, std::uint64_t epoch, MqttInbox& inbox)
      : reporter{epoch, route.v5(), inbox},
        client{paho_uri(route.uri()), route.client_id(), create_options(settings, route.v5()),
               nullptr} {
    client.set_connection_lost_handler([this](const std::string& /*always empty*/) {
      reporter.push(MqttLinkDown{"the connection ended"});
    });
    client.set_disconnected_handler([this](const mqtt::properties&, mqtt::ReasonCode reason) {
      reporter.push(MqttLinkDetail{reason_words(static_cast<int>(reason))});
    });
    client.set_message_callback(
        [this](const mqtt::const_message_ptr& message) { reporter.push(received(*message)); });
  }

  static mqtt::create_options create_options(const MqttSettings& settings, bool v5) {
    return mqtt::create_options{v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1,
                                static_cast<int>(settings.window + kMostUnsentQos0)};
  }

  static mqtt::ssl_options ssl_options(const MqttSettings& settings) {
    require_file(settings.ca_file, "certificate authority");
    require_file(settings.certificate, "client certificate");
    require_file(settings.key, "client key");
    mqtt::ssl_options options;
    options.set_verify(true);
    options.set_enable_server_cert_auth(true);
    if (!settings.ca_file.empty()) options.set_trust_store(settings.ca_file);
    if (!settings.certificate.empty()) options.set_key_store(settings.certificate);
    if (!settings.key.empty()) options.set_private_key(settings.key);
    return options;
  }

  Reporter reporter;
  ConnectListener on_connect{reporter};
  SubscribeListener on_subscribe{reporter};
  PublishListener on_publish{reporter};
  mqtt::connect_options options;
  mqtt::async_client client;
};

MqttConnection::MqttConnection(const MqttSettings& settings, const MqttRoute& route,
                               const std::optional<Publication>& will, std::uint64_t epoch,
                               MqttInbox& inbox) {
  let_openssl_rest();
  parts_ = std::make_unique<Parts>(settings, route, epoch, inbox);
  const bool v5 = route.v5();
  mqtt::connect_options& options = parts_->options;
  // The version comes first: it decides which of the two clean flags may be set. It is always
  // explicit, because Paho's default reconnects by itself, and as MQTT 3.1.
  options.set_mqtt_version(v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1);
  if (v5) {
    options.set_clean_start(true);
  } else {
    options.set_clean_session(true);
  }
  options.set_automatic_reconnect(false);
  options.set_keep_alive_interval(std::chrono::ceil<std::chrono::seconds>(settings.keep_alive));
  options.set_connect_timeout(kPahoConnectTimeout);
  if (!settings.user.empty()) options.set_user_name(settings.user);
  if (!settings.password.empty()) options.set_password(settings.password);
  if (will) options.set_will_message(message_of(*will, v5));
  if (parse_broker_uri(route.uri())->tls) options.set_ssl(Parts::ssl_options(settings));
  // Last, and on an object that outlives connect(): copies of the options point to its properties.
  if (v5) options.set_properties({{mqtt::property::MAXIMUM_PACKET_SIZE, kLargestPacketBytes}});
  listen_for_connect_trouble();
  parts_->client.connect(options, nullptr, parts_->on_connect);
}

MqttConnection::~MqttConnection() = default;

void MqttConnection::subscribe(const std::string& filter, bool echo) {
  mqtt::subscribe_options options;
  if (parts_->reporter.v5) {
    options.set_no_local(!echo);
    options.set_retain_as_published(filter.find("/cmd/") != filter.npos);
  }
  parts_->client.subscribe(filter, kSubscriptionQos, nullptr, parts_->on_subscribe, options);
}

void MqttConnection::publish(const Publication& publication, Ticket ticket) {
  parts_->client.publish(message_of(publication, parts_->reporter.v5),
                         reinterpret_cast<void*>(static_cast<std::uintptr_t>(ticket)),
                         parts_->on_publish);
}

void MqttConnection::disconnect(Milliseconds timeout) {
  try {
    parts_->client.disconnect()->wait_for(timeout);
  } catch (const mqtt::exception&) {
    // It had ended already: nobody is left to say good-bye to.
  }
}

}  // namespace coldwatch
