// SQLite's prepared statements. A connection and its statements belong to one thread at a time.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace coldwatch {

/// A fault of SQLite, with its code.
struct StoreFault {
  int code;
  std::string text;
};

/// Every function throws StoreFault where SQLite does not do what it is asked for.
class Statement {
 public:
  Statement(sqlite3* db, const std::string& sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// `text` stays where it is until the statement has run. Places count from 1.
  void bind(int place, std::string_view text);
  void bind(int place, std::int64_t number);
  /// True while there is a row.
  bool step();
  /// Ready for other values.
  void reset();
  /// To the end, and ready for other values.
  void run();
  std::string text(int column) const;
  std::int64_t number(int column) const;

 private:
  void check(int code) const;
  sqlite3* db_;
  sqlite3_stmt* statement_ = nullptr;
};

/// Writes many rows by one statement, some at once: much of what a row costs otherwise is to begin and
/// to end the statement.
class Insertion {
 public:
  using Value = std::variant<std::int64_t, std::string_view>;
  static constexpr std::size_t kRowsAtOnce = 16;

  /// `head` stands before "VALUES", which gives each row `columns` values, and `tail` after it.
  Insertion(sqlite3* db, std::string head, std::size_t columns, std::string tail);

  /// A row, whose texts stay where they are until finish().
  void add(std::initializer_list<Value> row);
  void finish();

 private:
  std::string sql(std::size_t rows) const;
  void run(Statement& statement);

  sqlite3* db_;
  const std::string head_, tail_;
  const std::size_t columns_;
  std::vector<Value> waiting_;
  std::optional<Statement> full_;  // writes kRowsAtOnce rows
};

}  // namespace coldwatch
