#include "bridge/notifiers/judging.hpp"

#include <algorithm>
#include <cmath>

#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

constexpr std::size_t kShownBodyBytes = 200;

Outcome outcome_of(int status) {
  switch (status) {
    case 408:
    case 425:
    case 429:
      return Outcome::kRetry;
    case 401:
    case 403:
    case 404:
    case 407:
    case 410:
      return Outcome::kBroken;
    default:
      break;
  }
  // A redirect is not followed: a POST would arrive as a GET, or at somebody else's server.
  if (status >= 500 || status < 200) return Outcome::kRetry;
  return status < 400 ? Outcome::kBroken : Outcome::kRefused;
}

/// What a person has to do about an answer that trying again does not change.
std::string_view to_do_about(int status) {
  switch (status) {
    case 401:
    case 403:
      return "the token or address is not accepted; make a new one and put it into the config";
    case 404:
    case 410:
      return "nobody takes messages at this address any more; make a new one at the service";
    case 407:
      return "a proxy wants a login; let this machine reach the service without it";
    default:
      break;
  }
  const bool redirect = status >= 300 && status < 400;
  return redirect ? "redirects are not followed; put the address it leads to into the config" : "";
}

}  // namespace

void honour_wait(Judgement& judgement, double seconds) {
  const double longest = std::chrono::duration<double>{kLongestRetryAfter}.count();
  if (seconds > longest) {
    judgement.detail += "; it asks for a longer wait than " + duration_words(kLongestRetryAfter) +
                        ", which is not granted";
  }
  const double wished = seconds > 0 ? std::min(seconds, longest) : 0;
  judgement.retry_after = std::max(kShortestRetryAfter, Milliseconds{std::llround(wished * 1000)});
}

void say_what_to_do(Judgement& judgement, std::string_view to_do) {
  if (!to_do.empty()) judgement.detail += ". To do: " + std::string{to_do};
}

std::string http_words(const Reply& reply) {
  const std::string body = one_line(repair_utf8(trim(reply.body)), kShownBodyBytes);
  return "HTTP " + std::to_string(reply.status) + (body.empty() ? ", empty body" : ": " + body);
}

std::optional<Judgement> judge_http(const Reply& reply) {
  if (!reply.failure.empty()) return Judgement{reply.failure_outcome, reply.failure, {}, {}};
  if (reply.status >= 200 && reply.status < 300) return std::nullopt;
  Judgement judgement{outcome_of(reply.status), http_words(reply), {}, {}};
  if (judgement.outcome == Outcome::kRetry && reply.retry_after) {
    honour_wait(judgement, std::chrono::duration<double>(*reply.retry_after).count());
  }
  say_what_to_do(judgement, to_do_about(reply.status));
  return judgement;
}

std::optional<Judgement> judge_json(const Reply& reply, json& body) {
  body = parse_json_or_discard(reply.body);
  if (auto judgement = judge_http(reply)) return judgement;
  if (body.is_object()) return std::nullopt;
  return not_recognised(reply);
}

Judgement not_recognised(const Reply& reply) {
  return {Outcome::kRetry,
          "not the answer of this service (a proxy or login page?): " + http_words(reply),
          {},
          {}};
}

Judgement judge_code(const Reply& reply, std::string_view code_key, std::string_view text_key,
                     std::span<const CodeMeaning> meanings) {
  json body;
  if (auto judgement = judge_json(reply, body)) return *judgement;
  const auto code = number_in(body, code_key);
  if (!code) return not_recognised(reply);
  const std::string detail = std::string{code_key} + " " + text_in(body, code_key) + ": " +
                             text_in(body, text_key, "(no text)");
  if (*code == 0) return {Outcome::kSent, detail, {}, {}};
  const auto found = std::ranges::find_if(
      meanings, [&code](const CodeMeaning& meaning) { return meaning.code == *code; });
  if (found == meanings.end()) return {Outcome::kRetry, detail, {}, {}};
  Judgement judgement{found->outcome, detail, {}, {}};
  if (found->retry_after.count() > 0) judgement.retry_after = found->retry_after;
  say_what_to_do(judgement, found->to_do);
  return judgement;
}

std::string text_in(const json& body, std::string_view key, std::string fallback) {
  if (!body.is_object()) return fallback;
  const auto found = body.find(std::string{key});
  if (found == body.end()) return fallback;
  if (found->is_string()) return found->get<std::string>();
  return found->is_number() ? found->dump() : fallback;
}

std::optional<double> number_in(const json& body, std::string_view key) {
  if (!body.is_object()) return std::nullopt;
  const auto found = body.find(std::string{key});
  if (found == body.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

bool is_true(const json& body, std::string_view key) {
  const auto found = body.find(std::string{key});
  return found != body.end() && found->is_boolean() && found->get<bool>();
}

HttpRequest json_post(std::string url, const json& body) {
  return {.url = std::move(url),
          .headers = {{"Content-Type", "application/json; charset=utf-8"}},
          .body = dump(body)};
}

}  // namespace coldwatch
