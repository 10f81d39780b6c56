#include "bridge/records.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "common/json.hpp"

namespace coldwatch {
namespace {

constexpr UtcTime kNow{std::chrono::hours{1'000'000}};

Alarm full_alarm() {
  Alarm alarm{.key = {"lab", "f1", "hot"}};
  alarm.standing = Standing::kAcknowledged;
  alarm.message = {.state = AlarmState::kActive,
                   .severity = Severity::kCritical,
                   .text = "hot",
                   .time = kNow,
                   .since = kNow,
                   .epoch = "e",
                   .seq = 7};
  alarm.first_severity = Severity::kWarning;
  alarm.raised_at = alarm.severity_at = alarm.unacknowledged_at = kNow;
  alarm.episode = 3;
  alarm.incident = "i";
  alarm.stale = true;
  alarm.activations = {kNow, kNow};
  alarm.acknowledged_by = "Ann";
  alarm.acknowledged_until = kNow;
  return alarm;
}

Conversation full_conversation() {
  Conversation told{.incident = "i", .notifier = "mail"};
  told.told[{"lab", "f1", "hot"}] = {Shown::kFlapping, Severity::kCritical, 2, true, true};
  told.lines.push_back({{.intent = Intent::kNotice, .key = {"lab", "f1", "on"}}, kNow, 3});
  told.number = 4;
  told.title = "hot";
  told.thread = "<a@b>";
  told.last_sent = told.last_loud = kNow;
  return told;
}

Pending full_pending() {
  Pending pending;
  pending.notification = {
      .id = "n", .notifier = "mail", .incident = "i", .title = "hot", .time = kNow};
  pending.marks = {{"i", {"lab", "f1", "hot"}, Told{Shown::kActive, Severity::kWarning}},
                   {"i", {"lab", "f2", "hot"}, std::nullopt}};
  pending.lines["i"] = 2;
  pending.under_way = true;
  pending.attempts = 5;
  return pending;
}

TEST(Records, SurviveTheStore) {
  // Written, read and written again, every field has to be where it was.
  EXPECT_EQ(to_row(alarm_of(to_row(full_alarm())).value()), to_row(full_alarm()));
  EXPECT_EQ(to_row(conversation_of(to_row(full_conversation())).value()),
            to_row(full_conversation()));
  EXPECT_EQ(to_row(pending_of(to_row(full_pending())).value()), to_row(full_pending()));
  EXPECT_EQ(pending_of(to_row(full_pending()))->marks, full_pending().marks);
  const Shelf shelf{"s", {{{"fridge", {"f1"}}}}, kNow, "Ann", "cool-down", true};
  EXPECT_EQ(shelf_of(to_row(shelf)), shelf);
  const Incident incident{.id = "i", .group = "g", .began = kNow, .ended_at = kNow};
  EXPECT_EQ(to_row(incident_of(to_row(incident)).value()), to_row(incident));
  Fridge fridge{.site = "lab", .name = "f1", .offline = true, .heartbeats = true};
  fridge.marks = {{"e", 7}};
  fridge.begun["hot"] = {.id = "x", .type = "raise", .rule = "hot", .epoch = "e", .seq = 7};
  EXPECT_EQ(to_row(fridge_of(to_row(fridge)).value()), to_row(fridge));
}

TEST(Records, AreReadAsFormerVersionsWroteThem) {
  auto told = parse_json(to_row(full_conversation()));
  told.erase("told_patches");
  told["told"] = parse_json(
      R"([[["lab","f1","hot"],{"shown":2,"severity":2,"realarms":2,"episode":1,"stale":false,)"
      R"("muted":true}]])");
  const Told expected{Shown::kFlapping, Severity::kCritical, 2, 1, false, true};
  EXPECT_EQ(conversation_of(told.dump()).value().told,
            (std::map<AlarmKey, Told>{{{"lab", "f1", "hot"}, expected}}));
  auto pending = parse_json(to_row(full_pending()));
  pending.erase("mark_patches");
  pending["marks"] = parse_json(
      R"([["i",["lab","f1","hot"],{"shown":2,"severity":2,"realarms":2,"stale":false,"muted":true}],)"
      R"(["i",["lab","f2","hot"],null]])");
  pending["notification"].erase("item_patches");
  pending["notification"]["items"] = parse_json(
      R"([{"intent":"open","site":"lab","fridge":"f1","rule":"hot","severity":"critical",)"
      R"("text":"hot","since":"2026-01-01T00:00:00.000Z","stale":false,"unit":"K"},)"
      R"({"intent":"open","site":"lab","fridge":"f2","rule":"hot","severity":"critical",)"
      R"("text":"hot","since":"2026-01-01T00:00:00.000Z","stale":false}])");
  const Pending read = pending_of(pending.dump()).value();
  ASSERT_EQ(read.marks.size(), 2U);
  EXPECT_EQ(read.marks[0].after->severity, Severity::kCritical);
  EXPECT_EQ(read.marks[1].after, std::nullopt);
  ASSERT_EQ(read.notification.items.size(), 2U);
  EXPECT_EQ(read.notification.items[0].unit, "K");
  EXPECT_EQ(read.notification.items[1].unit, "") << "not a patch of the one before";
  EXPECT_EQ(read.notification.active, read.notification.items);
}

template <typename Read>
void expect_every_key_to_matter(const std::string& row, Read read,
                                const std::set<std::string>& may_be_absent = {}) {
  const auto whole = parse_json(row);
  for (const auto& [key, value] : whole.items()) {
    if (key.ends_with("_at") || key.ends_with("_until") || key.starts_with("last_")) continue;
    auto damaged = whole;
    damaged.erase(key);
    EXPECT_EQ(read(damaged.dump()).has_value(), may_be_absent.contains(key)) << "without " << key;
    damaged[key] = nlohmann::json::array({nullptr, 77});
    EXPECT_FALSE(read(damaged.dump())) << "with a wrong " << key;
  }
}

TEST(Records, ADamagedRowIsNoneAndNoException) {
  // Left out where it is as in most alarms, or by the first stores.
  expect_every_key_to_matter(to_row(full_alarm()), alarm_of,
                             {"acknowledged_by", "episode_seq", "stale"});
  expect_every_key_to_matter(to_row(full_conversation()), conversation_of);
  expect_every_key_to_matter(to_row(full_pending()), pending_of);
  for (const char* row : {"", "{", "[]", "null", "7", "\"a\"", "{}"}) {
    EXPECT_FALSE(alarm_of(row)) << row;
    EXPECT_FALSE(incident_of(row)) << row;
    EXPECT_FALSE(shelf_of(row)) << row;
    EXPECT_FALSE(fridge_of(row)) << row;
  }
  auto wrong = parse_json(to_row(full_alarm()));
  wrong["standing"] = 99;
  EXPECT_FALSE(alarm_of(wrong.dump())) << "an enumerator that does not exist";
}

}  // namespace
}  // namespace coldwatch
