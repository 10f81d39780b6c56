// Commands from the wire (`cmd/<verb>`) and their answers. Everything here is hostile until parsed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/json.hpp"
#include "common/messages.hpp"
#include "common/mqtt_session.hpp"
#include "common/topics.hpp"

namespace coldwatch {

struct Request {
  std::string verb;
  nlohmann::json body = nlohmann::json::object();  // the payload; an empty one counts as {}

  /// The text under `key`; "" where there is none. One line, bounded.
  std::string text(const char* key) const;
  /// Who asks, for people: "by", else "requester".
  std::string who() const;
};

/// nullopt, with a sentence in `error`, for a payload that is not a request. The verb is not judged.
std::optional<Request> parse_request(std::string_view verb, std::string_view payload,
                                     std::string& error);

struct Reply {
  bool ok = true;
  bool too_soon = false;                           // refused only because of the ones before it
  std::string text;                                // a sentence
  nlohmann::json data = nlohmann::json::object();  // left out where empty
};

/// The message that carries `reply`: to the MQTT 5 response topic of `message`, else to
/// `<fridge>/reply/<requester>` where the request names one; nullopt where nobody asked for an answer,
/// and for a response topic that is one of the fridge's own: whoever may send a command must not
/// thereby write the fridge's alarms.
std::optional<Publication> reply_publication(const Reply& reply, const MqttMessage& message,
                                             const Request& request, const Topics& topics,
                                             const std::string& fridge);

}  // namespace coldwatch
