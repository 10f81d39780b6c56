// What both programs hear from the broker: every message and every command, with any payload.
// Input: a byte that chooses which, and the payload.
#include <array>
#include <cstdint>

#include "agent/requests.hpp"
#include "bridge/alarm_reader.hpp"
#include "bridge/commands.hpp"
#include "bridge/notified.hpp"
#include "common/json.hpp"
#include "common/messages.hpp"
#include "tests/fuzz/require.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestError = 10'000;
constexpr UtcTime kNow{std::chrono::hours{500'000}};
constexpr std::array<const char*, 7> kVerbs{"ack",  "unack",  "shelve", "unshelve",
                                            "test", "reload", "none"};

/// What was understood can be said again, and is understood then as well.
template <typename Parse>
void check_message(Parse parse, std::string_view payload) {
  std::string error;
  const auto message = parse(payload, error);
  require(message.has_value() == error.empty(), "an error is said where there is one");
  require(error.size() < kLongestError, "errors are short");
  if (!message) return;
  const std::string again = dump(to_json(*message));
  require(nlohmann::json::accept(again), "what is said again is JSON");
  require(parse(again, error).has_value(), "what is said again is understood");
}

void check_request(std::string_view payload) {
  std::string error;
  const auto request = parse_request("declare", payload, error);
  require(request.has_value() == error.empty(), "an error is said where there is one");
  if (!request) return;
  const MqttMessage message{.topic = "coldwatch/lab/f1/cmd/declare",
                            .response_topic = request->text("response_topic")};
  const auto reply = reply_publication({.ok = true, .text = request->text("text")}, message,
                                       *request, Topics{"coldwatch", "lab"}, "f1");
  if (!reply) return;
  require(reply->topic.find_first_of("+#") == std::string::npos, "topics have no wildcards");
  require(nlohmann::json::accept(reply->payload), "a reply is JSON");
}

void check_command(const char* verb, std::string_view payload) {
  const ParsedCommand parsed = parse_command(verb, payload, kNow);
  require(parsed.command.has_value() == parsed.error.empty(), "understood, or an error");
  require(parsed.error.size() < kLongestError, "errors are short");
  const auto* shelve = parsed.command ? std::get_if<ShelveCommand>(&*parsed.command) : nullptr;
  if (shelve == nullptr) return;
  require(shelve->shelf.until > kNow, "a shelf ends in the future");
  require(shelve->shelf.until <= kNow + kLongestMaintenance, "and not too far in it");
}

/// What bridges tell each other, by number.
void check_peer(int what, std::string_view payload) {
  const Topics topics{"coldwatch", "lab"};
  std::string error;
  bool understood = false;
  if (what == 0) {
    const auto record = parse_notified(payload, error);
    understood = record.has_value();
    if (understood) {
      const auto again = notified_publication(topics, {"lab", "f1", "hot"}, *record, kNow);
      require(parse_notified(again.payload, error).has_value(), "a record is understood again");
    }
  } else if (what == 1) {
    const auto shelves = parse_shelves(payload, kNow, error);
    understood = shelves.has_value();
    if (understood) {
      const auto again = shelves_publication(topics, "b", *shelves, kNow);
      require(parse_shelves(again.payload, kNow, error) == shelves, "shelves are understood again");
    }
  } else {
    understood = parse_book(payload, error).has_value();
  }
  require(understood == error.empty(), "understood, or an error");
}

void run(std::string_view input) {
  if (input.empty()) return;
  const auto choice = static_cast<std::uint8_t>(input[0]) % (kVerbs.size() + 7);
  const std::string_view payload = input.substr(1);
  std::string error;
  if (choice == 0) {
    check_message(parse_alarm, payload);
    std::string other;
    require(read_alarm(payload, other) == parse_alarm(payload, error),
            "both readers read the same");
    require(other == error, "and find the same mistake");
  } else if (choice == 1) {
    check_message(parse_event, payload);
  } else if (choice == 2) {
    require(parse_health(payload, error).has_value() == error.empty(), "a heartbeat, or an error");
  } else if (choice == 3) {
    check_request(payload);
  } else if (choice < kVerbs.size() + 4) {
    check_command(kVerbs[choice - 4], payload);
  } else {
    check_peer(static_cast<int>(choice - kVerbs.size() - 4), payload);
  }
}

}  // namespace
}  // namespace coldwatch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coldwatch::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
