#include "bridge/delivery/outbox.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr UtcTime kStart{std::chrono::hours{1'000'000}};

Pending message(const std::string& id, const std::string& text) {
  Pending pending;
  pending.notification.id = id;
  pending.notification.items = {{.key = {"lab", "f1", "hot"}, .text = text}};
  return pending;
}

DeliveryResult result(const std::string& id, Outcome outcome) {
  return {.notifier = "mail", .notification = id, .outcome = outcome, .detail = "because"};
}

TEST(Backoff, DoublesUpToAMinute) {
  const seconds expected[] = {seconds{5}, seconds{10}, seconds{20}, seconds{40}, seconds{60}};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(backoff(i + 1), expected[i]) << i;
  EXPECT_EQ(backoff(1000), seconds{60});
  EXPECT_EQ(backoff(0), seconds{5});
}

TEST(Outbox, TriesAgainAfterTheBackoffWithTheSameId) {
  Outbox outbox{{}};
  UtcTime now = kStart;
  for (const seconds wait : {seconds{5}, seconds{10}, seconds{20}, seconds{40}, seconds{60}}) {
    outbox.put("i", message("id" + std::to_string(wait.count()), "hot"));
    ASSERT_TRUE(outbox.may_try(now));
    EXPECT_EQ(outbox.start("i", now).id, "id5") << "the same content keeps its id";
    EXPECT_FALSE(outbox.may_try(now)) << "one attempt at a time";
    ASSERT_TRUE(outbox.finish(result("id5", Outcome::kRetry), now));
    EXPECT_FALSE(outbox.may_try(now + wait - seconds{1}));
    EXPECT_EQ(outbox.next(now), now + wait);
    now += wait;
  }
  EXPECT_EQ(outbox.failing_since(), kStart);
  outbox.start("i", now);
  ASSERT_TRUE(outbox.finish(result("id5", Outcome::kSent), now));
  EXPECT_FALSE(outbox.failing_since());
  EXPECT_EQ(outbox.find("i"), nullptr);
}

TEST(Outbox, NewContentHasANewIdUnlessTheOldMayHaveArrived) {
  Outbox outbox{{}};
  outbox.put("i", message("a", "hot"));
  outbox.start("i", kStart);
  outbox.finish(result("a", Outcome::kRetry), kStart);
  EXPECT_EQ(outbox.put("i", message("b", "hotter")).notification.id, "b");
  outbox.start("i", kStart + minutes{1});
  outbox.finish(result("b", Outcome::kAmbiguous), kStart + minutes{1});
  EXPECT_EQ(outbox.put("i", message("c", "hottest")).notification.id, "b") << "frozen";
  EXPECT_FALSE(outbox.drop("i")) << "frozen";
  outbox.start("i", kStart + minutes{2});
  const auto settled = outbox.finish(result("b", Outcome::kSent), kStart + minutes{2});
  ASSERT_TRUE(settled);
  EXPECT_EQ(settled->pending.notification.items[0].text, "hotter");
}

TEST(Outbox, AnAttemptUnderWayAtACrashMayHaveArrived) {
  Outbox before{{}};
  before.put("i", message("a", "hot"));
  before.start("i", kStart);
  Outbox after{{}};
  after.restore("i", *before.find("i"));
  EXPECT_TRUE(after.may_try(kStart));
  EXPECT_EQ(after.put("i", message("b", "hotter")).notification.id, "a");
}

TEST(Outbox, KeepsTheRateLimit) {
  Outbox outbox{{.messages = 2, .window = minutes{1}}};
  for (int i = 0; i < 2; ++i) {
    const std::string id = std::to_string(i);
    outbox.put(id, message(id, "hot"));
    ASSERT_TRUE(outbox.may_try(kStart + seconds{i}));
    outbox.start(id, kStart + seconds{i});
    outbox.finish(result(id, Outcome::kSent), kStart + seconds{i});
  }
  EXPECT_EQ(outbox.room(kStart + seconds{2}), 0);
  EXPECT_FALSE(outbox.may_try(kStart + seconds{59}));
  EXPECT_EQ(outbox.next(kStart + seconds{2}), kStart + minutes{1});
  EXPECT_TRUE(outbox.may_try(kStart + minutes{1}));
}

TEST(Outbox, KnowsThatAnOutageIsOver) {
  Outbox outbox{{}};
  outbox.put("i", message("a", "hot"));
  const auto attempt = [&outbox](UtcTime now, Outcome outcome) {
    outbox.start("i", now);
    outbox.finish(result("a", outcome), now);
  };
  attempt(kStart, Outcome::kRetry);
  EXPECT_FALSE(outbox.after_outage(kStart + seconds{59})) << "a hiccup";
  EXPECT_TRUE(outbox.after_outage(kStart + minutes{1}));
  attempt(kStart + minutes{2}, Outcome::kSent);
  EXPECT_TRUE(outbox.after_outage(kStart + minutes{2} + seconds{9})) << "others may wait still";
  EXPECT_FALSE(outbox.after_outage(kStart + minutes{2} + seconds{10}));
}

TEST(Outbox, KeepsTwoMessagesApart) {
  Outbox outbox{{.apart = seconds{1}}};
  outbox.put("i", message("a", "hot"));
  outbox.put("j", message("b", "hot"));
  outbox.start("i", kStart);
  outbox.finish(result("a", Outcome::kSent), kStart);
  EXPECT_FALSE(outbox.may_try(kStart + Milliseconds{999}));
  EXPECT_EQ(outbox.next(kStart), kStart + seconds{1});
  EXPECT_TRUE(outbox.may_try(kStart + seconds{1}));
}

TEST(Outbox, KeepsAFifthOfTheRoomForWhatIsCritical) {
  Outbox outbox{{.messages = 10, .window = minutes{1}}};
  EXPECT_EQ(outbox.reserve(), 2);
  for (int i = 0; i < 8; ++i) {
    const std::string id = std::to_string(i);
    outbox.put(id, message(id, "warm"));
    outbox.start(id, kStart + seconds{i});
    outbox.finish(result(id, Outcome::kSent), kStart + seconds{i});
  }
  const UtcTime now = kStart + seconds{8};
  EXPECT_EQ(outbox.room(now), outbox.reserve());
  EXPECT_LE(outbox.next(now), now) << "for a critical one";
  EXPECT_EQ(outbox.next(now, 1 + outbox.reserve()), kStart + minutes{1}) << "for any other";
  EXPECT_EQ((Outbox{{.messages = 4}}.reserve()), 0);
}

TEST(Outbox, ARefusedMessageDoesNotHoldTheOthersUp) {
  Outbox outbox{{}};
  outbox.put("i", message("a", "too long"));
  outbox.start("i", kStart);
  const auto settled = outbox.finish(result("a", Outcome::kRefused), kStart);
  ASSERT_TRUE(settled);
  EXPECT_TRUE(outbox.may_try(kStart));
  EXPECT_FALSE(outbox.takes("i", kStart + minutes{14}));
  EXPECT_TRUE(outbox.takes("i", kStart + minutes{15}));
  EXPECT_TRUE(outbox.takes("j", kStart));
}

TEST(Outbox, WaitsLongWhereAPersonHasToChangeSomething) {
  Outbox outbox{{}};
  outbox.put("i", message("a", "hot"));
  outbox.start("i", kStart);
  outbox.finish(result("a", Outcome::kBroken), kStart);
  EXPECT_TRUE(outbox.broken());
  EXPECT_EQ(outbox.next(kStart), kStart + minutes{1});
  outbox.reset_backoff();
  EXPECT_TRUE(outbox.may_try(kStart));
}

TEST(Outbox, HonoursWhatTheServerAsksFor) {
  Outbox outbox{{}};
  outbox.put("i", message("a", "hot"));
  outbox.start("i", kStart);
  auto asked = result("a", Outcome::kRetry);
  asked.retry_after = seconds{7};
  outbox.finish(asked, kStart);
  EXPECT_EQ(outbox.next(kStart), kStart + seconds{7});
}

TEST(Outbox, IgnoresResultsOfAttemptsThatItDoesNotKnow) {
  Outbox outbox{{}};
  EXPECT_FALSE(outbox.finish(result("a", Outcome::kSent), kStart));
  outbox.put("i", message("a", "hot"));
  outbox.start("i", kStart);
  EXPECT_FALSE(outbox.finish(result("b", Outcome::kSent), kStart));
  EXPECT_FALSE(outbox.may_try(kStart)) << "the attempt is still under way";
}

TEST(Outbox, WhatIsBrokenIsTriedLessAndLessOften) {
  const std::pair<int, minutes> rows[] = {
      {1, minutes{1}}, {2, minutes{2}}, {5, minutes{16}}, {6, minutes{30}}, {99, minutes{30}}};
  for (const auto& [failures, wait] : rows) EXPECT_EQ(broken_backoff(failures), wait);
}

TEST(Outbox, TheRushAfterEachHalfHourIsAvoided) {
  const NotifierLimits limits{.half_hour_pause = seconds{12}};
  const auto at = [](const char* text) { return parse_rfc3339(text).value(); };
  const std::pair<const char*, const char*> rows[] = {
      {"2026-11-22T03:00:00.000Z", "2026-11-22T03:00:12.000Z"},
      {"2026-11-22T03:30:11.999Z", "2026-11-22T03:30:12.000Z"},
      {"2026-11-22T03:30:12.000Z", "2026-11-22T03:30:12.000Z"},
      {"2026-11-22T03:29:59.999Z", "2026-11-22T03:29:59.999Z"},
  };
  for (const auto& [time, after] : rows) {
    EXPECT_EQ(after_rush(at(time), limits), at(after)) << time;
    EXPECT_EQ(after_rush(at(time), {}), at(time));
  }
}

}  // namespace
}  // namespace coldwatch
