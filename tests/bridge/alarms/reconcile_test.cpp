#include "bridge/alarms/reconcile.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::seconds;

constexpr UtcTime kStart{std::chrono::hours{1'000'000}};

Alarm make_alarm(Severity severity, Standing standing = Standing::kUnacknowledged) {
  Alarm alarm{.key = {"lab", "f1", "hot"}};
  alarm.standing = standing;
  alarm.message.severity = alarm.first_severity = severity;
  alarm.raised_at = alarm.severity_at = alarm.unacknowledged_at = kStart;
  return alarm;
}

constexpr Told kToldWarning{.shown = Shown::kActive, .severity = Severity::kWarning};

/// One alarm and what was told, and the reason to speak that follows; none is silence.
struct Row {
  const char* what;
  Alarm alarm;
  std::optional<Told> told;
  std::optional<Intent> intent;
  bool routed = true;
  GateReason gate = GateReason::kOpen;
};

std::optional<Intent> asked(const Row& row) {
  const Member member{.alarm = &row.alarm,
                      .active = row.alarm.active(),
                      .flapping = row.alarm.flapping,
                      .latched = row.alarm.standing == Standing::kReturned,
                      .gate = {row.gate, std::nullopt},
                      .routed = row.routed};
  return difference(member, row.told ? &*row.told : nullptr);
}

Alarm with(Alarm alarm, bool stale, bool flapping, std::uint64_t realarms = 0) {
  alarm.stale = stale;
  alarm.flapping = flapping;
  alarm.realarms = realarms;
  return alarm;
}

Told muted(Told told) {
  told.muted = true;
  return told;
}

Told stale(Told told) {
  told.stale = true;
  return told;
}

Told shown(Shown how) { return {.shown = how, .severity = Severity::kWarning}; }

TEST(Difference, IsAQuestionWithOneAnswer) {
  const Alarm warning = make_alarm(Severity::kWarning);
  const Alarm critical = make_alarm(Severity::kCritical);
  const Alarm info = make_alarm(Severity::kInfo);
  const Alarm over = make_alarm(Severity::kWarning, Standing::kNormal);
  const Alarm returned = make_alarm(Severity::kWarning, Standing::kReturned);
  const Alarm in_hand = make_alarm(Severity::kWarning, Standing::kAcknowledged);
  const Alarm flaps = with(warning, false, true);
  const auto shelved = GateReason::kShelved;
  const Row rows[] = {
      {"new", warning, {}, Intent::kOpen},
      {"new, for others", warning, {}, {}, false},
      {"new, shelved", warning, {}, {}, true, shelved},
      {"new, in hand", in_hand, {}, {}},
      {"tried before, in hand", in_hand, shown(Shown::kNothing), Intent::kOpen},
      {"tried before, for others now", warning, shown(Shown::kNothing), Intent::kOpen, false},
      {"told", warning, kToldWarning, {}},
      {"told, for others now", warning, kToldWarning, {}, false},
      {"risen", critical, kToldWarning, Intent::kEscalate},
      {"risen, for others now", critical, kToldWarning, Intent::kEscalate, false},
      {"risen, shelved", critical, kToldWarning, {}, true, shelved},
      {"fallen", info, kToldWarning, Intent::kLower},
      {"fallen, shelved", info, kToldWarning, {}, true, shelved},
      {"silent", with(warning, true, false), kToldWarning, Intent::kStale},
      {"silent, shelved", with(warning, true, false), kToldWarning, Intent::kStale, true, shelved},
      {"silent, told so", with(warning, true, false), stale(kToldWarning), {}},
      {"heard again", warning, stale(kToldWarning), Intent::kFresh},
      {"realarmed", with(warning, false, false, 1), kToldWarning, Intent::kRealarm},
      {"realarmed, shelved", with(warning, false, false, 1), kToldWarning, {}, true, shelved},
      {"after a gate", warning, muted(kToldWarning), Intent::kStill},
      {"after a gate, in hand", in_hand, muted(kToldWarning), {}},
      {"over", over, kToldWarning, Intent::kClear},
      {"over, shelved", over, kToldWarning, Intent::kClear, true, shelved},
      {"over, for others now", over, kToldWarning, Intent::kClear, false},
      {"over, never told", over, {}, {}},
      {"over, tried", over, shown(Shown::kNothing), Intent::kOccurredAndCleared},
      {"returned", returned, kToldWarning, Intent::kReturnUnacked},
      {"returned, told so", returned, shown(Shown::kReturned), {}},
      {"returned, never told", returned, {}, Intent::kOccurredAndCleared},
      {"returned, never told, shelved", returned, {}, {}, true, shelved},
      {"again after it returned", warning, shown(Shown::kReturned), Intent::kOpen},
      {"flaps", flaps, kToldWarning, Intent::kFlap},
      {"flaps, new", flaps, {}, Intent::kFlap},
      {"flaps, shelved", flaps, {}, {}, true, shelved},
      {"flaps, told so", flaps, shown(Shown::kFlapping), {}},
      {"flaps, over for now", with(over, false, true), shown(Shown::kFlapping), {}},
      {"flaps, risen", with(critical, false, true), shown(Shown::kFlapping), Intent::kEscalate},
      {"settled, stands", warning, shown(Shown::kFlapping), Intent::kStill},
      {"settled, over", over, shown(Shown::kFlapping), Intent::kClear},
  };
  for (const Row& row : rows) EXPECT_EQ(asked(row), row.intent) << row.what;
}

TEST(Reconcile, SaysWhenItIsDue) {
  const Alarm warning = make_alarm(Severity::kWarning);
  const Alarm critical = make_alarm(Severity::kCritical);
  Conversation quiet;
  Conversation open;
  open.told[{"lab", "f2", "hot"}] = kToldWarning;
  open.last_sent = open.last_loud = kStart - seconds{5};
  struct Due {
    const char* what;
    const Conversation& conversation;
    const Alarm& alarm;
    seconds due;  // from kStart
  };
  for (const Due& row : {Due{"new incident", quiet, warning, seconds{10}},
                         Due{"new critical incident", quiet, critical, seconds{2}},
                         Due{"joins an open one", open, warning, seconds{55}},
                         Due{"joins it critically", open, critical, seconds{0}}}) {
    const Member member{.alarm = &row.alarm, .active = true, .routed = true};
    const Plan plan = reconcile(row.conversation, {&member, 1}, {}, kStart);
    ASSERT_EQ(plan.items.size(), 1U) << row.what;
    EXPECT_EQ(plan.due, kStart + row.due) << row.what;
  }
}

TEST(Reconcile, RemindsOfEverythingThatWaitsAtOnce) {
  Alarm first = make_alarm(Severity::kCritical);
  Alarm second = make_alarm(Severity::kWarning);
  second.key.fridge = "f2";
  Conversation told;
  told.told[first.key] = {.shown = Shown::kActive, .severity = Severity::kCritical};
  told.told[second.key] = kToldWarning;
  told.last_sent = told.last_loud = kStart;
  const Member members[] = {{.alarm = &first, .active = true, .routed = true},
                            {.alarm = &second, .active = true, .routed = true}};
  const UtcTime due = kStart + std::chrono::hours{1};
  const Plan before = reconcile(told, members, {}, due - seconds{1});
  EXPECT_TRUE(before.items.empty());
  EXPECT_EQ(before.check_at, due);
  const Plan plan = reconcile(told, members, {}, due);
  ASSERT_EQ(plan.items.size(), 2U);
  EXPECT_EQ(plan.items[0].intent, Intent::kRepeat);
  EXPECT_EQ(plan.items[1].intent, Intent::kRepeat);
}

}  // namespace
}  // namespace coldwatch
