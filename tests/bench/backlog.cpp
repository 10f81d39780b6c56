// Catching up after an outage: how fast the session hands a backlog to a broker, beside a bare Paho
// publisher with the same payloads, version and window at the same broker in the same run. Prints one
// JSON line a case, with both speeds in messages a second and the median of the rounds' ratios.
#include <mqtt/async_client.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "common/json.hpp"
#include "common/mqtt_session.hpp"

using namespace coldwatch;

namespace {

using Steady = std::chrono::steady_clock;
constexpr double kBudget = 0.8;
constexpr int kRounds = 9;
constexpr int kConnectTries = 100;
constexpr const char* kTopic = "coldwatch/bench/fridge/rows";

int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  close(probe);
  return ntohs(address.sin_port);
}

/// A mosquitto of our own; without a configuration it listens on the loopback interface only.
class Broker {
 public:
  Broker() : port_(std::to_string(free_port())), pid_(fork()) {
    if (pid_ != 0) return;
    if (std::freopen("/dev/null", "w", stderr) != nullptr) {
      execl("/usr/sbin/mosquitto", "mosquitto", "-p", port_.c_str(), nullptr);
    }
    _exit(127);
  }
  ~Broker() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;
  std::string address() const { return "127.0.0.1:" + port_; }

 private:
  std::string port_;
  pid_t pid_;
};

struct Case {
  const char* name;
  bool v5;
  std::size_t window;
  std::size_t bytes;
  long count;
};

double per_second(long count, Steady::time_point start) {
  return static_cast<double>(count) / std::chrono::duration<double>{Steady::now() - start}.count();
}

double measure_session(const Broker& broker, const Case& which) {
  MqttSettings settings;
  settings.uris = {"mqtt://" + broker.address()};
  settings.client_id = "bench-session";
  settings.protocol = which.v5 ? MqttProtocol::kV5 : MqttProtocol::kV311;
  settings.window = which.window;
  settings.backoff_first = Milliseconds{50};
  MqttSession session{settings, std::nullopt, {}};
  for (int i = 0; !session.connected(); ++i) {
    if (i == kConnectTries) throw std::runtime_error{"the session could not connect"};
    session.step(Steady::now());
    session.wait(Milliseconds{50});
  }
  const Publication publication{.topic = kTopic, .payload = std::string(which.bytes, 'x')};
  const auto start = Steady::now();
  long sent = 0;
  for (long acknowledged = 0;;) {
    for (const MqttEvent& event : session.step(Steady::now())) {
      if (std::holds_alternative<MqttAcknowledged>(event)) ++acknowledged;
      if (const auto* lost = std::get_if<MqttLost>(&event)) throw std::runtime_error{lost->why};
    }
    if (acknowledged == which.count) return per_second(which.count, start);
    while (sent < which.count && session.publish(publication) != 0) ++sent;
    session.wait(std::chrono::seconds{1});
  }
}

/// Counts what is under way, as a program would that has nothing but the library.
class Window final : public mqtt::iaction_listener {
 public:
  explicit Window(std::size_t size) : size_(size) {}
  void on_success(const mqtt::token&) override { settle(); }
  void on_failure(const mqtt::token&) override {
    failed_ = true;
    settle();
  }
  void enter() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return open_ < size_; });
    ++open_;
  }
  void drain() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return open_ == 0; });
    if (failed_) throw std::runtime_error{"a publication of the reference failed"};
  }

 private:
  void settle() {
    {
      const std::lock_guard lock{mutex_};
      --open_;
    }
    changed_.notify_one();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t size_;
  std::size_t open_ = 0;
  bool failed_ = false;
};

double measure_paho(const Broker& broker, const Case& which) {
  const int version = which.v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
  Window window{which.window};
  mqtt::async_client client{"tcp://" + broker.address(), "bench-paho",
                            mqtt::create_options{version}, nullptr};
  mqtt::connect_options options;
  options.set_mqtt_version(version);
  client.connect(options)->wait();
  const std::string payload(which.bytes, 'x');
  const auto start = Steady::now();
  for (long i = 0; i < which.count; ++i) {
    window.enter();
    client.publish(mqtt::message::create(kTopic, payload, 1, false), nullptr, window);
  }
  window.drain();
  const double speed = per_second(which.count, start);
  client.disconnect()->wait();
  return speed;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void compare(const Broker& broker, const Case& which) {
  std::vector<double> ours;
  std::vector<double> theirs;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    ours.push_back(measure_session(broker, which));
    theirs.push_back(measure_paho(broker, which));
    ratios.push_back(ours.back() / theirs.back());
  }
  std::cout << nlohmann::json{{"name", which.name},      {"value", std::lround(median(ours))},
                              {"unit", "messages/s"},    {"reference", std::lround(median(theirs))},
                              {"ratio", median(ratios)}, {"budget", kBudget}}
                   .dump()
            << std::endl;
}

}  // namespace

int main() {
  constexpr std::array kCases{
      Case{"backlog v5, window 20, 1 KiB", true, 20, 1024, 8000},
      Case{"backlog v5, window 20, 64 KiB", true, 20, 64 * 1024, 3000},
      Case{"backlog v3.1.1, window 64, 1 KiB", false, 64, 1024, 8000},
      Case{"backlog v3.1.1, window 64, 64 KiB", false, 64, 64 * 1024, 3000},
  };
  try {
    const Broker broker;
    for (const Case& which : kCases) compare(broker, which);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
