// A17: what comes from a log or a broker shows literally; it pings nobody, opens no link, adds no
// header, and ends no quotation.
#include "bridge/notifiers/escaping.hpp"

#include <gtest/gtest.h>

#include "common/text.hpp"
#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

const std::string kHostile =
    "\r\nBcc: x@y\r\n<!channel> <@U1> <#C1> @everyone @here <at id=all></at> </font> "
    "_*~`[a](http://e) "
    "<b>b</b> <script>x</script> {{id}} \" \\ \x01\x1b[31m \xff\xc3\x28 \xe2\x80\xae";

Notification hostile_alarm() {
  NotificationItem item = test_item(kHostile);
  item.text = item.channel = item.unit = item.playbook = item.acknowledged_by = kHostile;
  item.key.site = item.key.rule = item.cause = kHostile;
  Notification notification = test_alarm({item});
  notification.title = notification.incident = notification.id = kHostile;
  notification.active.push_back(test_item("other" + kHostile));
  return notification;
}

TEST(Escaping, HostileTextIsNoMarkupOnAnyService) {
  for (const NotifierType* type : notifier_types()) {
    const std::string name{type->name};
    const auto notifier = make_test_notifier(name, good_config(name));
    for (const bool minimal : {false, true}) {
      RenderContext context = test_context();
      context.minimal = minimal;
      for (const Part& part : notifier->requests(hostile_alarm(), context)) {
        SCOPED_TRACE(name + " " + part.name);
        const std::string body = body_of(part.request);
        EXPECT_EQ(repair_utf8(body), body) << "broken UTF-8";
        EXPECT_EQ(body.find('\x1b'), body.npos);
        EXPECT_EQ(body.find("\nBcc"), body.npos);
        if (const auto* http = std::get_if<HttpRequest>(&part.request)) {
          for (const auto& [header, value] : http->headers) {
            EXPECT_EQ(value.find_first_of("\r\n"), value.npos) << header;
          }
          EXPECT_EQ(http->url.find_first_of("\r\n \""), http->url.npos);
        }
      }
    }
  }
}

TEST(Escaping, MentionsAreBrokenWhereServicesReadThem) {
  const auto body = [](const std::string& type) {
    const auto notifier = make_test_notifier(type, good_config(type));
    return body_of(notifier->requests(hostile_alarm(), test_context()).front().request);
  };
  for (const char* type : {"slack", "telegram", "feishu", "wecom", "dingtalk"}) {
    EXPECT_EQ(body(type).find("<!channel>"), std::string::npos) << type;
    EXPECT_EQ(body(type).find("<at "), std::string::npos) << type;
    EXPECT_EQ(body(type).find("</font>"), std::string::npos) << type;
  }
  const json discord = json::parse(body("discord"));
  EXPECT_EQ(discord["allowed_mentions"], json({{"parse", json::array()}}));
  EXPECT_EQ(discord.dump().find("@everyone"), std::string::npos);
}

TEST(Escaping, Tables) {
  EXPECT_EQ(escape_entities("a<b>&amp;"), "a&lt;b&gt;&amp;amp;");
  EXPECT_EQ(escape_html("\"'<"), "&quot;&#39;&lt;");
  EXPECT_EQ(escape_markdown("_*[a](b)#1"), "\\_\\*\\[a\\](b)\\#1");
  EXPECT_EQ(escape_markdown("@everyone"), "@\u200Beveryone");
  EXPECT_EQ(escape_lookalike("</font>*[x]@all"), "＜/font＞＊［x］＠all");
  EXPECT_EQ(escape_lark("<at id=all>*"), "&#60;at id=all&#62;&#42;");
  EXPECT_EQ(escape_lark("T > 1 K 温度"), "T &#62; 1 K 温度");
}

}  // namespace
}  // namespace coldwatch
