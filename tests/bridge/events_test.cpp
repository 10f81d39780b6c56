#include "bridge/events.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::seconds;

constexpr UtcTime kStart{std::chrono::hours{1'000'000}};
constexpr Milliseconds kShortest = seconds{10};

EventMessage event(const std::string& type, std::uint64_t seq, int at_s, bool replay = false) {
  EventMessage one{.id = std::to_string(seq), .type = type, .rule = "hot", .text = type};
  one.time = one.since = kStart + seconds{at_s};
  one.epoch = "e";
  one.seq = seq;
  one.replay = replay;
  return one;
}

Fridge fridge() { return {.site = "lab", .name = "f1"}; }

std::string word_of(const EventVerdict& verdict) {
  return verdict.mention ? std::string{word(verdict.mention->intent)} : "";
}

TEST(TakeEvent, EachSeqOfAnEpochCountsOnce) {
  Fridge one = fridge();
  const std::pair<std::uint64_t, bool> rows[] = {{5, true}, {5, false}, {4, false}, {6, true}};
  for (const auto& [seq, fresh] : rows) {
    EXPECT_EQ(take_event(one, event("notice", seq, 0), nullptr, kShortest).fresh, fresh) << seq;
  }
  EventMessage other = event("notice", 1, 0);
  other.epoch = "after a lost state file";
  EXPECT_TRUE(take_event(one, other, nullptr, kShortest).fresh);
  EXPECT_EQ(one.marks.back().seq, 1U) << "the present epoch stands last";
}

TEST(TakeEvent, LongTextsOfBeginningsStayWithinBounds) {
  Fridge one = fridge();
  for (std::uint64_t seq = 1; seq <= 1000; ++seq) {
    EventMessage raise = event("raise", seq, 0, true);
    raise.rule = "r" + std::to_string(seq);
    raise.text = std::string(4000, 'x');
    take_event(one, raise, nullptr, kShortest);
  }
  EXPECT_GT(one.begun.size(), 40U);
  EXPECT_LT(one.begun.size(), 80U) << "it is written with every event";
  Fridge usual = fridge();
  for (std::uint64_t seq = 1; seq <= 400; ++seq) {
    EventMessage raise = event("raise", seq, 0, true);
    raise.rule = "r" + std::to_string(seq);
    take_event(usual, raise, nullptr, kShortest);
  }
  EXPECT_EQ(usual.begun.size(), 400U);
}

TEST(TakeEvent, InventedEpochsDoNotExhaustTheBridge) {
  Fridge one = fridge();
  for (int i = 0; i < 100; ++i) {
    EventMessage invented = event("notice", 1, 0);
    invented.epoch = std::to_string(i);
    take_event(one, invented, nullptr, kShortest);
  }
  EXPECT_EQ(one.marks.size(), 8U);
  EXPECT_EQ(one.marks.back().epoch, "99");
}

struct Told {
  const char* name;
  std::vector<EventMessage> events;
  const char* last;  // intent that the last one makes; "" for none
};

TEST(TakeEvent, MentionsWhatNoStateHasShown) {
  EventMessage silent = event("notice", 1, 0);
  silent.text.clear();
  const Told rows[] = {
      {"a notice", {event("notice", 1, 0)}, "notice"},
      {"a notice of the past", {event("notice", 1, 0, true)}, "occurred_and_cleared"},
      {"a notice without words", {silent}, ""},
      {"a snapshot, a gap, another format", {event("snapshot", 1, 0)}, "notice"},
      {"a gap", {event("gap", 1, 0)}, "notice"},
      {"other columns", {event("format_changed", 1, 0)}, "notice"},
      {"what an instrument says is for the history", {event("instrument", 1, 0)}, ""},
      {"a beginning is the state's to tell", {event("raise", 1, 0)}, ""},
      {"came and went within the wait", {event("raise", 1, 0), event("clear", 2, 9)}, ""},
      {"came and went unseen",
       {event("raise", 1, 0), event("clear", 2, 10)},
       "occurred_and_cleared"},
      {"came and went in the past",
       {event("raise", 1, 0, true), event("clear", 2, 1, true)},
       "occurred_and_cleared"},
      {"an end whose beginning was never heard", {event("clear", 2, 10)}, ""},
      {"a second end", {event("raise", 1, 0), event("clear", 2, 10), event("clear", 3, 20)}, ""}};
  for (const Told& row : rows) {
    Fridge one = fridge();
    std::string last;
    for (const EventMessage& each : row.events) {
      last = word_of(take_event(one, each, nullptr, kShortest));
    }
    EXPECT_EQ(last, row.last) << row.name;
  }
}

TEST(TakeEvent, TheWorstSeverityOfAPastEpisodeIsMentioned) {
  Fridge one = fridge();
  take_event(one, event("raise", 1, 0, true), nullptr, kShortest);
  EventMessage worse = event("change", 2, 5, true);
  worse.severity = Severity::kCritical;
  take_event(one, worse, nullptr, kShortest);
  take_event(one, event("change", 3, 6, true), nullptr, kShortest);
  const auto verdict = take_event(one, event("clear", 4, 7, true), nullptr, kShortest);
  ASSERT_TRUE(verdict.mention);
  EXPECT_EQ(verdict.mention->severity, Severity::kCritical);
  EXPECT_EQ(verdict.mention->since, kStart);
  EXPECT_EQ(verdict.mention->until, kStart + seconds{7});
}

TEST(TakeEvent, WhatTheStatesHaveShownIsNotToldAgain) {
  Alarm alarm{.key = {"lab", "f1", "hot"}};
  alarm.message.epoch = "e";
  alarm.shown = {1};
  Fridge one = fridge();
  EXPECT_EQ(word_of(take_event(one, event("raise", 1, 0), &alarm, kShortest)), "");
  EXPECT_EQ(word_of(take_event(one, event("clear", 2, 100), &alarm, kShortest)), "");
  EXPECT_TRUE(one.begun.empty());
  take_event(one, event("raise", 3, 200), &alarm, kShortest);
  EXPECT_EQ(word_of(take_event(one, event("clear", 4, 300), &alarm, kShortest)),
            "occurred_and_cleared")
      << "a later episode, that no state has shown";
}

TEST(TakeEvent, ThePresentStateBeforeTheEventsOfAnOutageHidesNone) {
  Alarm alarm{.key = {"lab", "f1", "hot"}, .standing = Standing::kUnacknowledged};
  alarm.message.epoch = "e";
  alarm.message.seq = 9;
  alarm.shown = {1, 9};
  Fridge one = fridge();
  take_event(one, event("raise", 1, 0), &alarm, kShortest);
  EXPECT_EQ(word_of(take_event(one, event("clear", 2, 20), &alarm, kShortest)), "");
  for (const std::uint64_t seq : {3U, 5U}) {
    take_event(one, event("raise", seq, static_cast<int>(30 * seq)), &alarm, kShortest);
    const auto end = event("clear", seq + 1, static_cast<int>(30 * seq + 20));
    EXPECT_EQ(word_of(take_event(one, end, &alarm, kShortest)), "occurred_and_cleared") << seq;
  }
  take_event(one, event("raise", 7, 300), &alarm, kShortest);
  alarm.shown = {1, 8, 9};
  take_event(one, event("change", 8, 310), &alarm, kShortest);
  EXPECT_EQ(word_of(take_event(one, event("clear", 9, 320), &alarm, kShortest)), "")
      << "its second half was shown";
}

TEST(TakeEvent, AStateThatComesAfterItsEventShowsItAsWell) {
  Fridge one = fridge();
  take_event(one, event("raise", 5, 0), nullptr, kShortest);
  AlarmMessage state{.state = AlarmState::kActive, .epoch = "e", .seq = 6};
  EXPECT_FALSE(forget_beginning(one, "hot", state)) << "another transition";
  state.seq = 5;
  EXPECT_TRUE(forget_beginning(one, "hot", state));
  EventMessage end = event("clear", 6, 100);
  end.epoch = "after a lost state file";
  EXPECT_EQ(word_of(take_event(one, end, nullptr, kShortest)), "");
}

TEST(TakeEvent, BeginningsWithoutEndHaveABound) {
  Fridge one = fridge();
  for (std::uint64_t i = 1; i <= 2000; ++i) {
    EventMessage raise = event("raise", i, 0, true);
    raise.rule = "r" + std::to_string(i);
    take_event(one, raise, nullptr, kShortest);
  }
  EXPECT_EQ(one.begun.size(), 1000U);
}

}  // namespace
}  // namespace coldwatch
