#include "bridge/alarms/transition.hpp"

#include <array>

namespace coldwatch {
namespace {

Transition raise(Standing standing, SeverityMove move) {
  if (!is_active(standing)) return {Standing::kUnacknowledged, Reason::kBegan};
  if (move == SeverityMove::kHigher) return {Standing::kUnacknowledged, Reason::kRose};
  if (move == SeverityMove::kLower) return {standing, Reason::kFell};
  return {standing, Reason::kNothing};
}

Transition clear(Standing standing, bool latch) {
  if (!is_active(standing)) return {standing, Reason::kNothing};
  if (latch && standing == Standing::kUnacknowledged) {
    return {Standing::kReturned, Reason::kReturned};
  }
  return {Standing::kNormal, Reason::kEnded};
}

Transition acknowledge(Standing standing) {
  if (standing == Standing::kUnacknowledged) {
    return {Standing::kAcknowledged, Reason::kAcknowledged};
  }
  if (standing == Standing::kReturned) return {Standing::kNormal, Reason::kAcknowledged};
  return {standing, Reason::kNothing};
}

}  // namespace

std::string_view word(Standing standing) {
  constexpr std::array<std::string_view, 4> kWords{"normal", "unacknowledged", "acknowledged",
                                                   "returned_unacknowledged"};
  return kWords[static_cast<std::size_t>(standing)];
}

Transition transition(Standing standing, Happening happening, SeverityMove move, bool latch) {
  switch (happening) {
    case Happening::kRaise:
      return raise(standing, move);
    case Happening::kClear:
      return clear(standing, latch);
    case Happening::kAcknowledge:
      return acknowledge(standing);
    case Happening::kUnacknowledge:
    case Happening::kAcknowledgeTimeout:
      if (standing != Standing::kAcknowledged) return {standing, Reason::kNothing};
      return {Standing::kUnacknowledged, happening == Happening::kUnacknowledge
                                             ? Reason::kUnacknowledged
                                             : Reason::kRealarmed};
  }
  return {standing, Reason::kNothing};
}

}  // namespace coldwatch
