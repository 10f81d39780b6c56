#include "bridge/commands.hpp"

#include <gtest/gtest.h>

namespace coldwatch {
namespace {

constexpr UtcTime kNow{std::chrono::hours{1'000'000}};

TEST(ParseCommand, ReadsEveryVerb) {
  const auto ack = parse_command("ack", R"({"fridge":"f1","rule":"hot","by":"Ann"})", kNow);
  ASSERT_TRUE(ack.command) << ack.error;
  EXPECT_EQ(std::get<AckCommand>(*ack.command).by, "Ann");
  EXPECT_FALSE(std::get<AckCommand>(*ack.command).take_back);
  const auto unack = parse_command("unack", R"({"match":{"fridge":"f*"},"by":"Ann"})", kNow);
  ASSERT_TRUE(unack.command) << unack.error;
  EXPECT_TRUE(std::get<AckCommand>(*unack.command).take_back);
  const auto shelve = parse_command(
      "shelve", R"({"match":{"fridge":"f1"},"for":"1h","by":"Ann","why":"cool-down"})", kNow);
  ASSERT_TRUE(shelve.command) << shelve.error;
  EXPECT_EQ(std::get<ShelveCommand>(*shelve.command).shelf.until, kNow + std::chrono::hours{1});
  const auto until = parse_command(
      "shelve",
      R"({"match":{},"by":"Ann","until":")" + to_rfc3339(kNow + std::chrono::hours{2}) + "\"}",
      kNow);
  ASSERT_TRUE(until.command) << until.error;
  EXPECT_TRUE(
      parse_command("shelve", R"({"match":{},"by":"Ann","for":"14d","maintenance":true})", kNow)
          .command);
  EXPECT_TRUE(parse_command("unshelve", R"({"id":"x","by":"Ann"})", kNow).command);
  EXPECT_TRUE(parse_command("unshelve", R"({"match":{},"by":"Ann"})", kNow).command);
  EXPECT_TRUE(parse_command("test", "", kNow).command);
  EXPECT_TRUE(parse_command("reload", " ", kNow).command);
  EXPECT_EQ(parse_command("reload", R"({"requester":"cli-1"})", kNow).requester, "cli-1");
}

TEST(ParseCommand, WhatChangesWhatPeopleAreToldNeedsAName) {
  const std::pair<const char*, const char*> rows[] = {
      {"ack", R"("fridge":"f1")"},
      {"unack", R"("fridge":"f1")"},
      {"shelve", R"("match":{"fridge":"f1"},"for":"1h")"},
      {"unshelve", R"("id":"x")"},
  };
  for (const auto& [verb, rest] : rows) {
    for (const char* nobody : {"", R"("by":"",)", R"("by":" ",)"}) {
      const ParsedCommand parsed =
          parse_command(verb, std::string{"{"} + nobody + rest + "}", kNow);
      EXPECT_FALSE(parsed.command) << verb << nobody;
      EXPECT_EQ(parsed.error, "by: is missing, expected the name of whoever asks for this");
    }
    const ParsedCommand parsed =
        parse_command(verb, std::string{R"({"by":"Ann",)"} + rest + "}", kNow);
    EXPECT_TRUE(parsed.command) << verb << parsed.error;
    EXPECT_EQ(parsed.by, "Ann");
  }
  for (const char* verb : {"test", "reload"}) {
    EXPECT_TRUE(parse_command(verb, "", kNow).command) << "documented without";
    EXPECT_EQ(parse_command(verb, "", kNow).by, "somebody who gave no name");
  }
  EXPECT_EQ(parse_command("ack", "no JSON", kNow).by, "somebody who gave no name");
}

TEST(ParseCommand, RefusesEverythingElseWithASentence) {
  const std::pair<const char*, const char*> rows[] = {
      {"ack", ""},
      {"ack", "x"},
      {"ack", "[]"},
      {"ack", "{}"},
      {"ack", R"({"by":"Ann"})"},
      {"ack", R"({"fridge":1})"},
      {"ack", R"({"fridge":""})"},
      {"ack", R"({"match":{}})"},
      {"ack", R"({"match":{"colour":"red"}})"},
      {"ack", R"({"fridge":"f1","by":7})"},
      {"ack", R"({"fridge":"f1","requester":"a/b"})"},
      {"shelve", R"({"match":{}})"},
      {"shelve", R"({"for":"1h"})"},
      {"shelve", R"({"match":{},"for":"0s"})"},
      {"shelve", R"({"match":{},"for":"soon"})"},
      {"shelve", R"({"match":{},"for":3600})"},
      {"shelve", R"({"match":{},"for":"13h"})"},
      {"shelve", R"({"match":{},"for":"15d","maintenance":true})"},
      {"shelve", R"({"match":{},"for":"1h","maintenance":"yes"})"},
      {"shelve", R"({"match":{},"until":"yesterday"})"},
      {"shelve", R"({"match":{},"until":"2001-01-01T00:00:00Z"})"},
      {"unshelve", "{}"},
      {"unshelve", R"({"match":[]})"},
      {"test", "{"},
      {"test", R"({"notifier":1})"},
      {"dance", "{}"},
      {"", "{}"},
      {"ACK", R"({"fridge":"f1"})"}};
  for (const auto& [verb, payload] : rows) {
    const ParsedCommand parsed = parse_command(verb, payload, kNow);
    EXPECT_FALSE(parsed.command) << verb << " " << payload;
    EXPECT_FALSE(parsed.error.empty()) << verb << " " << payload;
  }
}

}  // namespace
}  // namespace coldwatch
