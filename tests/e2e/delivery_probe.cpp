// Drives the courier for the tests: reads JSON lines, each an array of notifications that are sent at
// the same time, and prints a JSON line for each attempt that ends. The argument is a file with the
// "notifiers" of a bridge's config.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include "bridge/delivery/courier.hpp"
#include "bridge/notifiers/notifier.hpp"
#include "common/json.hpp"

namespace {

using namespace coldwatch;
using nlohmann::json;

UtcTime now() {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

std::vector<std::unique_ptr<Notifier>> read_notifiers(const char* file, Mistakes& mistakes) {
  const json config = load_settings(file, mistakes);
  SettingsReader top{config, "", mistakes};
  std::vector<std::unique_ptr<Notifier>> notifiers;
  for (SettingsReader& entry : top.sections("notifiers")) {
    const std::string name = entry.required_text("name");
    const std::string type = entry.required_text("type");
    auto notifier = make_notifier(entry, name, type, entry.text("language", "en"), true);
    if (notifier) notifiers.push_back(std::move(notifier));
  }
  return notifiers;
}

void print(const DeliveryResult& result, UtcTime started) {
  json line{{"notifier", result.notifier},
            {"id", result.notification},
            {"outcome", word(result.outcome)},
            {"detail", result.detail},
            {"thread", result.thread},
            {"took_s", std::chrono::duration<double>(now() - started).count()}};
  if (result.retry_after) {
    line["retry_after_s"] = std::chrono::duration<double>(*result.retry_after).count();
  }
  std::cout << line.dump() << std::endl;
}

void send_all(Courier& courier, const json& notifications) {
  std::size_t open = 0;
  const UtcTime started = now();
  for (const json& one : notifications) {
    courier.send(parse_notification(one).value(), now());
    ++open;
  }
  while (open > 0) {
    for (const DeliveryResult& result : courier.step(now())) {
      print(result, started);
      --open;
    }
    for (const PendingPublication& pending : courier.take_publications()) {
      std::cout << json{{"topic", pending.publication.topic},
                        {"payload", pending.publication.payload},
                        {"retain", pending.publication.retain}}
                       .dump()
                << std::endl;
      courier.publication_ended(pending.notification, true, "");
    }
    if (open > 0) courier.wait(Milliseconds{100});
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  Mistakes mistakes;
  auto notifiers = read_notifiers(argv[1], mistakes);
  if (!mistakes.empty()) {
    std::fputs(describe(mistakes, argv[1]).c_str(), stderr);
    return 2;
  }
  std::string error;
  Courier courier{std::move(notifiers), *TimeZone::find("UTC", error)};
  for (std::string line; std::getline(std::cin, line);) send_all(courier, parse_json(line));
}
