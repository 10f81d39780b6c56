#include "common/settings.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "common/files.hpp"
#include "common/json.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

using std::chrono::seconds;

/// What a reader of everything that a small config may hold says about `text`.
std::string mistakes_in(std::string_view text) {
  Mistakes mistakes;
  const nlohmann::json config = parse_settings(text, mistakes);
  {
    SettingsReader reader{config, "", mistakes};
    reader.required_text("fridge");
    reader.duration("poll", seconds{1}, Milliseconds{50}, seconds{60});
    reader.flag("console", false);
    reader.number("ratio", 1, 0, 10);
    reader.integer("count", 5, 1, 9);
    reader.texts("names");
    reader.text_map("units");
    constexpr std::string_view kWords[] = {"auto", "5"};
    reader.choice("protocol", kWords, 0);
    for (SettingsReader& rule : reader.sections("rules")) {
      rule.required_text("id");
      SettingsReader low = rule.section("low");
      low.optional_number("at");
    }
  }
  return describe(mistakes, "c.json");
}

TEST(Settings, AGoodConfigHasNoMistakes) {
  EXPECT_EQ(mistakes_in(R"({
    // a comment
    "fridge": "triton1", "poll": "250ms", "console": true, "ratio": 2, "count": 9,
    "names": ["a"], "units": {"a": "K"}, "protocol": "5", /* another */
    "rules": [{"id": "x", "low": {"at": -1e-3}}]})"),
            "");
}

TEST(Settings, EveryMistakeIsNamedWithItsPlace) {
  const std::pair<const char*, const char*> table[] = {
      {R"({})", "c.json: fridge: is missing and has no default\n"},
      {R"({"fridge": ""})", "c.json: fridge: found an empty text, expected a value\n"},
      {R"({"fridge": 7})", "c.json: fridge: found 7, expected a text in quotes\n"},
      {R"({"fridge": "f", "fridgee": 1})",
       "c.json: fridgee: unknown key, did you mean \"fridge\"?\n"},
      {R"({"fridge": "f", "zzz": 1})", "c.json: zzz: unknown key\n"},
      {R"({"fridge": "f", "poll": 1})",
       "c.json: poll: found 1, expected a duration from \"50ms\" to \"1m\", such as \"90s\", "
       "\"5m\", "
       "\"2h\" or \"7d\"\n"},
      {R"({"fridge": "f", "poll": "1ms"})",
       "c.json: poll: found \"1ms\", expected a duration from \"50ms\" to \"1m\", such as \"90s\", "
       "\"5m\", \"2h\" or \"7d\"\n"},
      {R"({"fridge": "f", "console": "yes"})",
       "c.json: console: found \"yes\", expected true or false\n"},
      {R"({"fridge": "f", "ratio": 11})",
       "c.json: ratio: found 11, expected a number from 0 to 10\n"},
      {R"({"fridge": "f", "count": 1.5})",
       "c.json: count: found 1.5, expected a whole number from 1 to 9\n"},
      {R"({"fridge": "f", "names": [1]})",
       "c.json: names: found [1], expected a list of texts [\"...\", \"...\"]\n"},
      {R"({"fridge": "f", "units": {"a": 1}})",
       "c.json: units: found {\"a\":1}, expected an object of texts {\"name\": \"text\"}\n"},
      {R"({"fridge": "f", "protocol": "4"})",
       "c.json: protocol: found \"4\", expected \"auto\" or \"5\"\n"},
      {R"({"fridge": "f", "rules": {}})",
       "c.json: rules: found {}, expected a list of objects [{ ... }, { ... }]\n"},
      {R"({"fridge": "f", "rules": [{"id": "a"}, {"id": "b", "low": {"at": "x"}}]})",
       "c.json: rules[1].low.at: found \"x\", expected a number\n"},
      {R"({"fridge": "f", "rules": [3]})",
       "c.json: rules[0]: found 3, expected an object { ... }\n"
       "c.json: rules[0].id: is missing and has no default\n"},
      {R"({"fridge": "f", "fridge": "g"})",
       "c.json: fridge: stands twice in the same object, expected once\n"},
      {R"([1])",
       "c.json: found [1], expected an object { ... }\n"
       "c.json: fridge: is missing and has no default\n"},
  };
  for (const auto& [config, expected] : table) EXPECT_EQ(mistakes_in(config), expected) << config;
}

TEST(Settings, BrokenSyntaxIsShownWithLineAndColumn) {
  const std::string said = mistakes_in("{\n  \"fridge\": \"f\",\n  \"poll\" \"1s\"\n}");
  EXPECT_NE(said.find("c.json: line 3, column 1"), std::string::npos) << said;
}

TEST(Settings, AMissingFileIsASentence) {
  Mistakes mistakes;
  load_settings("/nowhere/agent.json", mistakes);
  ASSERT_EQ(mistakes.size(), 1u);
  EXPECT_NE(mistakes[0].text.find("nowhere"), std::string::npos);
}

class Secret : public testing::Test {
 protected:
  std::string read(const std::string& config, bool must_exist = true) {
    mistakes_.clear();
    const nlohmann::json parsed = parse_settings(config, mistakes_);
    SettingsReader reader{parsed, "broker", mistakes_};
    return read_secret(reader, "password", must_exist);
  }
  TempFolder folder_;
  Mistakes mistakes_;
};

TEST_F(Secret, ComesFromTheFirstLineOfAFile) {
  folder_.write("pw", "hunter2\r\nnot this\n");
  std::string file = folder_.file("pw");
  EXPECT_EQ(read(nlohmann::json{{"password_file", file}}.dump()), "hunter2");
  EXPECT_TRUE(mistakes_.empty());
}

TEST_F(Secret, IsRefusedWhereEverybodyMayReadIt) {
  using std::filesystem::perms;
  folder_.write("pw", "hunter2\n");
  const std::string file = folder_.file("pw");
  std::filesystem::permissions(file, perms::others_read, std::filesystem::perm_options::add);
  const bool visible =
      (std::filesystem::status(file).permissions() & perms::others_read) != perms::none;
  if (!visible || !is_open_to_everyone(file)) GTEST_SKIP() << "this system has no such permission";
  EXPECT_EQ(read(nlohmann::json{{"password_file", file}}.dump()), "");
  ASSERT_EQ(mistakes_.size(), 1u);
  EXPECT_EQ(mistakes_[0].path, "broker.password_file");
  EXPECT_NE(mistakes_[0].text.find("every user of this machine"), std::string::npos);
  EXPECT_EQ(mistakes_[0].text.find("hunter2"), std::string::npos);
  std::filesystem::permissions(file, perms::others_read, std::filesystem::perm_options::remove);
  EXPECT_EQ(read(nlohmann::json{{"password_file", file}}.dump()), "hunter2");
}

TEST_F(Secret, IsRefusedWhereEverybodyMayChangeIt) {
  using std::filesystem::perms;
  folder_.write("pw", "hunter2\n");
  const std::string file = folder_.file("pw");
  const auto set = [&file](unsigned mode) {
    std::filesystem::permissions(file, static_cast<perms>(mode));
  };
  set(0602);
  if (!is_writable_by_everyone(file)) GTEST_SKIP() << "this system has no such permission";
  const std::string config = nlohmann::json{{"password_file", file}}.dump();
  for (const unsigned mode : {0602U, 0666U, 0646U}) {
    set(mode);
    EXPECT_EQ(read(config), "") << mode;
    ASSERT_EQ(mistakes_.size(), 1u) << mode;
    EXPECT_NE(mistakes_[0].text.find(file + ": every user of this machine may "),
              std::string::npos);
    EXPECT_NE(mistakes_[0].text.find("chmod o-rwx"), std::string::npos);
  }
  for (const unsigned mode : {0600U, 0640U, 0660U, 0400U}) {
    set(mode);
    EXPECT_EQ(read(config), "hunter2") << mode;
  }
}

TEST_F(Secret, IsNeverAConfigValueAndNeverRepeatedInAMistake) {
  EXPECT_EQ(read(R"({"password": "hunter2"})"), "");
  ASSERT_EQ(mistakes_.size(), 1u);
  EXPECT_EQ(mistakes_[0].path, "broker.password");
  EXPECT_EQ(mistakes_[0].text.find("hunter2"), std::string::npos);
}

TEST_F(Secret, SaysWhatIsWrongWithItsSource) {
  folder_.write("empty", "\n");
  const std::string empty = nlohmann::json{{"password_file", folder_.file("empty")}}.dump();
  const std::string absent = nlohmann::json{{"password_file", folder_.file("absent")}}.dump();
  for (const std::string& config :
       {empty, absent, std::string{R"({"password_env": "COLDWATCH_TEST_UNSET"})"},
        std::string{R"({"password_env": "A", "password_file": "b"})"}}) {
    EXPECT_EQ(read(config), "") << config;
    EXPECT_FALSE(mistakes_.empty()) << config;
  }
  EXPECT_EQ(read(absent, false), "");
  EXPECT_TRUE(mistakes_.empty());
}

}  // namespace
}  // namespace coldwatch
