#include "bridge/delivery/attempt.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "bridge/notifiers/signature.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestDetailBytes = 1000;
constexpr std::string_view kBlot = "***";

void blot(std::string& text, std::string_view secret) {
  if (secret.empty()) return;
  for (std::size_t at = text.find(secret); at != text.npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), kBlot);
    at += kBlot.size();
  }
}

/// Short parts of an address are words such as "send" and "hook"; these are the longer ones.
bool may_be_secret(std::string_view part) {
  constexpr std::size_t kLeastBytes = 6;
  constexpr std::array<std::string_view, 8> kWords{"webhook",  "webhooks",     "services",
                                                   "cgi-bin",  "open-apis",    "workflows",
                                                   "triggers", "powerautomate"};
  return part.size() >= kLeastBytes && std::ranges::find(kWords, part) == kWords.end();
}

/// A server may repeat a secret as it stands, as a part of an address that is secret as a whole, or
/// encoded as in an address.
std::string without_secrets(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    blot(text, secret);
    blot(text, url_encode(secret));
    const auto host = secret.find("://");
    if (host == secret.npos) continue;
    for (std::size_t begin = secret.find_first_of("/?", host + 3); begin < secret.size();) {
      const std::size_t end = std::min(secret.find_first_of("/?&=", begin + 1), secret.size());
      const std::string_view part{secret.data() + begin + 1, end - begin - 1};
      if (may_be_secret(part)) blot(text, part);
      begin = end;
    }
  }
  return one_line(repair_utf8(text), kLongestDetailBytes);
}

/// True where the trouble of one recipient says nothing about the others.
bool concerns_this_part_only(const Part& part, const Reply& reply) {
  return std::holds_alternative<Mail>(part.request) && reply.failure.empty() &&
         (reply.stage == "RCPT" || reply.stage == "DATA");
}

}  // namespace

Attempt::Attempt(const Notifier& notifier, Notification notification, const RenderContext& context,
                 PartsDone done)
    : notifier_(notifier),
      notification_(std::move(notification)),
      context_(context),
      done_(std::move(done)) {
  render();
}

void Attempt::render() {
  context_.minimal = done_.minimal;
  parts_.clear();
  part_count_ = 0;
  try {
    for (Part& part : notifier_.requests(notification_, context_)) {
      ++part_count_;
      if (!done_.parts.contains(part.name)) parts_.push_back(std::move(part));
    }
  } catch (const std::exception& error) {
    stop({Outcome::kRefused, std::string{"cannot be written for this service: "} + error.what()});
  }
}

void Attempt::settle(bool taken) {
  done_.parts[parts_.front().name] = taken;
  parts_.pop_front();
}

void Attempt::stop(const Judgement& judgement) {
  const bool worse = !trouble_ || judgement.outcome > trouble_->outcome;
  const auto retry_after =
      trouble_ ? std::max(trouble_->retry_after, judgement.retry_after) : judgement.retry_after;
  if (worse) trouble_ = judgement;
  trouble_->retry_after = retry_after;
}

void Attempt::note(const std::string& part, const std::string& detail) {
  if (detail.empty()) return;
  const std::string line = part_count_ > 1 ? part + ": " + detail : detail;
  details_ += (details_.empty() ? "" : "; ") + without_secrets(line, notifier_.secrets());
}

void Attempt::take(const Reply& reply) {
  const Part part = parts_.front();
  const Judgement judgement = notifier_.judge(reply);
  note(part.name, judgement.detail);

  if (judgement.outcome == Outcome::kSent) {
    settle(true);
    const std::string& thread = judgement.thread.empty() ? part.thread : judgement.thread;
    if (done_.thread.empty()) done_.thread = thread;
    if (done_.receipt.empty()) done_.receipt = notifier_.receipt(reply);
    auto more = notifier_.follow_ups(notification_, context_, reply);
    part_count_ += more.size();
    parts_.insert(parts_.begin(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
    return;
  }
  if (!part.essential) return settle(false);
  const bool refused = judgement.outcome == Outcome::kRefused;
  if (refused && std::holds_alternative<HttpRequest>(part.request) && !done_.minimal) {
    done_.minimal = true;
    return render();
  }
  if (concerns_this_part_only(part, reply)) {
    if (refused) return settle(false);
    stop(judgement);
    parts_.pop_front();
    return;
  }
  stop(judgement);
  parts_.clear();
}

bool Attempt::some_refused() const {
  return std::ranges::any_of(done_.parts, [](const auto& part) { return !part.second; });
}

DeliveryResult Attempt::result() const {
  DeliveryResult result{.notifier = notifier_.name(), .notification = notification_.id};
  result.detail = utf8_prefix(details_, kLongestDetailBytes);
  result.thread = done_.thread;
  if (trouble_) {
    result.outcome = trouble_->outcome;
    result.retry_after = trouble_->retry_after;
    if (details_.empty()) result.detail = trouble_->detail;
    return result;
  }
  const bool taken = std::ranges::any_of(done_.parts, [](const auto& part) { return part.second; });
  result.outcome = taken ? Outcome::kSent : Outcome::kRefused;
  return result;
}

}  // namespace coldwatch
