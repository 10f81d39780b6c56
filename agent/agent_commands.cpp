// What people ask of the agent, what it answers, and the trail that it leaves.
#include <algorithm>

#include "agent/agent.hpp"
#include "agent/event_id.hpp"
#include "common/json.hpp"
#include "common/log.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::chrono::seconds kRequestInterval{5};
constexpr std::optional<Milliseconds> kDeclaredFor = std::chrono::hours{8};
constexpr const char* kTooMany = "too many commands one after the other, try again in 5 seconds";

/// A repetition and a question change nothing, and the bridge itself asks to announce. A test is an
/// event of its own that says who asked for it.
bool is_worth_an_event(const Request& request) {
  const std::string& verb = request.verb;
  if (verb == "baselines") return !request.text("reset").empty();
  return verb != "announce" && verb != "replay" && verb != "test";
}

}  // namespace

void Agent::on_message(const MqttMessage& message, UtcTime now, Outgoing& out) {
  if (message.topic == topics_.bridge("confirmed", config_.fridge)) {
    return confirm(message.payload);
  }
  const std::string prefix = topic("cmd") + "/";
  if (!message.topic.starts_with(prefix)) return;
  const std::string verb = message.topic.substr(prefix.size());
  if (message.retained) {
    log_warning("the retained command " + verb +
                " is ignored: it would come again with every "
                "connection; publish commands without retain");
    return;
  }
  std::string error;
  const auto parsed = parse_request(verb, message.payload, error);
  const Request request = parsed.value_or(Request{.verb = verb});
  Reply reply{.ok = false, .text = "refused: " + command_refusal_};
  if (!parsed) {
    reply.text = "the payload " + error;
    leave_trail(request, reply, now);
  } else if (command_refusal_.empty() || verb == "announce") {
    reply = answer(request, now, out);
  } else {
    leave_trail(request, reply, now);
  }
  const auto publication = reply_publication(reply, message, request, topics_, config_.fridge);
  if (publication) out.state.push_back(*publication);
}

Reply Agent::answer(const Request& request, UtcTime now, Outgoing& out) {
  const Reply reply = carry_out(request, now);
  leave_trail(request, reply, now);
  if (reply.ok && request.verb == "snapshot") {
    const std::string text = request.text("text");
    take_snapshot("command", text.empty() ? "Snapshot" : text,
                  event_id({config_.fridge, epoch_, "snapshot", "command", to_rfc3339(now)}), now,
                  out);
  }
  return reply;
}

void Agent::leave_trail(const Request& request, const Reply& reply, UtcTime now) {
  const std::string words = trail_words(request, reply);
  if (reply.ok) log_info("command " + words);
  if (!reply.ok) refusals_.info("command " + words, now);
  if (reply.ok && !is_worth_an_event(request)) return;
  const auto waiting = static_cast<std::size_t>(
      std::ranges::count(events_.events(), "command", &EventMessage::type));
  const auto text = trail_.entry(words, reply, waiting, now);
  if (!text) return;
  add_event({.id = event_id(
                 {config_.fridge, epoch_, "command", std::to_string(seq_), to_rfc3339(now), *text}),
             .type = "command",
             .text = *text,
             .time = now});
}

bool Agent::too_soon(UtcTime now) {
  if (now >= last_request_ && now - last_request_ < kRequestInterval) return true;
  last_request_ = now;
  return false;
}

std::size_t Agent::asked_for() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(events_.events(), [](const EventMessage& event) {
        return event.type == "test" || (event.type == "snapshot" && event.rule.empty());
      }));
}

Reply Agent::carry_out(const Request& request, UtcTime now) {
  const std::string& verb = request.verb;
  if (verb == "declare") return answer_declare(request, now);
  if (verb == "baselines") return answer_baselines(request, now);
  if (verb != "announce" && verb != "test" && verb != "snapshot" && verb != "reload" &&
      verb != "replay") {
    return {.ok = false,
            .text = "unknown command \"" + one_line(verb, 64) +
                    "\", expected announce, test, snapshot, reload, replay, declare or baselines"};
  }
  if (verb != "announce" && too_soon(now)) {
    return {.ok = false,
            .too_soon = true,
            .text = "too soon after the last command, try again in 5 seconds"};
  }
  // Both leave an event each, which must not push alarms out of the journal.
  if ((verb == "test" || verb == "snapshot") && asked_for() >= CommandTrail::kMostWaiting) {
    return {.ok = false,
            .text = "refused: no bridge has confirmed any of the last " +
                    std::to_string(CommandTrail::kMostWaiting)};
  }
  if (verb == "test") return answer_test(request, now);
  if (verb == "snapshot") return {.text = "snapshot published"};
  if (verb == "reload") {
    reload_wanted_ = true;
    return {.text = "the config will be read again; a mistake in it leaves the old one in force"};
  }
  // announce and replay: everything that is retained, and every event that no bridge has confirmed.
  announcement_wanted_ = true;
  return {.text = "everything will be announced",
          .data = {{"unconfirmed_events", events_.events().size()}}};
}

Reply Agent::answer_test(const Request& request, UtcTime now) {
  EventMessage event{.type = "test", .text = "test requested by " + request.who(), .time = now};
  if (const std::string text = request.text("text"); !text.empty()) event.text += ": " + text;
  event.id = event_id({config_.fridge, epoch_, "test", to_rfc3339(now), event.text});
  add_event(std::move(event));
  return {.text = "test event published", .data = {{"seq", seq_}}};
}

Reply Agent::answer_declare(const Request& request, UtcTime now) {
  const std::string phase = request.text("phase");
  const std::string length = request.text("for");
  const auto how_long = length.empty() ? kDeclaredFor : parse_duration(length);
  if (!how_long) {
    return {.ok = false, .text = "\"for\": expected a duration such as \"8h\""};
  }
  if (!trail_.may_act(now)) return {.ok = false, .too_soon = true, .text = kTooMany};
  const std::string refusal = rules_.declare(phase, latest_.newest_row().value_or(now), *how_long);
  if (!refusal.empty()) return {.ok = false, .text = refusal};
  unsaved_ = true;
  last_heartbeat_ = {};  // everybody is to see it at once
  return {.text = phase == "none" ? "no phase is declared any more"
                                  : "phase " + phase + " for " + duration_words(*how_long)};
}

Reply Agent::answer_baselines(const Request& request, UtcTime now) {
  const std::string channel = request.text("reset");
  if (channel.empty()) {
    return {.text = "what is usual for this fridge", .data = {{"baselines", rules_.baselines()}}};
  }
  if (!trail_.may_act(now)) return {.ok = false, .too_soon = true, .text = kTooMany};
  const std::size_t count = rules_.reset_baselines(channel == "all" ? "" : channel);
  if (count == 0) {
    return {.ok = false,
            .text = "\"reset\": nothing was learned of \"" + channel +
                    "\", expected a channel key of the reply to this command without it, or all"};
  }
  unsaved_ = true;
  last_heartbeat_ = {};
  return {.text = "forgotten, and learned anew within hours", .data = {{"forgotten", count}}};
}

}  // namespace coldwatch
