// Stands in for the broker where a cross build has no Paho: every message is acknowledged at the next
// step and written as a line "topic payload" into the file that COLDWATCH_PAPER names. With it
// agent/main.cpp becomes a program whose `run` can be tried on Windows as a whole.
#include <cstdlib>
#include <fstream>

#include "common/mqtt_session.hpp"
#include "common/stop.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kWindow = 64;

const char* paper_name() {
  const char* name = std::getenv("COLDWATCH_PAPER");
  return name == nullptr ? "paper.txt" : name;
}

}  // namespace

class MqttSession::Impl {
 public:
  explicit Impl(std::string uri) : paper{paper_name(), std::ios::app} {
    events.emplace_back(MqttConnected{std::move(uri), true, kWindow});
  }
  std::ofstream paper;
  std::vector<MqttEvent> events;
  Ticket last = 0;
};

MqttSession::MqttSession(MqttSettings settings, std::optional<Publication> /*will*/,
                         std::vector<std::string> /*subscriptions*/, std::function<void()> /*wake*/)
    : impl_(std::make_unique<Impl>(settings.uris.front())) {}

MqttSession::~MqttSession() = default;

std::vector<MqttEvent> MqttSession::step(std::chrono::steady_clock::time_point /*now*/) {
  return std::exchange(impl_->events, {});
}

void MqttSession::wait(Milliseconds timeout) { sleep_or_stop(timeout); }

bool MqttSession::connected() const { return true; }

std::size_t MqttSession::room() const { return kWindow; }

Ticket MqttSession::publish(const Publication& publication) {
  impl_->paper << publication.topic << ' ' << publication.payload << std::endl;
  const Ticket ticket = ++impl_->last;
  if (publication.qos > 0) impl_->events.emplace_back(MqttAcknowledged{ticket});
  return ticket;
}

void MqttSession::close(const std::optional<Publication>& last) {
  if (last) publish(*last);
}

}  // namespace coldwatch
