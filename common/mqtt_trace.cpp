#include "common/mqtt_trace.hpp"

#include <MQTTAsync.h>

#include <mutex>
#include <string_view>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestTroubleBytes = 200;

struct Trouble {
  std::mutex mutex;
  std::string text;
};

Trouble& trouble() {
  static Trouble one;
  return one;
}

/// The rest of `line` behind the first `marker`; "" where it is not there.
std::string_view behind(std::string_view line, std::string_view marker) {
  const auto found = line.find(marker);
  return found == line.npos ? std::string_view{} : line.substr(found + marker.size());
}

std::string quoted_word(std::string_view text) {
  return "\"" + std::string{text.substr(0, text.find(' '))} + "\"";
}

std::string words_of(std::string_view line) {
  const auto name = behind(line, "X509_check_host for hostname ");
  if (!name.empty()) return "the broker's certificate does not name " + quoted_word(name);
  const auto ours = behind(line, "SSL alert write:fatal:");
  if (!ours.empty()) return "the broker's certificate is not accepted: " + std::string{ours};
  const auto theirs = behind(line, "SSL alert read:fatal:");
  if (!theirs.empty()) return "the broker refused the TLS connection: " + std::string{theirs};
  const auto host = behind(line, "getaddrinfo failed for addr ");
  if (!host.empty()) return "no such host: " + quoted_word(host);
  return {};
}

void hear(enum MQTTASYNC_TRACE_LEVELS /*level*/, char* line) {
  std::string words = one_line(words_of(line), kLongestTroubleBytes);
  if (words.empty()) return;
  const std::lock_guard lock{trouble().mutex};
  trouble().text = std::move(words);
}

}  // namespace

void listen_for_connect_trouble() {
  {
    const std::lock_guard lock{trouble().mutex};
    trouble().text.clear();
  }
  // Set once and never taken back: Paho's threads call it without a lock.
  static std::once_flag once;
  std::call_once(once, [] { MQTTAsync_setTraceCallback(hear); });
  MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_PROTOCOL);
}

std::string connect_trouble() {
  const std::lock_guard lock{trouble().mutex};
  return trouble().text;
}

void ignore_connect_trouble() {
  // Paho puts into words what it writes and reads, packet by packet, unless the level that it notes is
  // at least "error"; "fatal" changes only the level that it reports (Log_setTraceLevel in its Log.c).
  MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_ERROR);
  MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_FATAL);
}

}  // namespace coldwatch
