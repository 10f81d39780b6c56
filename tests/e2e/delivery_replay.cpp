// Runs a timeline through the bridge in simulated time, and every message through the courier over a
// real connection. Prints a JSON line for each attempt, then waits for a line on standard input, so
// that the servers' part of it can be looked at. The arguments are a config and a timeline.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include "bridge/loaded.hpp"
#include "bridge/replay.hpp"
#include "common/json.hpp"

namespace {

using namespace coldwatch;
using nlohmann::json;

double seconds(Milliseconds duration) { return std::chrono::duration<double>(duration).count(); }

void print(const json& line) {
  std::cout << line.dump() << std::endl;
  std::string go_on;
  std::getline(std::cin, go_on);
}

DeliveryResult deliver(Courier& courier, const Notification& notification, UtcTime now) {
  courier.send(notification, now);
  for (;;) {
    const auto results = courier.step(now);
    for (const PendingPublication& pending : courier.take_publications()) {
      print({{"topic", pending.publication.topic},
             {"payload", parse_json(pending.publication.payload)},
             {"retain", pending.publication.retain}});
      courier.publication_ended(pending.notification, true, "");
    }
    if (!results.empty()) return results.front();
    courier.wait(Milliseconds{50});
  }
}

json shown(const DeliveryResult& result, UtcTime now) {
  json line{{"t", seconds(now - kReplayStart)},
            {"notifier", result.notifier},
            {"id", result.notification},
            {"outcome", word(result.outcome)},
            {"detail", result.detail}};
  if (result.retry_after) line["retry_after_s"] = seconds(*result.retry_after);
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  Mistakes mistakes;
  LoadedBridge loaded = load_bridge_config(argv[1], true, mistakes);
  if (!mistakes.empty()) {
    std::fputs(describe(mistakes, argv[1]).c_str(), stderr);
    return 2;
  }
  std::string error;
  Courier courier{std::move(loaded.notifiers), *TimeZone::find("UTC", error)};
  std::ifstream timeline{argv[2]};
  const auto carry = [&courier](const Notification& notification, UtcTime now) {
    DeliveryResult result = deliver(courier, notification, now);
    print(shown(result, now));
    return result;
  };
  if (replay(loaded.config, timeline, std::cout, error, carry)) return 0;
  std::fprintf(stderr, "%s\n", error.c_str());
  return 1;
}
