// What Paho's threads report on its way to the session's own thread. They push and leave; the
// session takes everything at its next step.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "common/mqtt_session.hpp"

namespace coldwatch {

/// The broker accepted the connection; its limits where it told them (MQTT 5).
struct MqttLinkUp {
  std::optional<std::size_t> receive_maximum;
  std::optional<std::size_t> largest_packet_bytes;
};
/// The connection ended or could not be made.
struct MqttLinkDown {
  std::string why;
  bool version_in_doubt = true;  // another MQTT version might do better
};
/// The broker's own reason for the MqttLinkDown that follows (MQTT 5).
struct MqttLinkDetail {
  std::string text;
};
/// The broker answered a subscription; `refusal` is empty where it was granted.
struct MqttSubscribed {
  std::string filter;
  std::string refusal;
};

/// `epoch` counts the connections, so that what a dead one left behind can be told from news.
struct MqttReport {
  using What = std::variant<MqttLinkUp, MqttLinkDown, MqttLinkDetail, MqttSubscribed,
                            MqttAcknowledged, MqttRefused, MqttMessage>;
  std::uint64_t epoch = 0;
  What what;
};

class MqttInbox {
 public:
  static constexpr std::size_t kMostMessages = 20'000;
  static constexpr std::size_t kMostBytes = 64 * 1024 * 1024;  // of topics and payloads

  /// `wake` is called after each push into an empty inbox, holding no lock: the next take() brings what
  /// is pushed after it as well.
  explicit MqttInbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// Never waits. Messages beyond the bounds are dropped, and take() tells so.
  void push(std::uint64_t epoch, MqttReport::What what);

  struct Taken {
    std::deque<MqttReport> reports;
    std::optional<std::uint64_t> overflowed_epoch;  // of which connection a message was dropped
  };
  Taken take();

  /// Waits until something is there, at most `timeout`; true where something is.
  bool wait(Milliseconds timeout);

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  Taken content_;
  std::size_t messages_ = 0;
  std::size_t bytes_ = 0;
  std::function<void()> wake_;
};

}  // namespace coldwatch
