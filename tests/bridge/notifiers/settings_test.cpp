// Wrong configs of notifiers: every mistake has its place, none shows a secret.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/bridge/notifiers/notifier_helper.hpp"
#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

struct Case {
  const char* type;
  json change;  // merged into a good config
  const char* path;
};

const Case kCases[] = {
    {"smoke", json::object(), "type"},
    {"console", {{"link", "lab.org"}}, "link"},
    {"console", {{"texts", {{"no such", "x"}}}}, "texts.no such"},
    {"console", {{"retian", true}}, "retian"},
    {"slack", {{"secrets", {{"url", "slack.com/T0KEN"}}}}, "url_file"},
    {"slack", {{"secrets", {{"url", "https://x.y/\r\nT0KEN"}}}}, "url_file"},
    {"slack", {{"secrets", nullptr}}, "url_file"},
    {"slack", {{"url", "https://hooks.slack.com/T0KEN"}}, "url"},
    {"webhook", {{"url", "ftp://lab.org"}, {"secrets", nullptr}}, "url"},
    {"webhook", {{"secrets", {{"secret", "whsec_short"}}}}, "secret_file"},
    {"webhook", {{"body", "{{#open}}"}}, "body"},
    {"webhook", {{"format", "prometheus"}}, "format"},
    {"webhook", {{"format", "alertmanager"}, {"body", "{{title}}"}}, "body"},
    {"email", {{"to", json::array()}}, "to"},
    {"email", {{"to", {"not an address"}}}, "to"},
    {"email", {{"to", {"a@b>\r\nRCPT TO:<c@d"}}}, "to"},
    {"email", {{"from", "two@signs@lab.org"}}, "from"},
    {"email", {{"host", "mail.lab.org/path"}}, "host"},
    {"email", {{"security", "none"}}, "security"},
    {"email", {{"security", "ssl"}}, "security"},
    {"email", {{"user", nullptr}}, "user"},
    {"email", {{"ehlo", "a b"}}, "ehlo"},
    {"email", {{"port", 70000}}, "port"},
    {"exec", {{"program", {"siren"}}}, "program"},
    {"exec", {{"program", json::array()}}, "program"},
    {"exec", {{"limit", "1h"}}, "limit"},
    {"mqtt", {{"topic", "lab/#"}}, "topic"},
    {"mqtt", {{"topic", "$SYS/x"}}, "topic"},
    {"mqtt", {{"topic", ""}}, "topic"},
    {"ntfy", {{"secrets", {{"topic", "a b"}}}}, "topic"},
    {"ntfy", {{"api_url", "ntfy.sh"}}, "api_url"},
    {"dingtalk", {{"secrets", {{"url", "https://oapi.dingtalk.com/"}}}}, "url_file"},
    {"wecom", {{"mention", {"</font>"}}}, "mention"},
    {"telegram", {{"chat_id", nullptr}}, "chat_id"},
    {"pushover", {{"ring_every", "5s"}}, "ring_every"},
    {"pagerduty", {{"secrets", nullptr}}, "routing_key_file"},
};

TEST(NotifierSettings, MistakesAreNamed) {
  for (const Case& one : kCases) {
    json config = good_config(one.type);
    config.merge_patch(one.change);
    SCOPED_TRACE(std::string{one.type} + " " + one.change.dump());
    Mistakes mistakes;
    make_test_notifier(one.type, config, &mistakes);
    ASSERT_FALSE(mistakes.empty());
    EXPECT_EQ(mistakes.front().path, std::string{"notifiers[0]."} + one.path);
    EXPECT_EQ(describe(mistakes, "x").find("T0KEN"), std::string::npos);
  }
}

TEST(NotifierSettings, ATokenOfAMailServerIsASecret) {
  using std::filesystem::perms;
  const TempFolder folder;
  folder.write("token", "T0KEN\n");
  json config = good_config("email");
  config.merge_patch({{"user", "alarms"}, {"oauth2_token_file", folder.file("token")}});
  config.erase("secrets");
  for (const auto& [mode, good] :
       {std::pair{0600U, true}, {0640U, true}, {0644U, false}, {0602U, false}}) {
    std::filesystem::permissions(folder.file("token"), static_cast<perms>(mode));
    Mistakes mistakes;
    make_test_notifier("email", config, &mistakes);
    EXPECT_EQ(mistakes.empty(), good) << mode << describe(mistakes, "x");
    if (good || mistakes.empty()) continue;
    EXPECT_EQ(mistakes.front().path, "notifiers[0].oauth2_token_file");
    EXPECT_NE(mistakes.front().text.find("every user of this machine may"), std::string::npos);
  }
}

TEST(NotifierSettings, AnUnknownLanguageIsAMistake) {
  Mistakes mistakes;
  make_test_notifier("console", json::object(), &mistakes, "de");
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(mistakes.front().path, "notifiers[0].language");
}

TEST(NotifierSettings, RequestsOfAMessageStayWithinTheLimitOfTheService) {
  json config = good_config("wecom");
  EXPECT_EQ(make_test_notifier("wecom", config)->limits().messages, 10);
  config["mention"] = {"@all"};
  EXPECT_EQ(make_test_notifier("wecom", config)->limits().messages, 6);
  config["pictures"] = false;
  EXPECT_EQ(make_test_notifier("wecom", config)->limits().messages, 10);
}

}  // namespace
}  // namespace coldwatch
