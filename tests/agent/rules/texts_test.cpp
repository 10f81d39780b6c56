#include "agent/rules/texts.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

TEST(FillText, ReplacesPlaceholders) {
  const TextFacts facts{.value = 0.14213,
                        .limit = 0.1,
                        .unit = "K",
                        .channel = "MC RuO2 T(K)",
                        .fridge = "triton1",
                        .since = UtcTime{std::chrono::seconds{1'700'000'000}}};
  const std::pair<const char*, const char*> table[] = {
      {"", ""},
      {"plain", "plain"},
      {"{channel} is {value} {unit} (limit {limit} {unit})",
       "MC RuO2 T(K) is 0.1421 K (limit 0.1 K)"},
      {"{fridge}: since {since}", "triton1: since 2023-11-14 22:13 UTC"},
      {"{value}{value}", "0.14210.1421"},
      {"{nobody} {", "{nobody} {"}};
  for (const auto& [text, filled] : table) EXPECT_EQ(fill_text(text, facts), filled) << text;
  TextFacts no_unit = facts;
  no_unit.unit = "";
  EXPECT_EQ(fill_text("is {value} {unit}.", no_unit), "is 0.1421.");
}

TEST(WrongText, NamesWhatCouldNotBeFilled) {
  for (const char* good : {"", "plain", "{value} {unit} {limit} {channel} {fridge} {since}"}) {
    EXPECT_EQ(wrong_text(good), std::nullopt) << good;
  }
  const std::pair<const char*, const char*> table[] = {
      {"{vlaue}", "found the placeholder {vlaue}, expected {value}"},
      {"{x}",
       "found the placeholder {x}, expected one of {value} {unit} {limit} {channel} {fridge} "
       "{since}"},
      {"{value", "found a single brace, expected a placeholder such as {value}"},
      {"value}", "found a single brace, expected a placeholder such as {value}"}};
  for (const auto& [text, wrong] : table) EXPECT_EQ(wrong_text(text), wrong) << text;
  EXPECT_EQ(wrong_text(std::string(1001, 'x')), "found 1001 bytes, expected at most 1000");
}

}  // namespace
}  // namespace coldwatch
