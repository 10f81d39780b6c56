#include "agent/rules/board.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "common/json.hpp"

namespace coldwatch {
namespace {

const Channels kTriton{{"Time_secs", "Time(secs)", "s", "time"},
                       {"MC_RuO2_T_K", "MC RuO2 T(K)", "K", "temperature"},
                       {"M_C_X55751_T_K", "M/C X55751 T(K)", "K", "temperature"},
                       {"Motor_Current", "Motor Current", "A", "current"}};

TEST(Board, FindsAChannelByKeyNameAliasAndPattern) {
  Board board{{{"mc", {"MC Plate RuO2 T(K)", "MC*T(K)"}}}};
  EXPECT_EQ(board.add(kTriton), (std::vector<Board::Slot>{0, 1, 2, 3}));
  const std::pair<const char*, std::optional<Board::Slot>> table[] = {
      {"MC_RuO2_T_K", 1}, {"MC RuO2 T(K)", 1}, {"mc", 1},  {"M/C * T(K)", 2},
      {"Motor*", 3},      {"motor", {}},       {"MC", {}}, {"", {}}};
  for (const auto& [name, slot] : table) EXPECT_EQ(board.find(name), slot) << name;
  EXPECT_EQ(board.find(ChannelNames{"Nothing", "Motor Current", "mc"}), 3U);
  EXPECT_EQ(board.find(ChannelNames{}), std::nullopt);
}

TEST(Board, KeepsSlotsWhenAFileBringsItsColumnsInAnotherOrder) {
  Board board;
  board.add(kTriton);
  EXPECT_EQ(board.add(Channels{kTriton[3], {"New", "New", "", ""}, kTriton[1]}),
            (std::vector<Board::Slot>{3, 4, 1}));
}

TEST(Board, HasABoundWhenALogInventsNamesForEver) {
  Board board;
  Channels many;
  for (std::size_t i = 0; i < Board::kMostSlots + 5; ++i)
    many.push_back({std::to_string(i), "", "", ""});
  const auto slots = board.add(many);
  EXPECT_EQ(board.size(), Board::kMostSlots);
  const std::vector<double> values(many.size(), 1.0);
  const std::vector<Quality> quality(many.size(), Quality::kGood);
  board.take(slots, {0, UtcTime{}, {}, values, quality});
  EXPECT_EQ(board[Board::kMostSlots - 1].value, 1.0);
}

TEST(Board, TakesOnlyGoodNumbersForReadings) {
  Board board;
  const auto slots = board.add(kTriton);
  const UtcTime first{std::chrono::seconds{1}};
  const UtcTime second{std::chrono::seconds{2}};
  board.take(slots, {0,
                     first,
                     {},
                     std::vector<double>{1, 2, 3, INFINITY},
                     std::vector<Quality>(4, Quality::kGood)});
  board.take(slots,
             {1,
              second,
              {},
              std::vector<double>{5, 6, 7, 8},
              std::vector{Quality::kGood, Quality::kStale, Quality::kInvalid, Quality::kGood}});
  EXPECT_EQ(board[0].value, 5);
  EXPECT_TRUE(std::isnan(board[1].value)) << "a frozen thermometer is no reading";
  EXPECT_TRUE(std::isnan(board[2].value));
  EXPECT_EQ(board[2].good, first);
  EXPECT_EQ(board[2].time, second);
  EXPECT_EQ(board[3].good, second) << "infinity was no reading";

  Board again;
  again.restore(parse_json(board.state().dump()));
  EXPECT_EQ(again.state(), board.state());
  EXPECT_EQ(again.find("Motor Current"), 3U);
}

}  // namespace
}  // namespace coldwatch
