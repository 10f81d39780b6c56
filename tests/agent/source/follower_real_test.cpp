// Following folders of real logs from their beginning brings every row once, in order of time over
// all streams.
#include <gtest/gtest.h>

#include <map>

#include "agent/inspect.hpp"
#include "agent/source/follower.hpp"
#include "tests/common/shared_logs.hpp"

namespace coldwatch {
namespace {

class FollowReal : public testing::TestWithParam<const char*> {};

TEST_P(FollowReal, EveryRowOnceAndInOrderOfTime) {
  const auto logs = shared_logs();
  if (!logs) GTEST_SKIP() << "no real logs on this machine";
  std::string error;
  const LogSettings settings{.folder = *logs + "/" + GetParam(),
                             .zone = *TimeZone::find("UTC", error),
                             .start = LogStart::kBeginning};
  std::uint64_t expected = 0;
  for (const FileReport& report : inspect(settings, {}).files) expected += report.rows;
  ASSERT_GT(expected, 1000U);

  Follower follower{settings, {}};
  follower.poll(UtcTime{});
  std::uint64_t rows = 0;
  std::map<std::string, UtcTime> last;  // by stream
  std::uint64_t out_of_order = 0;
  UtcTime newest = UtcTime::min();
  while (const auto chunk = follower.next()) {
    rows += chunk->rows->size();
    if (chunk->rows->empty()) continue;
    if ((*chunk->rows)[0].time < newest) ++out_of_order;
    newest = std::max(newest, (*chunk->rows)[chunk->rows->size() - 1].time);
    last[chunk->stream] = newest;
  }
  EXPECT_EQ(rows, expected);
  EXPECT_LE(out_of_order, last.size()) << "only where a stream begins anew may time step back";
  EXPECT_EQ(follower.bytes_behind(), 0U);
  EXPECT_EQ(follower.condition().state, LogCondition::State::kReadable);
  for (const LogNotice& notice : follower.take_notices()) {
    EXPECT_EQ(notice.type, "format_changed") << notice.text;
  }
}

INSTANTIATE_TEST_SUITE_P(Folders, FollowReal,
                         testing::Values("bluefors-cs2", "bluefors-valvecontrol"));

}  // namespace
}  // namespace coldwatch
