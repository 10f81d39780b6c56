#include "bridge/unwritten.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

constexpr UtcTime kNow{std::chrono::hours{1'000'000}};

StoreChanges row(const std::string& id, std::optional<std::string> body) {
  return {.rows = {{Table::kAlarms, id, std::move(body)}}, .history = {}};
}

StoreChanges line(const std::string& text) {
  return {.rows = {}, .history = {{kNow, "alarm", "f1", "hot", text, "{}"}}};
}

bool is_old(const RowChange& row) { return row.id == "old"; }

TEST(Unwritten, KeepsTheNewestStateOfEachRow) {
  Unwritten waiting;
  EXPECT_TRUE(waiting.empty());
  for (int i = 0; i < 100'000; ++i) waiting.add(row("a", std::to_string(i)), is_old);
  waiting.add({.rows = {{Table::kTold, "a", "told"}}, .history = {}}, is_old);
  const StoreChanges all = waiting.all(kNow);
  ASSERT_EQ(all.rows.size(), 2U);
  EXPECT_EQ(all.rows[0].body, "99999");
  EXPECT_EQ(all.rows[1].body, "told");
  EXPECT_TRUE(all.history.empty());
  waiting.clear();
  EXPECT_TRUE(waiting.empty());
}

TEST(Unwritten, WhatNeverWasStoredNeedsNoEnd) {
  Unwritten waiting;
  for (int i = 0; i < 1000; ++i) {
    waiting.add(row("incident" + std::to_string(i), "{}"), is_old);
    waiting.add(row("incident" + std::to_string(i), std::nullopt), is_old);
  }
  EXPECT_TRUE(waiting.empty());
  waiting.add(row("old", "{}"), is_old);
  waiting.add(row("old", std::nullopt), is_old);
  ASSERT_EQ(waiting.rows(), 1U) << "the store still has it";
  EXPECT_EQ(waiting.all(kNow).rows[0].body, std::nullopt);
}

TEST(Unwritten, SaysHowMuchOfTheHistoryItLost) {
  Unwritten waiting;
  for (std::size_t i = 0; i < Unwritten::kMostLines; ++i) waiting.add(line("x"), is_old);
  EXPECT_EQ(waiting.all(kNow).history.size(), Unwritten::kMostLines);
  EXPECT_EQ(waiting.all(kNow).history[0].text, "x");
  for (int i = 0; i < 7; ++i) waiting.add(line("y"), is_old);
  const StoreChanges all = waiting.all(kNow);
  ASSERT_EQ(all.history.size(), Unwritten::kMostLines + 1);
  EXPECT_EQ(all.history[0].text.substr(0, 7), "7 lines");
  EXPECT_EQ(all.history[1].text, "x");
  EXPECT_EQ(all.history.back().text, "y");
}

}  // namespace
}  // namespace coldwatch
