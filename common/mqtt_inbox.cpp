#include "common/mqtt_inbox.hpp"

#include <utility>

namespace coldwatch {

void MqttInbox::push(std::uint64_t epoch, MqttReport::What what) {
  bool first = false;
  {
    const std::lock_guard lock{mutex_};
    if (const auto* message = std::get_if<MqttMessage>(&what)) {
      const std::size_t size = message->topic.size() + message->payload.size();
      if (messages_ >= kMostMessages || bytes_ + size > kMostBytes) {
        content_.overflowed_epoch = epoch;
        return;
      }
      ++messages_;
      bytes_ += size;
    }
    first = content_.reports.empty();
    content_.reports.push_back({epoch, std::move(what)});
  }
  if (!first) return;
  filled_.notify_all();
  if (wake_) wake_();
}

MqttInbox::Taken MqttInbox::take() {
  const std::lock_guard lock{mutex_};
  messages_ = 0;
  bytes_ = 0;
  return std::exchange(content_, {});
}

bool MqttInbox::wait(Milliseconds timeout) {
  std::unique_lock lock{mutex_};
  return filled_.wait_for(lock, timeout, [this] { return !content_.reports.empty(); });
}

}  // namespace coldwatch
