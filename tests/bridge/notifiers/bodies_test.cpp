// What each service is sent, in full: tests/cases/notifiers/<type>.json holds the requests of an alarm
// on two fridges and of the end of another one. A row of the table without a case fails here.
#include <gtest/gtest.h>

#include <fstream>
#include <iomanip>

#include "tests/bridge/notifiers/notifier_helper.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

/// A request as a case file shows it; bodies that are JSON are shown as such.
json shown(const Part& part) {
  json object{{"part", part.name}};
  if (const auto* http = std::get_if<HttpRequest>(&part.request)) {
    object["request"] = http->method + " " + http->url;
    for (const auto& [name, value] : http->headers) object["headers"][name] = value;
  }
  if (const auto* mail = std::get_if<Mail>(&part.request)) {
    object["request"] = mail->from + " to " + mail->to;
  }
  if (const auto* mqtt = std::get_if<MqttPublication>(&part.request)) {
    object["request"] = mqtt->publication.topic;
  }
  if (const auto* program = std::get_if<ProgramCall>(&part.request)) {
    object["request"] = program->arguments;
  }
  const std::string body = body_of(part.request);
  const json parsed = json::parse(body, nullptr, false);
  object["body"] = parsed.is_discarded() ? json(body) : parsed;
  return object;
}

json shown(const Notifier& notifier, const Notification& notification) {
  json list = json::array();
  for (const Part& part : notifier.requests(notification, test_context())) {
    list.push_back(shown(part));
  }
  return list;
}

class Bodies : public testing::TestWithParam<const NotifierType*> {};

TEST_P(Bodies, AreThoseOfTheCase) {
  const std::string type{GetParam()->name};
  const auto notifier = make_test_notifier(type, good_config(type));
  ASSERT_NE(notifier, nullptr);
  const std::string file = COLDWATCH_SOURCE "/tests/cases/notifiers/" + type + ".json";
  std::ifstream stream{file};
  const json expected = json::parse(stream, nullptr, false);
  const json found{{"alarm", shown(*notifier, test_alarm({test_item("a"), test_item("b")}))},
                   {"end", shown(*notifier, test_end())}};
  EXPECT_EQ(found, expected) << file << " would be:\n" << std::setw(1) << found;
}

INSTANTIATE_TEST_SUITE_P(All, Bodies, testing::ValuesIn(notifier_types()),
                         [](const auto& row) { return std::string{row.param->name}; });

}  // namespace
}  // namespace coldwatch
