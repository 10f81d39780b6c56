#include "agent/rules/library.hpp"

#include <filesystem>
#include <fstream>
#include <set>

#include "agent/rules/formula.hpp"
#include "agent/rules/library_fit.hpp"
#include "tests/agent/rules/rules_helper.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

const std::string kFolder = COLDWATCH_SOURCE "/config/rules";

SharedChannels columns(std::initializer_list<const char*> names) {
  std::vector<std::string> list{names.begin(), names.end()};
  return std::make_shared<const Channels>(make_channels(list));
}

class LibraryTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!kHaveFormulas) GTEST_SKIP() << "this build has no muParser, which the library needs";
  }
};

TEST_F(LibraryTest, EveryFileHasOnlyRulesThatCanBeRead) {
  const std::set<std::string> families{"bluefors", "dynacool",      "leiden", "oxford-dr200",
                                       "ppms",     "oxford-triton", "xs400"};
  const auto names = library_names(kFolder);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()), families);
  for (const std::string& name : names) {
    ReadEngine read{R"({"rule_library": ")" + name + R"("})", kFolder};
    EXPECT_EQ(describe(read.mistakes, name), "");
    Mistakes mistakes;
    std::set<std::string> ids;
    for (const auto& rule : read_library(kFolder, name, "", mistakes).rules) {
      const auto id = rule.at("id").get<std::string>();
      EXPECT_TRUE(ids.insert(id).second) << name << " has " << id << " twice";
      EXPECT_TRUE(rule.contains("source")) << name << ": " << id << " says not where it is from";
      const bool notice = rule.dump().find("severity") == std::string::npos;
      EXPECT_TRUE(notice || rule.contains("playbook")) << name << ": " << id;
    }
  }
}

TEST_F(LibraryTest, AConfigChangesOneKeyOfARuleOrSwitchesItOff) {
  ReadEngine read{R"({"rule_library": "oxford-triton", "rules": [
      {"id": "water_out_hi", "high": {"at": 37}, "low": {"at": 35}},
      {"id": "oil_hi", "enabled": false},
      {"id": "mine", "channel": "Oil Temp", "high": {"at": 1, "severity": "warning", "text": "x"}}]})",
                  kFolder};
  ASSERT_EQ(describe(read.mistakes, ""), "");
  std::map<std::string, RuleTally> rules;
  for (const auto& tally : read.engine.tally()) rules[tally.rule] = tally;
  EXPECT_EQ(rules.at("water_out_hi").limit, 37);
  EXPECT_EQ(rules.at("water_out_hi").path, "rules[0]");
  EXPECT_EQ(rules.at("water_out_hi").severity, Severity::kCritical) << "kept from the library";
  EXPECT_FALSE(rules.contains("oil_hi"));
  EXPECT_TRUE(rules.contains("mine"));
}

TEST_F(LibraryTest, NamesMistakesOfAnOverrideWhereThePersonWroteThem) {
  ReadEngine read{R"({"rule_library": "oxford-triton", "rules": [
      {"id": "water_out_hi", "high": {"at": 20}}]})",
                  kFolder};
  ASSERT_EQ(read.mistakes.size(), 1U) << describe(read.mistakes, "");
  EXPECT_EQ(read.mistakes[0].path, "rules[0].low.at");
}

TEST_F(LibraryTest, ListsTheLibrariesForANameThatIsNone) {
  ReadEngine read{R"({"rule_library": "oxford-trition"})", kFolder};
  ASSERT_EQ(read.mistakes.size(), 1U);
  EXPECT_EQ(read.mistakes[0].path, "rule_library");
  EXPECT_NE(read.mistakes[0].text.find("bluefors, dynacool, leiden"), std::string::npos);
  EXPECT_EQ(ReadEngine(R"({"rule_library": "../agent"})", kFolder).mistakes.size(), 1U)
      << "a name is no path";
  EXPECT_EQ(ReadEngine(R"({"rule_library": "x"})", "/no/such/folder").mistakes.size(), 1U);
}

TEST_F(LibraryTest, ABrokenFileIsASentenceWithItsName) {
  TempFolder folder;
  const std::pair<const char*, const char*> files[] = {
      {"{", "a.json: "},
      {"[]", "a.json: "},
      {R"({"title": "x"})", "a.json: rules"},
      {R"({"title": "x", "rules": [], "naems": {}})", "a.json: naems"},
      {R"({"title": "x", "rules": [], "names": {"a": 1}})", "a.json: names.a"}};
  for (const auto& [text, path] : files) {
    std::ofstream{folder.path() + "/a.json"} << text;
    ReadEngine read{R"({"rule_library": "a"})", folder.path()};
    ASSERT_FALSE(read.mistakes.empty()) << text;
    EXPECT_NE(read.mistakes[0].path.find(path), std::string::npos) << read.mistakes[0].path;
  }
}

TEST_F(LibraryTest, IsSilentAboutRulesThatTheLogCannotServe) {
  ReadEngine read{R"({"rule_library": "oxford-triton", "rules": [
      {"id": "magnet_hi", "hold": "5m"}]})",
                  kFolder};
  const auto channels = columns({"Motor Current", "PT2 Plate T(K)", "Oil Temp"});
  const auto mistakes = read.engine.check({{"main", channels}});
  ASSERT_EQ(mistakes.size(), 1U) << describe(mistakes, "");
  EXPECT_EQ(mistakes[0].path, "rules[0].channel") << "but not about one that the person changed";

  const std::vector<double> values{24, 3, 36};
  const std::vector<Quality> quality(3, Quality::kGood);
  read.engine.on_row("main", channels, {0, at_second(0), {}, values, quality});
  EXPECT_TRUE(read.engine.states().contains("pt_off"));
  EXPECT_TRUE(read.engine.states().contains("log_stopped"));
  EXPECT_FALSE(read.engine.states().contains("ovc_leak"));
  EXPECT_FALSE(read.engine.describe().dump().find("ovc_leak") != std::string::npos);
}

TEST_F(LibraryTest, SaysWhichLibraryFitsALogAndWhyOtherRulesDoNot) {
  Mistakes mistakes;
  const auto bluefors =
      std::make_shared<const Channels>(Channels{{"CH1_T", "CH1 T", "K", "temperature"},
                                                {"CH2_T", "CH2 T", "K", "temperature"},
                                                {"CH6_T", "CH6 T", "K", "temperature"},
                                                {"pulsetube", "pulsetube", "", ""},
                                                {"P5", "P5", "mbar", "pressure"}});
  const auto fits = fit_libraries(kFolder, {{"a", bluefors}}, mistakes);
  EXPECT_EQ(describe(mistakes, ""), "");
  ASSERT_EQ(fits.size(), 7U);
  EXPECT_EQ(fits[0].library, "bluefors");
  const auto pt_off = std::ranges::find(fits[0].fitting, "pt_off", &LibraryFit::Fitting::id);
  ASSERT_NE(pt_off, fits[0].fitting.end());
  EXPECT_EQ(pt_off->columns, (std::vector<std::string>{"pulsetube", "CH2 T"}));
  EXPECT_EQ(pt_off->words.substr(0, 10), "critical: ");
  const auto flow = std::ranges::find(fits[0].others, "flow_lo", &LibraryFit::Other::id);
  ASSERT_NE(flow, fits[0].others.end());
  EXPECT_EQ(flow->why, "the log has no channel \"Flowmeter\"");
  const auto triton =
      columns({"Motor Current", "PT1 Plate T(K)", "PT2 Plate T(K)", "Dewar (mBar)", "P1 Tank (Bar)",
               "P2 Condense (Bar)", "MC RuO2 T(K)", "Input Water Temp", "Output Water Temp"});
  EXPECT_EQ(fit_libraries(kFolder, {{"main", triton}}, mistakes)[0].library, "oxford-triton");
  const auto own = columns({"Voltage (V)", "Power"});
  EXPECT_EQ(fit_libraries(kFolder, {{"main", own}}, mistakes)[0].own(), 0U)
      << "rules about silence fit any log, and speak for no library";
}

}  // namespace
}  // namespace coldwatch
