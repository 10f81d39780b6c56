#include "common/mail_date.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

TEST(MailDate, HasANumericZone) {
  const UtcTime time = parse_rfc3339("2026-11-22T03:02:10.999Z").value();
  const auto date = [&](int offset_minutes) {
    return mail_date(time,
                     LocalTime{time.time_since_epoch() + std::chrono::minutes{offset_minutes}});
  };
  EXPECT_EQ(date(0), "Sun, 22 Nov 2026 03:02:10 +0000");
  EXPECT_EQ(date(5 * 60 + 30), "Sun, 22 Nov 2026 08:32:10 +0530");
  EXPECT_EQ(date(-3 * 60 - 30), "Sat, 21 Nov 2026 23:32:10 -0330");
}

}  // namespace
}  // namespace coldwatch
