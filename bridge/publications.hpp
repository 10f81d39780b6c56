// What the bridge publishes about itself and about what it knows (schemas/bridge-*.schema.json).
#pragma once

#include "bridge/watch/fridge.hpp"
#include "bridge/world.hpp"
#include "common/messages.hpp"
#include "common/topics.hpp"

namespace coldwatch {

/// Numbers of the heartbeat.
struct BridgeHealth {
  int rank = 0;
  std::size_t fridges = 0;
  std::size_t fridges_offline = 0;
  std::size_t alarms_active = 0;
  std::size_t messages_waiting = 0;
  std::map<std::string, std::string> failing;  // notifiers, and what the service said last
};

/// `book/<fridge>/<rule>`, retained; empty where the alarm is over.
Publication book_publication(const World& world, const Topics& topics, const Alarm& alarm,
                             UtcTime now);
/// What a line of the history about an alarm has beside its text: JSON, without what is as usual.
std::string history_body(const World& world, const Alarm& alarm, UtcTime now);
/// `_bridge/confirmed/<fridge>`, retained.
Publication confirmed_publication(const Topics& topics, const Fridge& fridge);
/// `_bridge/<id>/delivery`: how one attempt ended.
Publication delivery_publication(const Topics& topics, const std::string& bridge,
                                 const Notification& notification, const DeliveryResult& result,
                                 int attempt, UtcTime now);
/// `_bridge/<id>/event`: the regular drill, as an agent would send it.
Publication drill_publication(const Topics& topics, const std::string& bridge, UtcTime now);
/// `<fridge>/cmd/announce`: the agent is to repeat its states and all that is not confirmed.
Publication announce_command(const Topics& topics, const std::string& fridge);
Publication status_publication(const Topics& topics, const std::string& bridge, bool online);
Publication info_publication(const Topics& topics, const BridgeConfig& config);
Publication health_publication(const Topics& topics, const std::string& bridge,
                               const BridgeHealth& health, std::uint64_t n, UtcTime now);

}  // namespace coldwatch
