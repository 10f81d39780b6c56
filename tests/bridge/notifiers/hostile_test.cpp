// A17: whatever stands in a log, a payload or a name shows literally on every service. It calls nobody,
// opens no link, adds no header, ends no markup, and turns no writing round. A table of what people and
// instruments may write, and for every service the rules of its own dialect.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "bridge/notifiers/layout.hpp"
#include "common/text.hpp"
#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;
using std::string_literals::operator""s;

const std::string kPayloads[] = {
    "@everyone @here @all @channel <!channel> <!here> <@U123> <@&123> <#C1> <@all>",
    "<at user_id=\"all\">all</at> <at id=all></at> <person id=\"x\"/> [CQ:at,qq=all] @13800000000",
    "[click](http://evil.example) ![x](http://evil.example/x.png) <http://evil.example|click>",
    "<a href=\"http://evil.example\">x</a> <b>x</b> <script>x</script> </td></table> <img src=x>",
    "</font></p> & &amp; &lt;script&gt; &#60; ' \" <!-- --> ]]> <?x?>",
    "**b** __u__ _i_ *i* ~~s~~ ||spoiler|| `c` ```b``` # h > q - l 1. l | a | b | --- \\ \\* \\",
    "\r\nBcc: evil@x.example\r\nSubject: other\r\n\r\n.\r\nMAIL FROM:<evil@x.example>\r\n\n\r",
    "10 \u202eK 1.0\u202c \u200b\u2066\u2069\u200e\u200f\u2028\u2029\ufeff\u0085\U000E0041",
    "NUL \0 BEL \a ESC \x1b[31m\x1b]0;title\a DEL \x7f"s,
    "broken \xff\xfe \xc3\x28 \xe6\xb8 \xed\xa0\x80 \xf4\x90\x80\x80 \xc0\xaf",
    "{{title}} {{{text}}} {{#a}}x{{/a}} {{! comment }} {{> partial }} {{=<% %>=}}",
    "\"}],\"channel\":\"#general\",\"x\":[{\" \\u0000 \\n %s %n $(id) `id` ${HOME} ; rm -rf /",
    std::string(100'000, 'x'),
    [] {
      std::string text;
      for (int i = 0; i < 20'000; ++i) text += "冷🔥";
      return text;
    }(),
};

Notification alarm_of(const std::string& hostile) {
  NotificationItem item = item_with_trend(hostile);
  item.text = item.channel = item.unit = item.playbook = item.acknowledged_by = hostile;
  item.key.site = item.key.rule = item.cause = hostile;
  Notification notification = test_alarm({item});
  notification.title = notification.question = hostile;
  notification.active.push_back(test_item("other " + hostile));
  return notification;
}

/// Every text in a JSON value, the names of its keys left out.
void collect(const json& value, std::vector<std::string>& texts) {
  if (value.is_string()) texts.push_back(value.get<std::string>());
  if (!value.is_structured()) return;
  for (const json& one : value) collect(one, texts);
}
std::vector<std::string> texts_of(const json& value) {
  std::vector<std::string> texts;
  collect(value, texts);
  return texts;
}

void expect_none_of(std::string_view characters, const std::string& text) {
  const auto found = text.find_first_of(characters);
  EXPECT_EQ(found, text.npos) << "..." << text.substr(found == text.npos ? 0 : found, 60);
}

/// Without the markup that the notifier itself writes.
std::string without(std::string text, std::initializer_list<const char*> own) {
  for (const std::string part : own) {
    for (auto at = text.find(part); at != text.npos; at = text.find(part)) {
      text.erase(at, part.size());
    }
  }
  return text;
}

void expect_slack(const json& body) {
  EXPECT_EQ(body.at("mrkdwn"), false);
  EXPECT_EQ(body.at("unfurl_links"), false);
  EXPECT_EQ(body.at("unfurl_media"), false);
  for (const json& block : body.value("blocks", json::array())) {
    EXPECT_EQ(block.at("text").at("type"), "plain_text");
  }
  for (const std::string& text : texts_of(body)) {
    expect_none_of("<>", text);
    EXPECT_EQ(without(text, {"&amp;", "&lt;", "&gt;"}).find('&'), text.npos) << text;
  }
}

void expect_feishu(const json& body) {
  if (body.at("msg_type") == "text") return expect_none_of("<@", body.at("content").at("text"));
  const json& card = body.at("card");
  EXPECT_EQ(card.at("header").at("title").at("tag"), "plain_text");
  for (const json& element : card.at("elements")) {
    EXPECT_EQ(element.at("tag"), "div");
    expect_none_of("<>*_~`[]", without(element.at("text").at("content"), {"**"}));
  }
}

void expect_wecom(const json& body) {
  EXPECT_FALSE(body.contains("link") || body.contains("news"));
  if (body.at("msgtype") == "image") return;
  const bool markdown = body.at("msgtype") == "markdown";
  const std::string text = body.at(markdown ? "markdown" : "text").at("content");
  expect_none_of("<>*`[]#@", markdown ? without(text, {"**"}) : text);
}

void expect_dingtalk(const json& body) {
  if (body.contains("at")) {
    EXPECT_EQ(body.at("at").value("isAtAll", false), false);
    EXPECT_TRUE(body.at("at").value("atMobiles", json::array()).empty());
  }
  for (const std::string& text : texts_of(body)) {
    expect_none_of("<>*`[]#@", without(text, {"### ", "**"}));
  }
}

/// A TextBlock would read markdown, a TextRun shows what it is given.
void expect_teams(const json& body) {
  const json& card = body.at("attachments").at(0).at("content");
  EXPECT_FALSE(card.contains("actions"));
  for (const json& block : card.at("body")) {
    EXPECT_EQ(block.at("type"), "RichTextBlock");
    for (const json& run : block.at("inlines")) {
      EXPECT_EQ(run.at("type"), "TextRun");
      EXPECT_FALSE(run.contains("selectAction"));
    }
  }
}

void expect_discord(const json& body) {
  EXPECT_EQ(body.at("allowed_mentions"), json({{"parse", json::array()}}));
  EXPECT_FALSE(body.contains("components"));
  std::vector<std::string> texts{body.at("content")};
  for (const json& embed : body.value("embeds", json::array())) {
    EXPECT_FALSE(embed.contains("url"));
    texts.push_back(embed.at("description"));
  }
  for (const std::string& text : texts) {
    const std::string own = without(text, {"**", "\\\\"});
    for (std::size_t i = 0; i < own.size(); ++i) {
      const char c = own[i];
      if (c == '@') {
        EXPECT_EQ(own.substr(i + 1, 3), "\u200B");
      }
      if (std::string_view{"*_~`|>[]#<"}.find(c) == std::string_view::npos) continue;
      EXPECT_TRUE(i > 0 && own[i - 1] == '\\') << own.substr(i > 20 ? i - 20 : 0, 40);
    }
  }
}

void expect_telegram(const json& body) {
  EXPECT_TRUE(body.at("link_preview_options").at("is_disabled").get<bool>());
  EXPECT_FALSE(body.contains("reply_markup"));
  if (!body.contains("parse_mode")) return;
  EXPECT_EQ(body.at("parse_mode"), "HTML");
  const std::string text = without(body.at("text"), {"<b>", "</b>", "&amp;", "&lt;", "&gt;"});
  expect_none_of("<>&", text);
}

void expect_ntfy(const json& body) {
  for (const char* key : {"markdown", "actions", "attach", "click", "icon", "email", "call"}) {
    EXPECT_FALSE(body.contains(key)) << key;
  }
}

void expect_pagerduty(const json& body) { EXPECT_FALSE(body.contains("links")); }

void expect_pushover(const std::string& form) {
  expect_none_of("\r\n <>\"", form);
  std::set<std::string> keys;
  for (const std::string_view pair : split(form, '&')) {
    keys.insert(std::string{pair.substr(0, pair.find('='))});
  }
  for (const char* key : {"html", "monospace", "url", "device", "sound"}) {
    EXPECT_FALSE(keys.contains(key)) << key;
  }
}

void expect_mail(const std::string& message) {
  static const std::set<std::string> kHeaders{
      "Date",        "From",       "To",           "Subject",        "Message-ID",
      "X-Priority",  "Importance", "MIME-Version", "Auto-Submitted", "X-Auto-Response-Suppress",
      "Content-Type"};
  EXPECT_EQ(without(message, {"\r\n"}).find_first_of("\r\n"), std::string::npos);
  const std::string head = without(message.substr(0, message.find("\r\n\r\n")), {"\r"});
  for (const std::string_view line : split(head, '\n')) {
    EXPECT_LE(line.size(), 998U);
    if (line.starts_with(' ')) continue;  // goes on
    EXPECT_TRUE(kHeaders.contains(std::string{line.substr(0, line.find(':'))})) << line;
  }
  EXPECT_EQ(message.find("evil.example\""), message.npos);
}

void expect_plain(const std::string& text) { expect_none_of("\r\x1b\a", text); }

void expect_request(const std::string& type, const Part& part) {
  const std::string body = body_of(part.request);
  if (type == "email") return expect_mail(body);
  if (type == "console") return expect_plain(body);
  if (type == "pushover") return expect_pushover(body);
  const json object = parse_json_or_discard(body);
  const auto* http = std::get_if<HttpRequest>(&part.request);
  if (object.is_discarded()) {  // a picture: its headers are ours, and checked below
    EXPECT_TRUE(http != nullptr && body.find("\x89PNG") != body.npos) << part.name;
    return;
  }
  static const std::map<std::string, std::function<void(const json&)>> kRules{
      {"slack", expect_slack},        {"feishu", expect_feishu},     {"lark", expect_feishu},
      {"wecom", expect_wecom},        {"dingtalk", expect_dingtalk}, {"teams", expect_teams},
      {"discord", expect_discord},    {"telegram", expect_telegram}, {"ntfy", expect_ntfy},
      {"pagerduty", expect_pagerduty}};
  const auto rules = kRules.find(type);
  if (rules != kRules.end()) return rules->second(object);
  EXPECT_TRUE(type == "webhook" || type == "mqtt" || type == "exec") << type << " has no rules";
}

/// What no message to people may hold, whatever the service.
void expect_visible(const std::string& type, const std::string& body) {
  if (type == "webhook" || type == "mqtt" || type == "exec")
    return;  // for machines, escaped as JSON
  EXPECT_LE(body.size(), 60'000U) << type;
  for (const char* hidden : {"\u202e", "\u2066", "\ufeff", "\u2028", "\u0085"}) {
    EXPECT_EQ(body.find(hidden), body.npos) << type;
  }
  if (type != "discord") {
    EXPECT_EQ(body.find("\u200b"), body.npos);  // there it breaks mentions
  }
}

class Hostile : public testing::TestWithParam<const NotifierType*> {};

TEST_P(Hostile, TextsShowLiterally) {
  const std::string type{GetParam()->name};
  const auto notifier = make_test_notifier(type, good_config(type));
  for (const std::string& payload : kPayloads) {
    for (const bool minimal : {false, true}) {
      RenderContext context = test_context();
      context.minimal = minimal;
      for (const Part& part : notifier->requests(alarm_of(payload), context)) {
        SCOPED_TRACE(part.name + (minimal ? " minimal: " : ": ") + payload.substr(0, 60));
        const std::string body = body_of(part.request);
        if (body.find("\x89PNG") != body.npos) continue;
        EXPECT_EQ(repair_utf8(body), body) << "broken UTF-8";
        EXPECT_EQ(body.find('\0'), body.npos);
        expect_request(type, part);
        expect_visible(type, body);
        if (const auto* http = std::get_if<HttpRequest>(&part.request)) {
          for (const auto& [name, value] : http->headers) expect_none_of("\r\n", name + value);
          expect_none_of("\r\n \"<>", http->url);
        }
      }
    }
  }
}

/// Tags of templates that come from outside are never filled in.
TEST_P(Hostile, MustacheIsNeverFilledIn) {
  const std::string type{GetParam()->name};
  if (type == "email" || type == "pushover")
    return;  // encoded; their texts are those of the others
  const auto notifier = make_test_notifier(type, good_config(type));
  const Notification alarm = alarm_of("{{title}} {{{headline}}}");
  const std::string body = body_of(notifier->requests(alarm, test_context()).front().request);
  EXPECT_NE(body.find("{{title}} {{{headline}}}"), body.npos);
}

INSTANTIATE_TEST_SUITE_P(All, Hostile, testing::ValuesIn(notifier_types()),
                         [](const auto& row) { return std::string{row.param->name}; });

}  // namespace
}  // namespace coldwatch
