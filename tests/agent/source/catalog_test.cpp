#include "agent/source/catalog.hpp"

#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

class CatalogOf : public testing::Test, public FollowedFolder {
 protected:
  void make_older(const std::string& name, int days) {
    const auto written = std::filesystem::last_write_time(os_path(name));
    std::filesystem::last_write_time(os_path(name), written - std::chrono::hours{24 * days});
  }
  Catalog look(const std::set<std::string>& followed, const std::set<std::string>& suspects = {}) {
    settings.folder = path();
    Catalog catalog{settings};
    catalog.refresh(followed, suspects);
    return catalog;
  }
};

TEST_F(CatalogOf, AnArchiveOfYearsIsNotOpened) {
  write("old.vcl", small_vcl_head("1") + small_vcl_rows(0, 1));
  write("month.vcl", small_vcl_head("2") + small_vcl_rows(100, 101));
  write("new.vcl", small_vcl_head("3") + small_vcl_rows(200, 201));
  make_older("old.vcl", 60);
  make_older("month.vcl", 29);
  EXPECT_EQ(look({}).find("old.vcl"), nullptr);
  EXPECT_NE(look({}).find("month.vcl"), nullptr);
  EXPECT_NE(look({"old.vcl"}).find("old.vcl"), nullptr) << "the cursor stands there";
  EXPECT_NE(look({"gone.vcl"}).find("old.vcl"), nullptr) << "it may be the one that is gone";
  EXPECT_NE(look({}, {"new.vcl"}).find("old.vcl"), nullptr);
  settings.start = LogStart::kBeginning;
  EXPECT_NE(look({}).find("old.vcl"), nullptr);
}

TEST_F(CatalogOf, NamesComeFromTheArchiveAsWell) {
  write("old.vcl", small_vcl_head("1") + small_vcl_rows(0, 1));
  write("new.vcl", small_vcl_rows(200, 201));
  make_older("old.vcl", 60);
  start();
  EXPECT_EQ(read(), (Ids{201}));
  EXPECT_EQ(follower->channels().at("main")->at(0).name, "P1 Tank (Bar)");
}

TEST_F(CatalogOf, OrdersByTimeAndLeavesCopiesOut) {
  write("b.vcl", small_vcl_head("1") + small_vcl_rows(0, 1));
  write("a.vcl", small_vcl_head("2") + small_vcl_rows(100, 101));
  write("b copy.vcl", small_vcl_head("1") + small_vcl_rows(0, 0));
  const Catalog catalog = look({});
  const auto& files = catalog.files("main");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0]->path, "b.vcl") << "the longer of the two";
  EXPECT_EQ(files[1]->path, "a.vcl");
  EXPECT_TRUE(catalog.files("other").empty());
  EXPECT_EQ(catalog.copies(),
            Words{"b copy.vcl begins as b.vcl does and is taken for a copy of it"});
}

TEST_F(CatalogOf, WhatNoFormatKnewIsLookedAtAgainOnceItHasChanged) {
  write("a.vcl", "notes, as long as");
  settings.folder = path();
  Catalog catalog{settings};
  for (int i = 0; i < 2; ++i) catalog.refresh({}, {});
  EXPECT_EQ(catalog.find("a.vcl"), nullptr);
  write("a.vcl", "VeriCold data log");
  std::filesystem::last_write_time(
      os_path("a.vcl"), std::filesystem::last_write_time(os_path("a.vcl")) + std::chrono::hours{1});
  catalog.refresh({}, {});
  EXPECT_NE(catalog.find("a.vcl"), nullptr) << "as long as before";
}

TEST_F(CatalogOf, TellsOfLogsOfOtherFormats) {
  write("b.vcl", small_vcl_head("1") + small_vcl_rows(0, 1));
  write("26-06-28/Flowmeter 26-06-28.log", "28-06-26,00:00:02,0.003\n");
  write("26-06-29/Flowmeter 26-06-29.log", "29-06-26,00:00:02,0.003\n");
  const Catalog catalog = look({});
  EXPECT_EQ(
      catalog.other_formats(find_format("vcl")),
      Words{"the folder also holds 2 logs of format bluefors, such as 26-06-28/Flowmeter "
            "26-06-28.log; an agent of its own with \"format\": \"bluefors\" can follow them"});
}

TEST_F(CatalogOf, FindsAFileByWhatItIs) {
  write("a.vcl", small_vcl_head("1") + small_vcl_rows(0, 1));
  write("b.vcl", small_vcl_head("2") + small_vcl_rows(0, 1));
  const Catalog catalog = look({});
  const LogEntry& entry = *catalog.find("a.vcl");
  FilePosition place{.path = "z.vcl",
                     .identity = entry.identity,
                     .head_hash = entry.head_hash,
                     .position = {.offset = 100}};
  EXPECT_EQ(catalog.whereabouts(place), "a.vcl");
  place.identity = "0:0";
  EXPECT_EQ(catalog.whereabouts(place), "a.vcl") << "a copy that reaches as far";
  place.position.offset = 1 << 20;
  EXPECT_EQ(catalog.whereabouts(place), "") << "it does not reach so far";
  place.position.offset = 100;
  place.head_hash = "1024:0000000000000000";
  place.identity = entry.identity;
  EXPECT_EQ(catalog.whereabouts(place), "") << "the number was given to another file";
}

}  // namespace
}  // namespace coldwatch
