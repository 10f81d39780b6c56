#include "common/log.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::string written(std::string_view text) {
  testing::internal::CaptureStderr();
  log_warning(text);
  return testing::internal::GetCapturedStderr();
}

TEST(Log, APayloadCannotForgeALine) {
  EXPECT_EQ(written("bad topic x\nerror: all is lost\r"),
            "warning: bad topic x error: all is lost \n");
  EXPECT_EQ(written("\x1b[31mred\xff"), "warning:  [31mred\uFFFD\n");
}

TEST(Log, LinesAreBounded) { EXPECT_LT(written(std::string(100000, 'x')).size(), 5000u); }

TEST(LogLimit, KeepsBackWhatIsTooMuchForAMinuteAndSaysHowMuch) {
  LogLimit limit{3};
  const UtcTime start{hours{100}};
  testing::internal::CaptureStderr();
  for (int i = 0; i < 10; ++i) limit.info("line " + std::to_string(i), start);
  limit.info("later", start + minutes{1});
  limit.info("a clock set back", start);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "line 0\nline 1\nline 2\n"
            "warning: 7 more lines like these were left out\nlater\na clock set back\n");
}

TEST(LogThrottle, LetsOneMessageASubjectAndHourThrough) {
  LogThrottle throttle{hours{1}};
  const UtcTime start{};
  EXPECT_TRUE(throttle.due("a.vcl", start));
  EXPECT_FALSE(throttle.due("a.vcl", start + minutes{59}));
  EXPECT_TRUE(throttle.due("b.vcl", start + minutes{59}));
  EXPECT_TRUE(throttle.due("a.vcl", start + minutes{60}));
}

TEST(LogThrottle, AClockThatWasSetBackDoesNotSilenceIt) {
  LogThrottle throttle{hours{1}};
  EXPECT_TRUE(throttle.due("a.vcl", UtcTime{hours{100}}));
  EXPECT_TRUE(throttle.due("a.vcl", UtcTime{hours{50}}));
}

}  // namespace
}  // namespace coldwatch
