#include "bridge/alarms/matcher.hpp"

#include <gtest/gtest.h>

#include "common/json.hpp"

namespace coldwatch {
namespace {

TEST(Matcher, EveryKeyMustFitAndOneOfItsPatterns) {
  const Subject subject{"basement", "f1", "pt2_hot", "water", Severity::kCritical};
  const std::pair<const char*, bool> rows[] = {
      {R"({})", true},
      {R"({"fridge": "f1"})", true},
      {R"({"fridge": "f2"})", false},
      {R"({"fridge": ["f2", "f1"]})", true},
      {R"({"fridge": []})", false},
      {R"({"fridge": "f*", "rule": "pt*"})", true},
      {R"({"fridge": "f*", "rule": "x*"})", false},
      {R"({"site": "basement", "cause": "water", "severity": "critical"})", true},
      {R"({"severity": ["info", "warning"]})", false}};
  for (const auto& [text, expected] : rows) {
    std::string error;
    const auto matcher = parse_matcher(parse_json(text), error);
    ASSERT_TRUE(matcher) << text << ": " << error;
    EXPECT_EQ(matcher->matches(subject), expected) << text;
    EXPECT_EQ(parse_matcher(to_json(*matcher), error), matcher) << text;
  }
}

TEST(Matcher, RefusesWhatItDoesNotKnow) {
  for (const char* text :
       {R"([])", R"("f1")", R"(null)", R"({"colour": "red"})", R"({"fridge": 1})",
        R"({"fridge": ["f1", 2]})", R"({"fridge": null})", R"({"fridge": {"a": "b"}})",
        R"({"Fridge": "f1"})", R"({"severity": "crit"})", R"({"severity": ["warning", "red"]})",
        R"({"severity": ""})"}) {
    std::string error;
    EXPECT_FALSE(parse_matcher(parse_json(text), error)) << text;
    EXPECT_FALSE(error.empty()) << text;
  }
}

}  // namespace
}  // namespace coldwatch
