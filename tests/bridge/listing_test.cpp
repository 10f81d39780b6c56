#include "bridge/listing.hpp"

#include <gtest/gtest.h>

#include "common/json.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;
using std::chrono::hours;

constexpr UtcTime kNow{std::chrono::sys_days{std::chrono::March / 1 / 2026}};

TimeZone zone(const char* name = "UTC") {
  std::string error;
  return TimeZone::find(name, error).value();
}

StoredRow row(const std::string& fridge, const std::string& rule, Severity severity,
              Standing standing = Standing::kUnacknowledged) {
  Alarm alarm{.key = {"lab", fridge, rule}, .standing = standing};
  alarm.message = {.state = AlarmState::kActive,
                   .severity = severity,
                   .text = rule + " of " + fridge,
                   .time = kNow,
                   .since = kNow,
                   .epoch = "e",
                   .seq = 1};
  alarm.raised_at = kNow;
  if (standing == Standing::kAcknowledged) alarm.acknowledged_by = "Ann";
  return {Table::kAlarms, row_id(alarm.key), to_row(alarm)};
}

std::vector<StoredRow> rows() {
  return {row("f1", "hot", Severity::kWarning), row("f2", "hot", Severity::kCritical),
          row("f2", "dry", Severity::kCritical, Standing::kNormal),
          row("f3", "dry", Severity::kInfo, Standing::kAcknowledged)};
}

std::vector<std::string> listed(const AlarmQuery& query, std::vector<StoredRow> all = rows()) {
  std::vector<std::string> keys;
  for (const json& one : parse_json(alarms_json(all, query, {}, kNow))) {
    keys.push_back(one["fridge"].get<std::string>() + "/" + one["rule"].get<std::string>());
  }
  return keys;
}

using Keys = std::vector<std::string>;

TEST(Listing, TheWorstComesFirstAndWhatIsOverOnlyOnDemand) {
  EXPECT_EQ(listed({}), (Keys{"f2/hot", "f1/hot", "f3/dry"}));
  EXPECT_EQ(listed({.all = true}), (Keys{"f2/hot", "f1/hot", "f3/dry", "f2/dry"}));
}

TEST(Listing, AlarmsOfOneRule) {
  EXPECT_EQ(listed({.match = {{{"rule", {"hot"}}}}}), (Keys{"f2/hot", "f1/hot"}));
  EXPECT_EQ(listed({.match = {{{"rule", {"hot"}}, {"severity", {"warning"}}}}}), (Keys{"f1/hot"}));
  EXPECT_EQ(listed({.match = {{{"fridge", {"f*"}}, {"rule", {"d*"}}}}}), (Keys{"f3/dry"}));
  EXPECT_EQ(listed({.match = {{{"fridge", {"f9"}}}}}), Keys{});
}

TEST(Listing, RowsThatAreNoneAndNoticesAreLeftOut) {
  auto all = rows();
  all.push_back({Table::kAlarms, "lab/f9/hot", "{"});
  all.push_back({Table::kTold, "lab/f9/hot", "{}"});
  Alarm notice{.key = {"lab", "f4", "on"}, .standing = Standing::kUnacknowledged};
  notice.message.kind = AlarmKind::kNotice;
  all.push_back({Table::kAlarms, row_id(notice.key), to_row(notice)});
  EXPECT_EQ(listed({}, all).size(), 3U);
}

TEST(Listing, AShelfOfANamedGroupShows) {
  auto all = rows();
  Shelf shelf{
      .id = "s", .match = {{{"site", {"basement"}}}}, .until = kNow + hours{1}, .by = "Ann"};
  all.push_back({Table::kShelves, shelf.id, to_row(shelf)});
  BridgeConfig config;
  config.site_of_fridge = {{"f1", "basement"}};
  const json list = parse_json(alarms_json(all, {}, config, kNow));
  ASSERT_EQ(list.size(), 3U);
  for (const json& one : list) EXPECT_EQ(one["shelved"], one["fridge"] == "f1") << one;
  const json later = parse_json(alarms_json(all, {}, config, kNow + hours{2}));
  for (const json& one : later) EXPECT_EQ(one["shelved"], false) << one;
}

TEST(Listing, TheTableIsForPeople) {
  EXPECT_EQ(alarms_table(rows(), {}, {}, zone("Europe/Berlin"), kNow),
            "FRIDGE  RULE  SEVERITY  STATE           SINCE                FLAGS   TEXT\n"
            "f2      hot   critical  unacknowledged  2026-03-01 01:00:00          hot of f2\n"
            "f1      hot   warning   unacknowledged  2026-03-01 01:00:00          hot of f1\n"
            "f3      dry   info      acknowledged    2026-03-01 01:00:00  by Ann  dry of f3\n");
  EXPECT_EQ(alarms_table({}, {}, {}, zone(), kNow), "no alarm\n");
}

TEST(Listing, TheHistoryForPeopleAndPrograms) {
  const std::vector<HistoryLine> lines{
      {1, {kNow, "alarm", "f1", "hot", "began: hot\nand dry", R"({"a":1})"}},
      {2, {kNow + hours{1}, "command", "", "", "command ack: 1 alarm", "no JSON"}}};
  EXPECT_EQ(history_table(lines, zone()),
            "TIME                 KIND     FRIDGE  RULE  WHAT\n"
            "2026-03-01 00:00:00  alarm    f1      hot   began: hot and dry\n"
            "2026-03-01 01:00:00  command                command ack: 1 alarm\n");
  EXPECT_EQ(history_table({}, zone()), "no history\n");
  const json list = parse_json(history_json(lines));
  EXPECT_EQ(list.at(0)["body"], (json{{"a", 1}}));
  EXPECT_FALSE(list.at(1).contains("body"));
  EXPECT_FALSE(list.at(1).contains("fridge"));
}

}  // namespace
}  // namespace coldwatch
