#include "agent/init.hpp"

#include <gtest/gtest.h>

#include "agent/config.hpp"
#include "common/json.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

std::string error;

Inspection inspect_folder(const std::string& folder) {
  return inspect({.folder = folder, .zone = *TimeZone::find("UTC", error)},
                 UtcTime{Milliseconds{1'800'000'000'000}});
}

void write_fridge(const TempFolder& folder) {
  folder.write("CH6 T 26-06-28.log", "28-06-26,00:00:02,0.01\n28-06-26,00:00:12,0.011\n");
  folder.write("CH6 R 26-06-28.log", "28-06-26,00:00:02,9000\n28-06-26,00:00:12,8900\n");
  folder.write("maxigauge 26-06-28.log", "28-06-26,00:00:02,CH1,P1,1,2.0E-6,0,1,\n");
}

/// Mistakes of the config `text`, once it is a file.
std::string mistakes_of(const TempFolder& folder, const std::string& text) {
  folder.write("agent.json", text);
  Mistakes mistakes;
  load_agent_config(folder.file("agent.json"), mistakes);
  return mistakes.empty() ? "" : describe(mistakes, "agent.json");
}

TEST(Init, MakesAConfigThatIsAccepted) {
  const TempFolder folder;
  write_fridge(folder);
  const Inspection inspection = inspect_folder(folder.path());
  ASSERT_EQ(inspection.problem, "");
  const auto channels = channels_of(inspection);
  ASSERT_EQ(channels.size(), 1);
  EXPECT_EQ(channels.at("main")->size(), 3);
  const std::string text = make_agent_config("/data/Fridge #1/", "", inspection, {});
  EXPECT_NE(text.find("\"fridge\": \"fridge_1\""), text.npos) << text;
  EXPECT_NE(text.find("\"format\": \"bluefors\""), text.npos) << text;
  EXPECT_NE(text.find("//   CH6_T  \"CH6 T\"  last 0.011 K\n"), text.npos) << text;
  EXPECT_NE(text.find("\"id\": \"warm\", \"channel\": \"CH6_T\""), text.npos) << text;
  EXPECT_EQ(mistakes_of(folder, text), "");
}

TEST(Init, NamesTheLibraryWhoseRulesFit) {
  const TempFolder folder;
  write_fridge(folder);
  const std::vector<LibraryFit> fits{
      {"bluefors",
       "Bluefors LD",
       {{"mc_warm", {"CH6 T"}, "critical: warm"}, {"log_stopped", {}, "critical: silent"}},
       {{"water_in", "no \"cpatempwi\""}, {"flow", "no \"flow\""}, {"water", "no \"cpatempwi\""}}},
      {"twin",
       "A twin",
       {{"a", {"A", "B", "C", "D", "E"}, "warning: a"}, {"b", {"B"}, "notice: b"}},
       {{"c", "no \"C\""}}},
      {"other", "Other", {{"log_stopped", {}, "critical: silent"}}, {}}};
  const std::string text =
      make_agent_config(folder.path(), "rules", inspect_folder(folder.path()), fits);
  EXPECT_NE(text.find("\"rule_library\": \"bluefors\""), text.npos) << text;
  EXPECT_NE(text.find("\"rule_library_folder\": \"rules\""), text.npos) << text;
  for (const char* line :
       {"// Bluefors LD: 2 of its 5 rules fit this log:\n", "//   mc_warm (CH6 T) critical: warm\n",
        "//   log_stopped (the log as a whole) critical: silent\n",
        "//   water_in, water: no \"cpatempwi\"\n", "//   flow: no \"flow\"\n",
        "// Or \"twin\", A twin: 2 of its 3 rules fit this log:\n  //   a, b\n  // and these do "
        "not:\n"
        "  //   c: no \"C\"\n",
        "// With few rules or none for these columns: other (0 of 1).\n", "\"rules\": []"}) {
    EXPECT_NE(text.find(line), text.npos) << line << "\n" << text;
  }
}

TEST(Init, WatchesTheLogItselfWhereNoLibraryHasARuleForItsColumns) {
  const TempFolder folder;
  write_fridge(folder);
  const std::vector<LibraryFit> fits{{"other", "Other", {{"log_stopped", {}, "silent"}}, {}}};
  const std::string text = make_agent_config(folder.path(), "rules", inspect_folder(folder.path()),
                                             fits, {.fridge = "own"});
  EXPECT_NE(text.find("\"rule_library\": \"\""), text.npos) << text;
  EXPECT_NE(text.find("\"id\": \"log_stopped\", \"kind\": \"stale\""), text.npos) << text;
  EXPECT_EQ(mistakes_of(folder, text), "");
}

TEST(Init, CannotBeTrickedByNames) {
  Inspection inspection{.is_folder = true};
  FileReport file{.path = "a", .format = "delimited", .rows = 1};
  for (const char* name : {"T\n\"}, evil", "*/ \\", "\xFF\xFE", ""}) {
    ChannelReport report;
    report.channel = {"key", name, "K\n}", "temperature"};
    report.channel.key += std::to_string(file.channels.size());
    report.last = report.max = 4.2;
    file.channels.push_back(report);
  }
  inspection.files.push_back(file);
  const TempFolder folder;
  for (const char* name : {"/data/\"quoted\"\n", "C:\\Logs\\Fridge\\", "", "///", "/data/\xFF"}) {
    const std::string text = make_agent_config(name, "", inspection, {});
    const std::string mistakes = mistakes_of(folder, text);
    EXPECT_EQ(mistakes.find("JSON"), mistakes.npos) << mistakes << text;
  }
}

TEST(Init, TakesWhatTheLogCannotTell) {
  const std::string text = make_agent_config(
      "/data/fridge1", "", {}, {},
      {.fridge = "bf2", .broker = "mqtts://broker:8883", .user = "u\"x", .password_file = "p w"});
  const auto config = nlohmann::json::parse(text, nullptr, true, true);
  EXPECT_EQ(config["fridge"], "bf2");
  EXPECT_EQ(config["state_file"], "bf2.state.json");
  EXPECT_EQ(config["broker"], parse_json(R"({"uri": "mqtts://broker:8883",
      "user": "u\"x", "password_file": "p w"})"));
}

}  // namespace
}  // namespace coldwatch
