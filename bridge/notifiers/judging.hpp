// What the answers of all services have in common (the order of rules is that of the outcomes):
// only what a service says in its own words counts as sent; HTTP 200 alone never does.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bridge/notifiers/notifier.hpp"

namespace coldwatch {

inline constexpr Milliseconds kShortestRetryAfter = std::chrono::seconds{1};
inline constexpr Milliseconds kLongestRetryAfter = std::chrono::minutes{15};

/// Lets the next attempt wait as long as the server asks, which may be any double, within bounds; a
/// wish beyond them is said in the detail.
void honour_wait(Judgement& judgement, double seconds);

/// Adds to the detail what a person has to do.
void say_what_to_do(Judgement& judgement, std::string_view to_do);

/// The verdict on everything but an answer 2xx: no answer at all, redirects, errors. nullopt for
/// 2xx, which only the service itself can judge. `message_of` finds the service's sentence in the
/// body; without it the beginning of the body is shown.
std::optional<Judgement> judge_http(const Reply& reply);

/// The same for answers whose body is JSON: also a 2xx that is not a JSON object is judged (a
/// captive portal, a proxy, an empty body: not sent). Else the object.
std::optional<Judgement> judge_json(const Reply& reply, nlohmann::json& body);

/// "HTTP 404: channel_not_found", the body on one line and cut.
std::string http_words(const Reply& reply);

/// The verdict on an answer that the service's own success predicate did not recognise.
Judgement not_recognised(const Reply& reply);

/// What an error code in a body means where it is not simply "try again".
struct CodeMeaning {
  int code = 0;
  Outcome outcome = Outcome::kRetry;
  Milliseconds retry_after{0};  // 0 where the service has no rule
  std::string_view to_do{};     // by a person; "" for nothing
};

/// The verdict on a JSON answer with a code in `code_key` (0 for success, and only that) and a
/// sentence in `text_key`. A code that stands in no row is tried again.
Judgement judge_code(const Reply& reply, std::string_view code_key, std::string_view text_key,
                     std::span<const CodeMeaning> meanings);

/// `body[key]` as a text or number; `fallback` where it is neither.
std::string text_in(const nlohmann::json& body, std::string_view key, std::string fallback = {});
std::optional<double> number_in(const nlohmann::json& body, std::string_view key);

/// True where `body[key]` is the JSON true, and nothing else.
bool is_true(const nlohmann::json& body, std::string_view key);

/// A POST of `body` as JSON.
HttpRequest json_post(std::string url, const nlohmann::json& body);

}  // namespace coldwatch
