// Everything that the console shows of a running agent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/rules/standing.hpp"
#include "common/time.hpp"

namespace coldwatch {

struct ConsoleFacts {
  UtcTime now{};
  LocalTime local_now{};  // in the zone of the log
  std::string fridge;
  std::string phase;
  std::string log_state;  // live, stale, missing, unreadable
  std::string log_text;   // why it is not live
  std::optional<UtcTime> newest_row;
  bool connected = false;
  std::string broker;
  std::uint64_t backlog_bytes = 0;
  std::size_t unconfirmed_events = 0;
  std::vector<RuleStanding> rules;
};

}  // namespace coldwatch
