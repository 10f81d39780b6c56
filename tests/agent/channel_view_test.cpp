#include "agent/channel_view.hpp"

#include <limits>

#include "tests/agent/agent_helper.hpp"

namespace coldwatch {
namespace {

using nlohmann::json;

TEST(ChannelView, TakesUnitsFromTheConfigByNameOrKey) {
  const ChannelView view{channels_of({"P2 Condense", "Dewar (mBar)", "Flow"}),
                         {.units = {{"P2 Condense", "Bar"}, {"Flow", "mmol/s"}, {"nobody", "K"}}}};
  const Channels& channels = *view.channels();
  EXPECT_EQ(channels[0].unit, "Bar");
  EXPECT_EQ(channels[0].quantity, "pressure");
  EXPECT_EQ(channels[1].unit, "mBar");
  EXPECT_EQ(channels[2].unit, "mmol/s");
}

TEST(ChannelView, LeavesIgnoredColumnsOutOfRowsButNotOutOfRules) {
  const auto channels = channels_of({"A", "B", "C(K)"});
  const ChannelView view{channels, {.ignore = {"A", "C_K"}}};
  EXPECT_EQ(view.channels()->size(), 3U);
  const RowBatch batch = batch_of(channels, {{kNoon, {1, 2, 3}}});
  std::string row;
  view.append_row(row, batch[0], "");
  EXPECT_EQ(row, R"({"t":"2026-03-01T12:00:00.000Z","B":2.0})");
}

TEST(ChannelView, KeepsColumnsApartFromTheKeysOfARow) {
  const auto channels = channels_of({"t", "file", "row", "T"});
  const ChannelView view{channels, {}};
  const RowBatch batch = batch_of(channels, {{kNoon, {1, 2, 3, 4}}}, 17);
  std::string row;
  view.append_row(row, batch[0], "a \"b\".vcl");
  EXPECT_EQ(row, R"({"t":"2026-03-01T12:00:00.000Z","file":"a \"b\".vcl","row":"17",)"
                 R"("t_2":1.0,"file_2":2.0,"row_2":3.0,"T":4.0})");
}

TEST(ChannelView, WritesGoodValuesOnly) {
  const auto channels = channels_of({"A", "B", "C", "D"});
  RowBatch batch = batch_of(channels, {{kNoon, {1, 2, 3, 4}}});
  const auto slot = batch.add(2, kNoon, {});
  slot.values[0] = std::numeric_limits<double>::infinity();
  slot.quality[1] = Quality::kStale;
  slot.quality[2] = Quality::kInvalid;
  slot.values[3] = -0.5;
  std::string row;
  ChannelView{channels, {}}.append_row(row, batch[1], "");
  EXPECT_EQ(row, R"({"t":"2026-03-01T12:00:00.000Z","D":-0.5})");
}

TEST(RowsPayload, SplitsAtBothLimitsAndLosesNoRow) {
  struct Case {
    std::size_t rows;
    std::size_t columns;
    std::size_t messages;
  };
  const Case cases[] = {{1, 3, 1}, {500, 1, 1}, {501, 1, 2}, {1200, 1, 3}, {3, 20000, 3}};
  for (const Case& one : cases) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < one.columns; ++i) names.push_back("c" + std::to_string(i));
    const auto channels = channels_of(names);
    const ChannelView view{channels, {}};
    const RowBatch batch =
        batch_of(channels, std::vector<std::pair<UtcTime, std::vector<double>>>(
                               one.rows, {kNoon, std::vector<double>(one.columns, 1.25)}));
    std::size_t messages = 0;
    std::size_t next_row = 1;
    for (std::size_t first = 0; first < batch.size(); ++messages) {
      const std::string payload = rows_payload(batch, view, "x.vcl", first);
      const json rows = parse_json(payload);
      EXPECT_TRUE(rows.size() == 1 || payload.size() <= kLargestRowsBytes);
      EXPECT_LE(rows.size(), kMostRowsPerMessage);
      for (const json& row : rows) EXPECT_EQ(row["row"], std::to_string(next_row++));
    }
    EXPECT_EQ(messages, one.messages) << one.rows << " rows of " << one.columns;
    EXPECT_EQ(next_row, one.rows + 1);
  }
}

TEST(ChannelViews, MakeAViewOnceForAListOfChannels) {
  ChannelViews views{{}};
  const auto first = channels_of({"A"});
  bool changed = false;
  const ChannelView& view = views.of("main", first, &changed);
  EXPECT_TRUE(changed);
  EXPECT_EQ(&views.of("main", first, &changed), &view);
  EXPECT_FALSE(changed);
  views.of("main", channels_of({"A"}), &changed);
  EXPECT_FALSE(changed) << "a new file with the same columns";
  EXPECT_EQ(views.of("main", channels_of({"A", "B"}), &changed).channels()->size(), 2U);
  EXPECT_TRUE(changed);
}

}  // namespace
}  // namespace coldwatch
