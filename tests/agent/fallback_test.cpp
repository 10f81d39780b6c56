#include "agent/fallback.hpp"

#include <gtest/gtest.h>

#include "agent/fallback_sender.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

using std::chrono::minutes;
using Steady = Fallback::SteadyTime;

constexpr UtcTime kBegan{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
constexpr Steady kStart{std::chrono::hours{1}};

FallbackAlarm hot(bool confirmed, Severity severity = Severity::kWarning, UtcTime since = kBegan) {
  return {"hot",
          {.state = AlarmState::kActive, .severity = severity, .text = "Too hot", .since = since},
          confirmed};
}

struct Look {
  int minute;
  bool connected;
  std::optional<FallbackAlarm> alarm;
  bool told;
  std::uint64_t confirmations = 0;
  bool waiting = false;  // something else than the alarm
};

struct Story {
  const char* name;
  std::vector<Look> looks;
};

const std::vector<Story>& stories() {
  static const std::vector<Story> kStories{
      {"no alarm, no message", {{0, false, {}, false}, {60, false, {}, false}}},
      {"the broker may be away for less than five minutes",
       {{0, true, hot(false), false}, {4, false, hot(false), false}, {5, true, hot(true), false}}},
      {"broker away",
       {{0, true, {}, false}, {4, false, hot(false), false}, {5, false, hot(false), true}}},
      {"broker never there", {{0, false, hot(false), false}, {5, false, hot(false), true}}},
      {"told once",
       {{0, true, {}, false},
        {5, false, hot(false), true},
        {6, false, hot(false), false},
        {90, false, hot(false), false}}},
      {"told before the broker went, and told again that it lasts",
       {{0, true, hot(true), false}, {5, false, hot(true), true}, {6, false, hot(true), false}}},
      {"became worse",
       {{0, false, {}, false},
        {5, false, hot(false), true},
        {6, false, hot(false, Severity::kCritical), true},
        {7, false, hot(false), false}}},
      {"another time",
       {{0, false, {}, false},
        {5, false, hot(false), true},
        {6, false, {}, false},
        {7, false, hot(false, Severity::kWarning, kBegan + minutes{9}), true}}},
      {"broker there, no bridge confirms",
       {{0, true, hot(false), false},
        {4, true, hot(false), false},
        {5, true, hot(false), true},
        {6, true, hot(false), false}}},
      {"a bridge confirms in time",
       {{0, true, hot(false), false}, {4, true, hot(true), false}, {9, true, hot(true), false}}},
      {"time without a broker is silence of the bridge as well",
       {{0, true, hot(false), false},
        {1, false, hot(false), false},
        {4, true, hot(false), false},
        {5, true, hot(false), true}}},
      {"a broker that comes and goes, and no bridge",
       {{0, true, {}, false},
        {1, false, hot(false), false},
        {2, true, hot(false), false},
        {3, false, hot(false), false},
        {4, true, hot(false), false},
        {5, false, hot(false), false},
        {6, true, hot(false), true},
        {7, false, hot(false), false}}},
      {"an alarm that comes and goes with the broker, and no bridge",
       {{0, true, hot(false), false},
        {2, false, {}, false, 0, true},
        {4, true, hot(false, Severity::kWarning, kBegan + minutes{4}), false},
        {5, true, hot(false, Severity::kWarning, kBegan + minutes{4}), true}}},
      {"a bridge that was silent before the alarm began",
       {{0, true, {}, false, 0, true},
        {4, true, hot(false), false, 0, true},
        {5, true, hot(false), true, 0, true}}},
      {"a living bridge that is behind is not silent",
       {{0, true, hot(false), false, 3},
        {4, true, hot(false), false, 4},
        {8, false, hot(false), false, 4},
        {8, true, hot(false), false, 5},
        {12, true, hot(false), false, 5},
        {13, true, hot(false), true, 5}}},
      {"a living bridge at a broker that comes and goes",
       {{0, true, hot(false), false},
        {2, false, hot(false), false},
        {4, true, hot(true), false, 1},
        {6, false, hot(true), false, 1},
        {8, true, hot(true), false, 1},
        {12, false, hot(true), false, 1}}},
      {"what a bridge has confirmed waits for nobody",
       {{0, true, hot(true), false, 1, true}, {9, true, hot(true), false, 1, true}}},
      {"a silence ends with its confirmation",
       {{0, true, {}, false, 0, true},
        {9, true, {}, false, 1},
        {10, true, hot(false), false, 1},
        {14, true, hot(false), false, 1},
        {15, true, hot(false), true, 1}}},
  };
  return kStories;
}

TEST(Fallback, TellsWhatNobodyElseCanHaveTold) {
  for (const Story& story : stories()) {
    Fallback fallback{minutes{5}, {}};
    for (const Look& look : story.looks) {
      std::vector<FallbackAlarm> active;
      if (look.alarm) active.push_back(*look.alarm);
      const FallbackHearing heard{.connected = look.connected,
                                  .waiting = look.waiting || (look.alarm && !look.alarm->confirmed),
                                  .confirmations = look.confirmations};
      const auto due = fallback.due(active, heard, kStart + minutes{look.minute});
      EXPECT_EQ(!due.empty(), look.told) << story.name << ", minute " << look.minute;
      fallback.told(due);
    }
  }
}

TEST(Fallback, RemembersOverARestart) {
  Fallback before{minutes{5}, {}};
  before.told({hot(false)});
  Fallback after{minutes{5}, before.all_told()};
  EXPECT_TRUE(after.due({}, {}, kStart).empty());  // the rules have not seen the log yet
  EXPECT_TRUE(after.due({hot(false)}, {.waiting = true}, kStart + minutes{50}).empty());
}

TEST(Fallback, WhatNobodyTookIsDueAgain) {
  Fallback fallback{minutes{5}, {}};
  EXPECT_TRUE(fallback.due({hot(false)}, {.waiting = true}, kStart).empty());
  EXPECT_EQ(fallback.due({hot(false)}, {.waiting = true}, kStart + minutes{5}).size(), 1U);
  EXPECT_EQ(fallback.due({hot(false)}, {.waiting = true}, kStart + minutes{6}).size(), 1U);
}

TEST(Fallback, MessageSaysWhatItIsAndKeepsItsId) {
  FallbackAlarm hostile = hot(false);
  hostile.message.text = "Too hot\r\nBcc: evil@x.org";
  const auto first = fallback_message("lab", "triton1", {hostile}, minutes{5}, kBegan);
  const auto again = fallback_message("lab", "triton1", {hostile}, minutes{5}, kBegan + minutes{1});
  EXPECT_EQ(first.id, again.id);
  EXPECT_NE(first.id, fallback_message("lab", "bf2", {hostile}, minutes{5}, kBegan).id);
  EXPECT_NE(first.text.find("This is the fallback: the agent of triton1"), std::string::npos);
  EXPECT_NE(first.text.find("for 5 min"), std::string::npos);
  EXPECT_EQ(first.text.find("\nBcc"), std::string::npos);
  EXPECT_EQ(parse_json(first.json)["data"]["items"].size(), 1U);
}

struct Section {
  const char* text;
  const char* mistake;  // nullptr for none
};

class FallbackSection : public testing::TestWithParam<Section> {};

TEST_P(FallbackSection, IsChecked) {
  Mistakes mistakes;
  const auto value = parse_settings(GetParam().text, mistakes);
  read_fallback(SettingsReader{value, "fallback", mistakes}, false);
  // A machine without libcurl adds a mistake of its own.
  std::erase_if(mistakes, [](const Mistake& one) {
    return !FallbackSender::available() && one.text.starts_with("libcurl is not installed");
  });
  if (GetParam().mistake == nullptr) {
    EXPECT_TRUE(mistakes.empty()) << describe(mistakes, "config");
  } else {
    ASSERT_FALSE(mistakes.empty());
    EXPECT_EQ(mistakes.front().path, GetParam().mistake) << mistakes.front().text;
  }
}

constexpr Section kSections[] = {
    {R"({})", nullptr},
    {R"({"after": "10m", "url_file": "hook.url"})", nullptr},
    {R"({"email": {"host": "h", "from": "a@b", "to": ["c@d"]}})", nullptr},
    {R"({"after": 5})", "fallback.after"},
    {R"({"after": "0s"})", "fallback.after"},
    {R"({"afterr": "5m"})", "fallback.afterr"},
    {R"({"url": "https://x.org"})", "fallback.url"},
    {R"({"url_file": "a", "url_env": "B"})", "fallback.url_env"},
    {R"({"email": {"from": "a@b", "to": ["c@d"]}})", "fallback.email.host"},
    {R"({"email": {"host": "h", "to": ["c@d"]}})", "fallback.email.from"},
    {R"({"email": {"host": "h", "from": "A <a@b>", "to": ["c@d"]}})", "fallback.email.from"},
    {R"({"email": {"host": "h", "from": "a@b"}})", "fallback.email.to"},
    {R"({"email": {"host": "h", "from": "a@b", "to": ["c d"]}})", "fallback.email.to"},
    {R"({"email": {"host": "h", "from": "a@b", "to": ["c@d"], "security": "ssl"}})",
     "fallback.email.security"},
    {R"({"url_file": "x", "email": {"host": "h", "from": "a@b", "to": ["c@d"]}})",
     "fallback.email"},
};

INSTANTIATE_TEST_SUITE_P(All, FallbackSection, testing::ValuesIn(kSections));

}  // namespace
}  // namespace coldwatch
