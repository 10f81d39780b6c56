#include "bridge/world.hpp"

namespace coldwatch {

Gate gate_of(const World& world, const Alarm& alarm, const NotifierSettings& notifier,
             UtcTime now) {
  const Subject subject = world.subject(alarm);
  Gate gate = shelf_gate(world.shelves, subject, now);
  if (gate.open()) gate = world.inhibitions.gate(alarm, subject, now);
  if (gate.open()) gate = quiet_gate(notifier.quiet_hours, alarm.severity(), world.zone, now);
  return gate;
}

}  // namespace coldwatch
