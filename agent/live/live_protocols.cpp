#include <algorithm>
#include <array>

#include "agent/formats/text_lines.hpp"
#include "agent/live/live_protocol.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const LiveProtocol kBlueforsHttp;
extern const LiveProtocol kDr200;
extern const LiveProtocol kLeidenMessenger;
extern const LiveProtocol kPpmsVisa;
extern const LiveProtocol kQdSocket;
extern const LiveProtocol kTritonScpi;

namespace {

constexpr std::array kProtocols{&kTritonScpi, &kDr200,    &kLeidenMessenger,
                                &kPpmsVisa,   &kQdSocket, &kBlueforsHttp};
constexpr Milliseconds kShortestPoll = std::chrono::seconds{1};
constexpr Milliseconds kLongestPoll = std::chrono::hours{1};
constexpr Milliseconds kLongestTimeout = std::chrono::minutes{1};
constexpr Milliseconds kShortestKeep = std::chrono::hours{24};
constexpr std::size_t kLongestHostBytes = 253;
constexpr long long kHighestPort = 65535;

std::string known_protocols() {
  std::string known;
  for (const LiveProtocol* protocol : kProtocols) {
    known += (known.empty() ? "\"" : ", \"") + std::string{protocol->name} + "\"";
  }
  return known;
}

/// Only what can stand in an address: nothing else may reach the resolver or a URL.
bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= kLongestHostBytes && std::ranges::all_of(host, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_' || c == ':';
  });
}

void read_http(SettingsReader& reader, bool is_http, LiveSettings& settings) {
  settings.tls = reader.flag("tls", false);
  settings.ca_file = reader.text("ca_file");
  settings.key = read_secret(reader, "key");
  for (const char* key : {"tls", "ca_file", "key_file", "key_env"}) {
    if (reader.has(key) && !is_http) {
      reader.mistake(key, "stands beside a protocol that is not HTTP, expected nothing");
    }
  }
  if (!settings.ca_file.empty() && !settings.tls) {
    reader.mistake("ca_file", "stands without \"tls\": true");
  }
}

}  // namespace

std::span<const LiveProtocol* const> live_protocols() { return kProtocols; }

const LiveProtocol* find_live_protocol(std::string_view name) {
  const auto found = std::ranges::find(kProtocols, name, &LiveProtocol::name);
  return found == kProtocols.end() ? nullptr : *found;
}

std::optional<LiveSettings> read_live_settings(SettingsReader reader) {
  LiveSettings settings;
  settings.protocol = reader.text("protocol");
  const LiveProtocol* protocol = find_live_protocol(settings.protocol);
  if (protocol == nullptr && !settings.protocol.empty()) {
    reader.mistake("protocol", "found \"" + settings.protocol +
                                   "\", expected \"\" (off) or one of " + known_protocols());
  }
  settings.host = reader.text("host", settings.host);
  if (!is_host(settings.host)) {
    reader.mistake("host", "found \"" + settings.host + "\", expected a host name or an address");
  }
  const auto usual = protocol == nullptr ? 0 : protocol->port;
  settings.port = static_cast<std::uint16_t>(reader.integer("port", 0, 0, kHighestPort));
  if (settings.port == 0) settings.port = usual;
  if (protocol != nullptr && settings.port == 0) {
    reader.mistake("port", "is missing: " + std::string{protocol->title} + " has no usual one");
  }
  settings.poll = reader.duration("poll", settings.poll, kShortestPoll, kLongestPoll);
  settings.timeout =
      reader.duration("timeout", settings.timeout, std::chrono::seconds{1}, kLongestTimeout);
  settings.keep = reader.duration("keep", settings.keep, kShortestKeep);
  settings.options = reader.text_map("options");
  read_http(reader, protocol == nullptr || protocol->parse != nullptr, settings);
  if (protocol == nullptr) return std::nullopt;
  if (const std::string wrong = protocol->check(settings.options); !wrong.empty()) {
    reader.mistake("options", wrong);
  }
  return settings;
}

std::string live_option(const std::map<std::string, std::string>& options, const std::string& key,
                        std::string otherwise) {
  const auto option = options.find(key);
  return option == options.end() ? std::move(otherwise) : option->second;
}

std::string check_option(const std::map<std::string, std::string>& options, std::string_view known,
                         std::span<const std::string_view> words) {
  for (const auto& [key, value] : options) {
    if (key != known) {
      return key + ": unknown, expected " +
             (known.empty() ? "no option with this protocol" : "\"" + std::string{known} + "\"");
    }
    if (std::ranges::find(words, value) != words.end()) continue;
    std::string all;
    for (const std::string_view word : words) {
      all += (all.empty() ? "\"" : ", \"") + std::string{word} + "\"";
    }
    return key + ": found \"" + value + "\", expected one of " + all;
  }
  return {};
}

LiveValue live_value(std::string name, std::string_view text) {
  const auto value = field_number(text, true);
  return {std::move(name), value.value_or(0), value ? Quality::kGood : Quality::kInvalid};
}

}  // namespace coldwatch
