#include "agent/live/tcp_link.hpp"

#include <algorithm>
#include <utility>

#include "common/text.hpp"

namespace coldwatch {
namespace {

/// So long a request to stop may have to wait.
constexpr Milliseconds kSlice{100};
constexpr std::size_t kReceiveBytes = 4096;

}  // namespace

TcpLink::TcpLink(const LiveSettings& settings, LiveClock clock, std::function<bool()> stop)
    : timeout_(settings.timeout),
      clock_(std::move(clock)),
      stop_(std::move(stop)),
      socket_(settings.host, settings.port, settings.timeout),
      deadline_(clock_.steady() + timeout_) {}

void TcpLink::begin_round() {
  deadline_ = clock_.steady() + timeout_;
  if (received_.empty()) return;
  throw LiveError("found \"" + one_line(to_utf8(received_), 80) +
                  "\" after the answer, expected nothing");
}

void TcpLink::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t sent = socket_.send(bytes);
    bytes.remove_prefix(sent);
    if (sent == 0) receive_more();  // a server that takes nothing may first want to be heard
  }
}

std::string TcpLink::receive_until(std::string_view end) {
  std::size_t found = received_.find(end);
  while (found == received_.npos) {
    receive_more();
    found = received_.find(end);
  }
  return take(found, end.size());
}

std::string TcpLink::receive(std::size_t bytes) {
  while (received_.size() < bytes) receive_more();
  return take(bytes, 0);
}

std::string TcpLink::peek(Milliseconds wait) {
  const auto until = clock_.steady() + wait;
  while (received_.empty() && clock_.steady() < until && !stop_()) {
    received_ += socket_.receive(kReceiveBytes, kSlice);
  }
  return received_;
}

void TcpLink::receive_more() {
  const auto now = clock_.steady();
  if (now >= deadline_ || stop_()) {
    throw LiveError("no complete answer within " + duration_words(timeout_));
  }
  if (received_.size() > kLongestAnswerBytes) {
    throw LiveError("an answer is longer than " + std::to_string(kLongestAnswerBytes) + " bytes");
  }
  const auto left = std::chrono::ceil<Milliseconds>(deadline_ - now);
  received_ += socket_.receive(kReceiveBytes, std::min(kSlice, left));
}

std::string TcpLink::take(std::size_t bytes, std::size_t with_end) {
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, bytes + with_end);
  return taken;
}

}  // namespace coldwatch
