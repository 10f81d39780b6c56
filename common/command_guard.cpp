#include "common/command_guard.hpp"

namespace coldwatch {
namespace {

constexpr const char* kHint = R"(; "broker": {"commands": "allow"} allows them all the same)";

constexpr int kMostUnanswered = 3;

}  // namespace

CommandGuard::CommandGuard(const MqttSettings& settings, const std::string& root)
    : policy_(settings.commands),
      logged_in_(!settings.user.empty() || !settings.certificate.empty()),
      topic_(root + "-access-list") {
  connected(false);
}

std::optional<Publication> CommandGuard::connected(bool v5) {
  unanswered_ += ticket_ != 0;
  ticket_ = 0;
  refusal_.clear();
  if (policy_ == CommandPolicy::kAllow) return std::nullopt;
  if (policy_ == CommandPolicy::kRefuse) {
    refusal_ = "the config says that commands are refused";
  } else if (!logged_in_) {
    refusal_ =
        std::string{"the broker knows nobody here by name, so that anybody may command"} + kHint;
  } else if (!v5) {
    refusal_ =
        std::string{"without MQTT 5 the broker cannot show that it has an access list"} + kHint;
  } else if (unanswered_ >= kMostUnanswered) {
    refusal_ = std::string{"the broker hangs up when it is asked for its access list"} + kHint;
  } else {
    refusal_ = "the broker has not shown yet that it has an access list";
    return Publication{.topic = topic_, .payload = "may this be written?"};
  }
  return std::nullopt;
}

bool CommandGuard::answered(Ticket ticket, bool taken) {
  if (ticket == 0 || ticket != ticket_) return false;
  ticket_ = 0;
  unanswered_ = 0;
  refusal_.clear();
  if (taken) {
    refusal_ = "the broker lets everybody write everything (it took a message on " + topic_ +
               "), so that anybody may command" + kHint;
  }
  return true;
}

}  // namespace coldwatch
