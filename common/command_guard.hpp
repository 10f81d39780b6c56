// Whether commands from the broker are carried out. Anybody may publish one where the broker lets
// everybody write everything; so they are refused unless the broker has shown that it does not, or
// the config allows them all the same. Pure: the program publishes the question and says how it went.
#pragma once

#include <optional>
#include <string>

#include "common/mqtt_session.hpp"

namespace coldwatch {

class CommandGuard {
 public:
  /// `settings` are those of the connection; `root` is the first level of all topics.
  CommandGuard(const MqttSettings& settings, const std::string& root);

  /// A new connection: what was known of the old one is void. Returns a publication to a topic that
  /// nobody needs, which a broker with an access list refuses; none where no answer would tell.
  std::optional<Publication> connected(bool v5);
  void asked(Ticket ticket) { ticket_ = ticket; }
  /// True where `ticket` was the question, which the broker has taken or refused.
  bool answered(Ticket ticket, bool taken);

  /// Why a command is not carried out now, for people; "" where it is.
  const std::string& refusal() const { return refusal_; }

 private:
  CommandPolicy policy_;
  bool logged_in_;
  std::string topic_;
  Ticket ticket_ = 0;
  int unanswered_ = 0;  // some brokers hang up instead of an answer: they are not asked for ever
  std::string refusal_;
};

}  // namespace coldwatch
