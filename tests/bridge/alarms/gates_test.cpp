#include "bridge/alarms/gates.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr UtcTime kNoon = std::chrono::sys_days{std::chrono::January / 5 / 2026} + hours{12};

TimeZone zone(const char* name) {
  std::string error;
  return TimeZone::find(name, error).value();
}

Matcher rule(const char* name) { return {{{"rule", {name}}}}; }

TEST(ShelfGate, TheLongestOneThatMatchesCounts) {
  const Subject subject{"lab", "f1", "hot", "", Severity::kWarning};
  const std::vector<Shelf> shelves{{.id = "a", .match = rule("hot"), .until = kNoon + hours{1}},
                                   {.id = "b", .match = {}, .until = kNoon + hours{2}},
                                   {.id = "c", .match = rule("cold"), .until = kNoon + hours{9}}};
  EXPECT_EQ(shelf_gate(shelves, subject, kNoon), (Gate{GateReason::kShelved, kNoon + hours{2}}));
  EXPECT_EQ(shelf_gate(shelves, subject, kNoon + hours{2}), Gate{});
  EXPECT_EQ(shelf_gate({}, subject, kNoon), Gate{});
}

TEST(QuietGate, FollowsTheWallOfTheZone) {
  struct Row {
    const char* zone;
    hours at;  // from noon UTC
    bool quiet;
    hours until;
  };
  const Hours night{22 * 60, 7 * 60};
  for (const Row& row :
       {Row{"UTC", hours{0}, false, {}}, Row{"UTC", hours{9}, false, {}},
        Row{"UTC", hours{10}, true, hours{19}}, Row{"UTC", hours{13}, true, hours{19}},
        Row{"UTC", hours{19}, false, {}}, Row{"Europe/Zurich", hours{9}, true, hours{18}},
        Row{"Europe/Zurich", hours{18}, false, {}}, Row{"Asia/Shanghai", hours{0}, false, {}},
        Row{"Asia/Shanghai", hours{2}, true, hours{11}}}) {
    const Gate gate = quiet_gate(night, Severity::kWarning, zone(row.zone), kNoon + row.at);
    EXPECT_EQ(!gate.open(), row.quiet) << row.zone << " " << row.at.count();
    if (row.quiet) {
      EXPECT_EQ(gate.until, kNoon + row.until) << row.zone << " " << row.at.count();
    }
    EXPECT_TRUE(quiet_gate(night, Severity::kCritical, zone(row.zone), kNoon + row.at).open());
  }
  EXPECT_TRUE(quiet_gate({}, Severity::kInfo, zone("UTC"), kNoon).open()) << "no quiet hours";
  EXPECT_FALSE(quiet_gate(Hours{11 * 60, 13 * 60}, Severity::kInfo, zone("UTC"), kNoon).open());
}

class Inhibition : public testing::Test {
 protected:
  static Alarm alarm(const char* fridge, const char* name, bool active,
                     Severity severity = Severity::kWarning) {
    Alarm made{.key = {"lab", fridge, name}};
    made.standing = active ? Standing::kUnacknowledged : Standing::kNormal;
    made.message.severity = made.first_severity = severity;
    return made;
  }
  static Subject subject(const Alarm& of, const char* site = "lab") {
    return {site, of.key.fridge, of.key.rule, "", of.severity()};
  }
};

TEST_F(Inhibition, HoldsWhileTheSourceStandsAndALittleLonger) {
  Inhibitions gates{{{rule("water"), rule("hot")}}, seconds{30}};
  const Alarm hot = alarm("f1", "hot", true);
  EXPECT_TRUE(gates.gate(hot, subject(hot), kNoon).open());
  Alarm water = alarm("f2", "water", true);
  EXPECT_TRUE(gates.note(water, subject(water), kNoon));
  EXPECT_FALSE(gates.note(water, subject(water), kNoon)) << "nothing new";
  EXPECT_EQ(gates.gate(hot, subject(hot), kNoon), (Gate{GateReason::kInhibited, std::nullopt}));
  water.standing = Standing::kNormal;
  EXPECT_TRUE(gates.note(water, subject(water), kNoon + minutes{1}));
  const UtcTime end = kNoon + minutes{1} + seconds{30};
  EXPECT_EQ(gates.gate(hot, subject(hot), end - seconds{1}), (Gate{GateReason::kInhibited, end}));
  EXPECT_EQ(gates.next(kNoon + minutes{1}), end);
  EXPECT_TRUE(gates.gate(hot, subject(hot), end).open());
  EXPECT_FALSE(gates.next(end));
}

TEST_F(Inhibition, DemandsTheSameFridgeOrSiteWhereTheRuleDoes) {
  Inhibitions same_fridge{{{rule("water"), rule("hot"), true, false}}, seconds{0}};
  Inhibitions same_site{{{rule("water"), rule("hot"), false, true}}, seconds{0}};
  const Alarm water = alarm("f1", "water", true);
  same_fridge.note(water, subject(water, "basement"), kNoon);
  same_site.note(water, subject(water, "basement"), kNoon);
  const Alarm here = alarm("f1", "hot", true);
  const Alarm there = alarm("f2", "hot", true);
  EXPECT_FALSE(same_fridge.gate(here, subject(here), kNoon).open());
  EXPECT_TRUE(same_fridge.gate(there, subject(there), kNoon).open());
  EXPECT_FALSE(same_site.gate(there, subject(there, "basement"), kNoon).open());
  EXPECT_TRUE(same_site.gate(there, subject(there, "attic"), kNoon).open());
}

TEST_F(Inhibition, NeverSilencesTwoAlarmsByEachOther) {
  Inhibitions gates{{{rule("*"), rule("*")}}, seconds{0}};
  const Alarm a = alarm("f1", "a", true);
  const Alarm b = alarm("f1", "b", true);
  gates.note(a, subject(a), kNoon);
  gates.note(b, subject(b), kNoon);
  EXPECT_TRUE(gates.gate(a, subject(a), kNoon).open());
  EXPECT_TRUE(gates.gate(b, subject(b), kNoon).open());
}

TEST_F(Inhibition, LetsARiseToCriticalThrough) {
  Inhibitions gates{{{rule("water"), rule("hot")}}, seconds{0}};
  const Alarm water = alarm("f1", "water", true);
  gates.note(water, subject(water), kNoon);
  Alarm hot = alarm("f1", "hot", true, Severity::kCritical);
  EXPECT_FALSE(gates.gate(hot, subject(hot), kNoon).open()) << "critical from the beginning";
  hot.first_severity = Severity::kWarning;
  EXPECT_TRUE(gates.gate(hot, subject(hot), kNoon).open());
}

}  // namespace
}  // namespace coldwatch
