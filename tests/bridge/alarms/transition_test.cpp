#include "bridge/alarms/transition.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using enum Standing;
using enum Happening;
using R = Reason;

struct Row {
  Standing before;
  Happening happening;
  SeverityMove move;
  bool latch;
  Standing after;
  Reason reason;
};

constexpr auto kSame = SeverityMove::kSame;
constexpr auto kHigher = SeverityMove::kHigher;
constexpr auto kLower = SeverityMove::kLower;

TEST(Transition, IsTheStateTable) {
  const Row rows[] = {
      {kNormal, kRaise, kSame, false, kUnacknowledged, R::kBegan},
      {kNormal, kRaise, kLower, true, kUnacknowledged, R::kBegan},
      {kReturned, kRaise, kSame, true, kUnacknowledged, R::kBegan},
      {kUnacknowledged, kRaise, kSame, false, kUnacknowledged, R::kNothing},
      {kUnacknowledged, kRaise, kHigher, false, kUnacknowledged, R::kRose},
      {kUnacknowledged, kRaise, kLower, false, kUnacknowledged, R::kFell},
      {kAcknowledged, kRaise, kSame, false, kAcknowledged, R::kNothing},
      {kAcknowledged, kRaise, kLower, false, kAcknowledged, R::kFell},
      {kAcknowledged, kRaise, kHigher, false, kUnacknowledged, R::kRose},
      {kNormal, kClear, kSame, false, kNormal, R::kNothing},
      {kNormal, kClear, kSame, true, kNormal, R::kNothing},
      {kReturned, kClear, kSame, true, kReturned, R::kNothing},
      {kUnacknowledged, kClear, kLower, false, kNormal, R::kEnded},
      {kAcknowledged, kClear, kLower, false, kNormal, R::kEnded},
      {kUnacknowledged, kClear, kLower, true, kReturned, R::kReturned},
      {kAcknowledged, kClear, kLower, true, kNormal, R::kEnded},
      {kNormal, kAcknowledge, kSame, false, kNormal, R::kNothing},
      {kUnacknowledged, kAcknowledge, kSame, false, kAcknowledged, R::kAcknowledged},
      {kAcknowledged, kAcknowledge, kSame, false, kAcknowledged, R::kNothing},
      {kReturned, kAcknowledge, kSame, true, kNormal, R::kAcknowledged},
      {kAcknowledged, kUnacknowledge, kSame, false, kUnacknowledged, R::kUnacknowledged},
      {kUnacknowledged, kUnacknowledge, kSame, false, kUnacknowledged, R::kNothing},
      {kNormal, kUnacknowledge, kSame, false, kNormal, R::kNothing},
      {kAcknowledged, kAcknowledgeTimeout, kSame, false, kUnacknowledged, R::kRealarmed},
      {kNormal, kAcknowledgeTimeout, kSame, false, kNormal, R::kNothing},
      {kReturned, kAcknowledgeTimeout, kSame, true, kReturned, R::kNothing},
  };
  for (const Row& row : rows) {
    const Transition made = transition(row.before, row.happening, row.move, row.latch);
    EXPECT_EQ(made, (Transition{row.after, row.reason}))
        << word(row.before) << " on happening " << static_cast<int>(row.happening);
  }
}

}  // namespace
}  // namespace coldwatch
