#include <algorithm>
#include <array>

#include "common/certificate_store.hpp"
#include "common/files.hpp"
#include "common/mqtt_route.hpp"
#include "common/mqtt_session.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLargestPemBytes = 4 * 1024 * 1024;
constexpr long long kLargestWindow = 1000;
constexpr std::size_t kMostBrokers = 16;

std::vector<std::string> read_uris(SettingsReader& reader, std::vector<std::string> fallback) {
  const bool several = reader.has("uris");
  std::vector<std::string> uris = reader.texts("uris", std::move(fallback));
  const std::string one = reader.text("uri", uris.empty() ? "" : uris.front());
  if (!several) {
    uris = {one};
  } else if (reader.has("uri")) {
    reader.mistake("uris", "stands beside \"uri\", expected only one of them");
  }
  if (uris.empty() || uris.size() > kMostBrokers) {
    reader.mistake("uris", "found " + std::to_string(uris.size()) + " brokers, expected 1 to " +
                               std::to_string(kMostBrokers));
  }
  for (const std::string& uri : uris) {
    if (parse_broker_uri(uri)) continue;
    reader.mistake(
        several ? "uris" : "uri",
        "found \"" + uri +
            "\", expected \"mqtt://HOST[:PORT]\" or, encrypted, \"mqtts://HOST[:PORT]\"");
  }
  return uris;
}

/// The path under `key`; a file that cannot be read, or holds no PEM block of `kind`, is a mistake.
std::string read_pem(SettingsReader& reader, std::string_view key, std::string_view kind,
                     bool must_exist) {
  std::string path = reader.text(key);
  if (path.empty() || !must_exist) return path;
  std::string error;
  const auto content = read_file(path, kLargestPemBytes, error);
  if (!content) {
    reader.mistake(key, error);
  } else if (content->find(std::string{kind} + "-----") == content->npos) {
    reader.mistake(key, path + ": found no PEM block \"-----BEGIN " + std::string{kind} +
                            "-----\", expected one");
  }
  return path;
}

void check_tls(SettingsReader& reader, const MqttSettings& settings) {
  const auto encrypted = [](const std::string& uri) { return uri.starts_with("mqtts://"); };
  const bool tls = std::ranges::any_of(settings.uris, encrypted);
  for (const auto& [key, value] : {std::pair{"ca_file", &settings.ca_file},
                                   {"certificate", &settings.certificate},
                                   {"key", &settings.key}}) {
    if (tls || value->empty()) continue;
    reader.mistake(key, "stands beside an address that is not encrypted, expected \"mqtts://\"");
  }
  if (tls && settings.ca_file.empty() && !has_certificate_store()) {
    reader.mistake("ca_file",
                   "is missing: on this system mqtts:// needs the file of the "
                   "certificate authority");
  }
  if (!settings.key.empty() && settings.certificate.empty()) {
    reader.mistake("key", "stands without \"certificate\"");
  }
}

}  // namespace

MqttSettings read_mqtt_settings(SettingsReader reader, bool secrets_must_exist) {
  static constexpr std::array<std::string_view, 3> kProtocols{"auto", "5", "3.1.1"};
  static constexpr std::array<std::string_view, 3> kCommands{"auto", "allow", "refuse"};
  const MqttSettings standard;
  MqttSettings settings;
  settings.uris = read_uris(reader, standard.uris);
  settings.user = reader.text("user");
  settings.password = read_secret(reader, "password", secrets_must_exist);
  if (!settings.password.empty() && settings.user.empty()) {
    reader.mistake("user", "is missing beside a password");
  }
  settings.ca_file = read_pem(reader, "ca_file", "CERTIFICATE", secrets_must_exist);
  settings.certificate = read_pem(reader, "certificate", "CERTIFICATE", secrets_must_exist);
  settings.key = read_pem(reader, "key", "PRIVATE KEY", secrets_must_exist);
  if (secrets_must_exist && !settings.key.empty()) {
    const std::string fault = fault_as_secret(settings.key);
    if (!fault.empty()) reader.mistake("key", fault);
  }
  check_tls(reader, settings);
  settings.protocol = static_cast<MqttProtocol>(reader.choice("protocol", kProtocols, 0));
  settings.commands = static_cast<CommandPolicy>(reader.choice("commands", kCommands, 0));
  settings.keep_alive = reader.duration("keep_alive", standard.keep_alive, std::chrono::seconds{5},
                                        std::chrono::hours{1});
  settings.connect_timeout = reader.duration("connect_timeout", standard.connect_timeout,
                                             std::chrono::seconds{1}, std::chrono::minutes{2});
  settings.window = static_cast<std::size_t>(
      reader.integer("window", static_cast<long long>(standard.window), 1, kLargestWindow));
  return settings;
}

}  // namespace coldwatch
