#include "agent/command_trail.hpp"

#include <algorithm>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestVerbBytes = 64;
constexpr std::size_t kLongestBodyBytes = 500;

}  // namespace

std::string trail_words(const Request& request, const Reply& reply) {
  std::string words =
      one_line(repair_utf8(request.verb), kLongestVerbBytes) + " by " + request.who() + ": ";
  if (!reply.ok && !reply.text.starts_with("refused")) words += "refused: ";
  words += reply.text;
  nlohmann::json asked = request.body;
  for (const char* key : {"by", "requester", "transaction"}) asked.erase(key);
  if (!asked.empty()) words += "; asked with " + one_line(dump(asked), kLongestBodyBytes);
  return words;
}

bool CommandTrail::may_act(UtcTime now) {
  // A clock that was set back must not stop commands until it is where it was.
  if (now < refilled_ || now - refilled_ >= kPause * kMostAtOnce) {
    left_ = kMostAtOnce;
    refilled_ = now;
  }
  const auto more = static_cast<int>((now - refilled_) / kPause);
  left_ = std::min(kMostAtOnce, left_ + more);
  refilled_ += more * kPause;
  if (left_ == 0) return false;
  --left_;
  return true;
}

std::optional<std::string> CommandTrail::entry(const std::string& words, const Reply& reply,
                                               std::size_t waiting, UtcTime now) {
  const bool told_lately = now >= refusal_told_ && now - refusal_told_ < kBetweenRefusals;
  if (waiting >= kMostWaiting || reply.too_soon || (!reply.ok && told_lately)) {
    ++untold_;
    return std::nullopt;
  }
  if (!reply.ok) refusal_told_ = now;
  std::string text = words;
  if (untold_ > 0) {
    text += "; before it " + std::to_string(untold_) +
            (untold_ == 1 ? " other that stands" : " others that stand") +
            " only in the agent's log, as far as there was room";
  }
  untold_ = 0;
  return text;
}

}  // namespace coldwatch
