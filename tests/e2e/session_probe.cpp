// Drives one MqttSession by JSON lines, for tests: commands on standard input, events on standard
// output. The argument is {"broker": {...}, "client_id": "", "backoff_first": "100ms",
// "backoff_most": "1s", "will": {...}, "subscriptions": []}. Commands: {"do": "publish", ...},
// {"do": "blast", "count": N} publishes without a look at room(), {"do": "burst", "count": N} until
// all are acknowledged, {"do": "hold"} makes no step until the next command,
// {"do": "close", "last": {...}}, {"do": "leave"} ends without close().
#include <algorithm>
#include <deque>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include "common/json.hpp"
#include "common/mqtt_session.hpp"

using namespace coldwatch;
using nlohmann::json;

namespace {

using Steady = std::chrono::steady_clock;
constexpr Milliseconds kWait{20};

double ms_since(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>{Steady::now() - start}.count();
}

void tell(const json& event) { std::cout << event.dump() << std::endl; }

Publication publication_of(const json& from) {
  Publication publication{.topic = from.value("topic", "probe"),
                          .payload = from.value("payload", ""),
                          .qos = from.value("qos", 1),
                          .retain = from.value("retain", false)};
  if (from.contains("expiry_s")) publication.expiry = std::chrono::seconds{from["expiry_s"]};
  return publication;
}

/// Messages that are numbers, each sent until it was acknowledged.
struct Burst {
  Publication publication;
  std::deque<long> waiting;
  std::map<Ticket, long> open;
  long sent = 0;
  Steady::time_point start;

  bool done() const { return waiting.empty() && open.empty(); }
  void send(MqttSession& session) {
    while (!waiting.empty() && session.room() > 0) {
      publication.payload.replace(0, 8, std::to_string(100'000'000 + waiting.front()).substr(1));
      const Ticket ticket = session.publish(publication);
      if (ticket == 0) return;
      open.emplace(ticket, waiting.front());
      waiting.pop_front();
      ++sent;
    }
  }
  void lost() {
    for (auto each = open.rbegin(); each != open.rend(); ++each) {
      waiting.push_front(each->second);
    }
    open.clear();
  }
};

class Probe {
 public:
  explicit Probe(const json& from)
      : session_{settings_of(from),
                 from.contains("will") ? std::optional{publication_of(from["will"])} : std::nullopt,
                 from.value("subscriptions", std::vector<std::string>{})} {}

  void run() {
    std::thread{[this] { read_commands(); }}.detach();
    while (!ended_) {
      const auto start = Steady::now();
      report(session_.step(start));
      longest_step_ms_ = std::max(longest_step_ms_, ms_since(start));
      while (const auto command = next_command()) obey(*command);
      if (burst_) work();
      if (!ended_) session_.wait(kWait);
    }
    tell({{"event", "end"}, {"longest_step_ms", longest_step_ms_}});
  }

 private:
  static MqttSettings settings_of(const json& from) {
    Mistakes mistakes;
    const json broker = from.value("broker", json::object());
    MqttSettings settings = read_mqtt_settings(SettingsReader{broker, "broker", mistakes});
    if (!mistakes.empty()) throw SettingsError{describe(mistakes, "probe")};
    settings.client_id = from.value("client_id", "probe");
    settings.backoff_first = *parse_duration(from.value("backoff_first", "100ms"));
    settings.backoff_most = *parse_duration(from.value("backoff_most", "1s"));
    return settings;
  }

  void read_commands() {
    for (std::string line; std::getline(std::cin, line);) {
      const std::lock_guard lock{mutex_};
      commands_.push_back(parse_json(line));
    }
    const std::lock_guard lock{mutex_};
    commands_.push_back({{"do", "close"}});
  }

  bool has_command() {
    const std::lock_guard lock{mutex_};
    return !commands_.empty();
  }

  std::optional<json> next_command() {
    const std::lock_guard lock{mutex_};
    if (commands_.empty() || ended_) return std::nullopt;
    json command = std::move(commands_.front());
    commands_.pop_front();
    return command;
  }

  void obey(const json& command) {
    const std::string what = command.at("do");
    if (what == "publish") {
      tell({{"event", "published"}, {"ticket", session_.publish(publication_of(command))}});
    } else if (what == "blast") {
      long accepted = 0;
      for (long i = 0; i < command["count"].get<long>(); ++i) {
        accepted += session_.publish(publication_of(command)) != 0 ? 1 : 0;
      }
      tell({{"event", "blasted"}, {"accepted", accepted}});
    } else if (what == "burst") {
      burst_ = Burst{.publication = publication_of(command), .start = Steady::now()};
      burst_->publication.payload.assign(command.value("bytes", 8), 'x');
      for (long i = 0; i < command["count"].get<long>(); ++i) burst_->waiting.push_back(i);
    } else if (what == "hold") {
      while (!has_command()) std::this_thread::sleep_for(kWait);
    } else if (what == "close") {
      session_.close(command.contains("last") ? std::optional{publication_of(command["last"])}
                                              : std::nullopt);
      report(session_.step(Steady::now()));
      ended_ = true;
    } else if (what == "leave") {
      ended_ = true;
    }
  }

  void work() {
    burst_->send(session_);
    if (!burst_->done()) return;
    tell({{"event", "burst_done"},
          {"sent", burst_->sent},
          {"seconds", ms_since(burst_->start) / 1000}});
    burst_.reset();
  }

  void report(const std::vector<MqttEvent>& events) {
    for (const MqttEvent& event : events) {
      std::visit([this](const auto& what) { tell_of(what); }, event);
    }
  }
  void tell_of(const MqttConnected& up) {
    tell({{"event", "connected"}, {"uri", up.uri}, {"v5", up.v5}, {"window", up.window}});
  }
  void tell_of(const MqttLost& lost) {
    if (burst_) burst_->lost();
    tell({{"event", "lost"}, {"why", lost.why}, {"retry_in_ms", lost.retry_in.count()}});
  }
  void tell_of(const MqttAcknowledged& acknowledged) {
    if (burst_ && burst_->open.erase(acknowledged.ticket) != 0) return;
    tell({{"event", "acknowledged"}, {"ticket", acknowledged.ticket}});
  }
  void tell_of(const MqttRefused& refused) {
    if (burst_) burst_->open.erase(refused.ticket);
    tell({{"event", "refused"}, {"ticket", refused.ticket}, {"why", refused.why}});
  }
  void tell_of(const MqttMessage& message) {
    tell({{"event", "message"},
          {"topic", message.topic},
          {"payload", message.payload},
          {"retained", message.retained}});
  }

  MqttSession session_;
  std::optional<Burst> burst_;
  std::mutex mutex_;
  std::deque<json> commands_;
  bool ended_ = false;
  double longest_step_ms_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    Probe{parse_json(argc > 1 ? argv[1] : "{}")}.run();
    return 0;
  } catch (const SettingsError& error) {
    std::cerr << error.what();
    return 2;
  }
}
