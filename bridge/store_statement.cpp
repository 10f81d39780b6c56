#include "bridge/store_statement.hpp"

#include <sqlite3.h>

#include <utility>

namespace coldwatch {

Statement::Statement(sqlite3* db, const std::string& sql) : db_(db) {
  check(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::bind(int place, std::string_view text) {
  check(sqlite3_bind_text(statement_, place, text.data(), static_cast<int>(text.size()),
                          SQLITE_STATIC));
}

void Statement::bind(int place, std::int64_t number) {
  check(sqlite3_bind_int64(statement_, place, number));
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) check(code);
  return false;
}

void Statement::reset() { check(sqlite3_reset(statement_)); }

void Statement::run() {
  step();
  reset();
}

std::string Statement::text(int column) const {
  const auto* found = sqlite3_column_text(statement_, column);
  return found == nullptr ? "" : reinterpret_cast<const char*>(found);
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) throw StoreFault{code, sqlite3_errmsg(db_)};
}

Insertion::Insertion(sqlite3* db, std::string head, std::size_t columns, std::string tail)
    : db_(db), head_(std::move(head)), tail_(std::move(tail)), columns_(columns) {
  waiting_.reserve(kRowsAtOnce * columns);
}

void Insertion::add(std::initializer_list<Value> row) {
  waiting_.insert(waiting_.end(), row.begin(), row.end());
  if (waiting_.size() < kRowsAtOnce * columns_) return;
  if (!full_) full_.emplace(db_, sql(kRowsAtOnce));
  run(*full_);
}

void Insertion::finish() {
  if (waiting_.empty()) return;
  Statement rest{db_, sql(waiting_.size() / columns_)};
  run(rest);
}

std::string Insertion::sql(std::size_t rows) const {
  std::string text = head_ + " VALUES ";
  for (std::size_t row = 0; row < rows; ++row) {
    text += row == 0 ? "(?" : ",(?";
    for (std::size_t column = 1; column < columns_; ++column) text += ",?";
    text += ')';
  }
  return text + tail_;
}

void Insertion::run(Statement& statement) {
  int place = 0;
  for (const Value& value : waiting_) {
    ++place;
    std::visit([&](auto bound) { statement.bind(place, bound); }, value);
  }
  waiting_.clear();
  statement.run();
}

}  // namespace coldwatch
