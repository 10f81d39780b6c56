#include "agent/reading/row.hpp"

#include <gtest/gtest.h>

#include "agent/reading/sequence.hpp"

namespace coldwatch {
namespace {

UtcTime at(long long seconds) { return UtcTime{std::chrono::seconds{seconds}}; }

RowBatch three_rows() {
  RowBatch batch;
  batch.reset(std::make_shared<const Channels>(make_channels(std::vector<std::string>{"a", "b"})));
  for (int i = 0; i < 3; ++i) {
    const auto slot = batch.add(static_cast<std::uint64_t>(i), at(i), {.offset = 10U});
    slot.values[0] = i;
    slot.values[1] = -i;
    slot.quality[1] = Quality::kStale;
  }
  return batch;
}

TEST(RowBatch, KeepsRowsApart) {
  const RowBatch batch = three_rows();
  ASSERT_EQ(batch.size(), 3U);
  EXPECT_EQ(batch[2].number, 2U);
  EXPECT_EQ(batch[2].values[0], 2);
  EXPECT_EQ(batch[2].values[1], -2);
  EXPECT_EQ(batch[2].quality[0], Quality::kGood);
  EXPECT_EQ(batch[2].quality[1], Quality::kStale);
}

TEST(RowBatch, AppendsAPartAndDropsTheLast) {
  const RowBatch batch = three_rows();
  RowBatch part;
  part.reset(batch.channels());
  part.append(batch, 1, 3);
  part.append(batch, 0, 0);
  ASSERT_EQ(part.size(), 2U);
  EXPECT_EQ(part[0].values[0], 1);
  EXPECT_EQ(part[1].quality[1], Quality::kStale);
  part.drop_last();
  ASSERT_EQ(part.size(), 1U);
  EXPECT_EQ(part[0].values[1], -1);
}

std::vector<std::string> codes(std::initializer_list<std::pair<int, long long>> rows) {
  RowSequence sequence;
  std::vector<Remark> remarks;
  for (const auto& [number, time] : rows) {
    sequence.check(static_cast<std::uint64_t>(number), at(time), remarks);
  }
  std::vector<std::string> codes;
  for (const Remark& remark : remarks) codes.push_back(remark.code);
  return codes;
}

using Codes = std::vector<std::string>;

TEST(RowSequence, RemarksOnWhatIsStrangeOnly) {
  EXPECT_EQ(codes({{0, 0}, {1, 60}, {2, 121}, {3, 180}}), Codes{});
  EXPECT_EQ(codes({{7, 99}}), Codes{}) << "nothing is known before the first row";
  EXPECT_EQ(codes({{0, 0}, {1, 60}, {2, 60}, {3, 120}}), (Codes{"repeated_time"}));
  EXPECT_EQ(codes({{0, 0}, {1, 60}, {2, 30}}), (Codes{"time_back"}));
  EXPECT_EQ(codes({{0, 0}, {1, 60}, {1, 120}}), (Codes{"number_jump"}));
  EXPECT_EQ(codes({{0, 0}, {1, 60}, {5, 120}}), (Codes{"number_jump"}));
  EXPECT_EQ(codes({{0, 0}, {1, 60}, {2, 2173}, {3, 2233}}), (Codes{"gap"}));
  EXPECT_EQ(codes({{0, 0}, {1, 1}, {2, 21}}), Codes{}) << "20 s are no gap anywhere";
}

TEST(RowSequence, GetsUsedToASlowerLog) {
  EXPECT_EQ(codes({{0, 0}, {1, 10}, {2, 20}, {3, 80}, {4, 140}, {5, 200}, {6, 260}}),
            (Codes{"gap"}));
}

}  // namespace
}  // namespace coldwatch
