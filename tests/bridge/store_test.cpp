#include "bridge/store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/common/temp_folder.hpp"

namespace coldwatch {
namespace {

StoreChanges one_alarm(const std::string& id, std::optional<std::string> body) {
  return {.rows = {{Table::kAlarms, id, std::move(body)}}, .history = {}};
}

std::unique_ptr<Store> open(const std::string& path) {
  std::string remark;
  auto store = std::make_unique<Store>(path, StoreUse::kReadWrite, remark);
  EXPECT_EQ(remark, "");
  return store;
}

void run_sql(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
}

TEST(Store, KeepsRowsOverARestart) {
  const TempFolder folder;
  const std::string path = folder.file("b.sqlite");
  std::string error;
  ASSERT_TRUE(open(path)->write(one_alarm("lab/f1/hot", "{\"a\":1}"), error)) << error;
  ASSERT_TRUE(open(path)->write(one_alarm("lab/f2/hot", "{}"), error)) << error;
  ASSERT_TRUE(open(path)->write(one_alarm("lab/f1/hot", "{\"a\":2}"), error)) << error;
  ASSERT_TRUE(open(path)->write(one_alarm("lab/f2/hot", std::nullopt), error)) << error;
  const auto rows = open(path)->rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].id, "lab/f1/hot");
  EXPECT_EQ(rows[0].body, "{\"a\":2}");
}

TEST(Store, GivesTheNewestHistoryInOrder) {
  const TempFolder folder;
  const auto store = open(folder.file("b.sqlite"));
  StoreChanges changes;
  for (int i = 0; i < 10; ++i) {
    changes.history.push_back({UtcTime{std::chrono::seconds{i}}, i % 2 == 0 ? "alarm" : "event",
                               "f" + std::to_string(i % 3), "hot", std::to_string(i), "{}"});
  }
  std::string error;
  ASSERT_TRUE(store->write(changes, error)) << error;
  const auto all = store->history({.most = 3});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].entry.text, "7");
  EXPECT_EQ(all[2].entry.text, "9");
  EXPECT_EQ(store->history({.fridge = "f1", .most = 100}).size(), 3U);
  EXPECT_EQ(store->history({.kind = "event", .most = 100}).size(), 5U);
  EXPECT_TRUE(store->history({.rule = "cold", .most = 100}).empty());
  store->prune_history(UtcTime{std::chrono::seconds{8}});
  EXPECT_EQ(store->history({.most = 100}).size(), 2U);
}

void add_lines(Store& store, const std::string& fridge, int count, std::size_t bytes) {
  StoreChanges changes;
  for (int i = 0; i < count; ++i) {
    changes.history.push_back({UtcTime{std::chrono::seconds{i}}, "event", fridge, "hot",
                               std::to_string(i), std::string(bytes, 'x')});
  }
  std::string error;
  ASSERT_TRUE(store.write(changes, error)) << error;
}

TEST(Store, OfOneFridgeTheOldestHistoryGivesWay) {
  const TempFolder folder;
  const std::string path = folder.file("b.sqlite");
  const auto store = open(path);
  add_lines(*store, "calm", 10, 1000);
  for (int i = 0; i < 60; ++i) add_lines(*store, "mad", 1, 1'000'000);
  EXPECT_TRUE(store->take_full().empty());
  for (int i = 0; i < 60; ++i) add_lines(*store, "mad", 1, 1'000'000);
  EXPECT_EQ(store->take_full(), std::set<std::string>{"mad"});
  EXPECT_TRUE(store->take_full().empty()) << "said once";
  EXPECT_EQ(store->history({.fridge = "mad", .most = 1000}).size(), 63U);
  EXPECT_EQ(store->history({.fridge = "calm", .most = 1000}).size(), 10U);
  EXPECT_LT(std::filesystem::file_size(path), 90'000'000U);
  add_lines(*store, "mad", 1, 100);
  EXPECT_EQ(store->history({.fridge = "mad", .most = 1}).at(0).entry.body.size(), 100U);
}

TEST(Store, WhatWasPrunedMakesRoomInAFridgesShare) {
  const TempFolder folder;
  const auto store = open(folder.file("b.sqlite"));
  add_lines(*store, "f", 60, 1'000'000);
  store->prune_history(UtcTime{std::chrono::seconds{50}});
  add_lines(*store, "f", 50, 1'000'000);
  EXPECT_TRUE(store->take_full().empty());
  EXPECT_EQ(store->history({.fridge = "f", .most = 1000}).size(), 60U);
}

TEST(Store, SetsADamagedFileAsideAndGoesOn) {
  const TempFolder folder;
  const std::string path = folder.file("b.sqlite");
  for (const std::string& damage :
       {std::string(5000, 'x'), std::string{"SQLite format 3"} + std::string(4000, '\0')}) {
    folder.write("b.sqlite", damage);
    std::string remark;
    Store store{path, StoreUse::kReadWrite, remark};
    EXPECT_NE(remark.find(path + ".damaged"), std::string::npos) << remark;
    EXPECT_TRUE(std::filesystem::exists(path + ".damaged"));
    EXPECT_TRUE(store.rows().empty());
    std::string error;
    EXPECT_TRUE(store.write(one_alarm("a", "{}"), error)) << error;
  }
}

/// The tables as the first version of the program made them.
constexpr const char* kFirstVersion =
    "CREATE TABLE alarms (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE incidents (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE told (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE outbox (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE shelves (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE fridges (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE state (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE history (n INTEGER PRIMARY KEY, t INTEGER NOT NULL, kind TEXT NOT NULL,"
    " fridge TEXT NOT NULL, rule TEXT NOT NULL, text TEXT NOT NULL, body TEXT NOT NULL);"
    "CREATE INDEX history_t ON history (t); PRAGMA user_version = 1;"
    "INSERT INTO alarms VALUES ('lab/f1/hot', '{\"a\":1}');"
    "INSERT INTO history VALUES (1, 5000, 'alarm', 'f1', 'hot', 'began: hot', '{}');";

TEST(Store, BringsAnOlderFileToThePresentVersion) {
  const TempFolder folder;
  const std::string path = folder.file("b.sqlite");
  run_sql(path, kFirstVersion);
  for (int life = 0; life < 2; ++life) {
    const auto store = open(path);
    ASSERT_EQ(store->rows().size(), 1U);
    EXPECT_EQ(store->rows()[0].body, "{\"a\":1}");
    ASSERT_EQ(store->history({.fridge = "f1"}).size(), 1U);
    EXPECT_EQ(store->history({.fridge = "f1"})[0].entry.text, "began: hot");
    std::string error;
    ASSERT_TRUE(store->write(one_alarm("lab/f1/hot", "{\"a\":1}"), error)) << error;
  }
  run_sql(path, "DROP INDEX history_fridge");  // fails where the second version was not reached
  run_sql(path, "DROP TABLE versions");        // ... or the third
  // ... or the fourth, which knows how much there was.
  run_sql(path, "UPDATE history_size SET bytes = 1 / (bytes = 112 AND fridge = 'f1')");
  run_sql(path, "CREATE INDEX history_t ON history (t)");  // ... or the fifth
  run_sql(path, "SELECT rowid FROM alarms");               // ... or the sixth
}

TEST(Store, ReadsAnOlderFileWithoutChangingIt) {
  const TempFolder folder;
  const std::string path = folder.file("b.sqlite");
  run_sql(path, kFirstVersion);
  std::string remark;
  const Store store{path, StoreUse::kReadOnly, remark};
  EXPECT_EQ(store.rows().size(), 1U);
  EXPECT_EQ(store.history({.fridge = "f1"}).size(), 1U);
  run_sql(path, "CREATE INDEX history_fridge ON history (fridge, n)");  // was not there yet
  run_sql(path, "CREATE TABLE versions (id)");
}

TEST(Store, RefusesTheFileOfANewerVersion) {
  const TempFolder folder;
  const std::string path = folder.file("b.sqlite");
  open(path);
  run_sql(path, "PRAGMA user_version = 99");
  std::string remark;
  EXPECT_THROW((Store{path, StoreUse::kReadWrite, remark}), SettingsError);
  EXPECT_FALSE(std::filesystem::exists(path + ".damaged")) << "it is not damaged";
}

TEST(Store, SaysWhyItCannotBeOpened) {
  const TempFolder folder;
  std::string remark;
  for (const std::string& path : {folder.file("none/b.sqlite"), folder.path()}) {
    EXPECT_THROW((Store{path, StoreUse::kReadWrite, remark}), SettingsError) << path;
  }
  EXPECT_THROW((Store{folder.file("b.sqlite"), StoreUse::kReadOnly, remark}), SettingsError);
}

TEST(Store, AWriteThatFailsChangesNothing) {
  const TempFolder folder;
  const std::string path = folder.file("b.sqlite");
  const auto store = open(path);
  std::string error;
  ASSERT_TRUE(store->write(one_alarm("a", "1"), error));
  run_sql(path,
          "CREATE TRIGGER full BEFORE INSERT ON history"
          " BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
  StoreChanges changes = one_alarm("a", "2");
  changes.history.push_back({.kind = "alarm"});
  EXPECT_FALSE(store->write(changes, error));
  EXPECT_NE(error.find("disk is full"), std::string::npos) << error;
  EXPECT_EQ(store->rows().at(0).body, "1");
  run_sql(path, "DROP TRIGGER full");
  EXPECT_TRUE(store->write(changes, error)) << error;
  EXPECT_EQ(store->rows().at(0).body, "2");
}

}  // namespace
}  // namespace coldwatch
