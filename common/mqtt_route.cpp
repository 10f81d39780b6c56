#include "common/mqtt_route.hpp"

#include <algorithm>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr int kPort = 1883;
constexpr int kTlsPort = 8883;
constexpr long long kLargestPort = 65535;
constexpr unsigned kMostDoublings = 16;

/// The end of the host in "host:port", "host" or "[v6]:port".
std::size_t host_end(std::string_view rest) {
  if (rest.starts_with('[')) {
    const auto bracket = rest.find(']');
    return bracket == rest.npos ? 0 : bracket + 1;
  }
  return std::min(rest.find(':'), rest.size());
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    return host.size() > 2 && host.find_first_not_of("[]:.0123456789abcdefABCDEF") == host.npos;
  }
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

}  // namespace

std::optional<BrokerAddress> parse_broker_uri(std::string_view uri) {
  constexpr std::string_view kPlain = "mqtt://";
  constexpr std::string_view kSecure = "mqtts://";
  const bool tls = uri.starts_with(kSecure);
  if (!tls && !uri.starts_with(kPlain)) return std::nullopt;
  const std::string_view rest = uri.substr(tls ? kSecure.size() : kPlain.size());
  const std::string_view host = rest.substr(0, host_end(rest));
  if (!is_host(host)) return std::nullopt;
  const std::string_view port = rest.substr(host.size());
  if (port.empty()) return BrokerAddress{tls, std::string{host}, tls ? kTlsPort : kPort};
  if (port.find_first_not_of("0123456789", 1) != port.npos) return std::nullopt;
  const auto number = parse_integer(port.substr(1));
  if (port[0] != ':' || !number || *number < 1 || *number > kLargestPort) return std::nullopt;
  return BrokerAddress{tls, std::string{host}, static_cast<int>(*number)};
}

MqttRoute::MqttRoute(const MqttSettings& settings)
    : client_id_(settings.client_id),
      choose_version_(settings.protocol == MqttProtocol::kAuto),
      first_(settings.backoff_first),
      most_(settings.backoff_most) {
  for (const std::string& uri : settings.uris) {
    brokers_.push_back({.uri = uri, .v5 = settings.protocol != MqttProtocol::kV311});
  }
}

std::string MqttRoute::client_id() const {
  return spare_name_ == 0 ? client_id_ : client_id_ + "-" + std::to_string(spare_name_);
}

void MqttRoute::worked() {
  failures_ = 0;
  brokers_[current_].known = true;
  brokers_[current_].failures = 0;
}

Milliseconds MqttRoute::failed(bool version_in_doubt, double random) {
  ++failures_;
  Broker& broker = brokers_[current_];
  if (++broker.failures >= kDoubtAfter) broker.known = false;
  if (version_in_doubt && choose_version_ && !broker.known) {
    broker.v5 = !broker.v5;
    // The same broker once more with the other version, before the next one has its turn.
    if (!broker.v5) return wait(random);
  }
  turn();
  return wait(random);
}

Milliseconds MqttRoute::lost(Milliseconds lived, double random) {
  if (lived >= kSettled) {
    early_losses_ = 0;
    return wait(random);
  }
  ++early_losses_;
  turn();
  return wait(random);
}

Milliseconds MqttRoute::wait(double random) const {
  const unsigned troubles = failures_ + early_losses_;
  const unsigned doublings = std::min(troubles == 0 ? 0 : troubles - 1, kMostDoublings);
  const Milliseconds unspread = std::min<Milliseconds>(first_ * (1LL << doublings), most_);
  return Milliseconds{
      static_cast<Milliseconds::rep>(static_cast<double>(unspread.count()) * (0.5 + random))};
}

}  // namespace coldwatch
