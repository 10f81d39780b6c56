// Notices what is strange in the order of rows: a time that stands still or goes back, a gap, a
// line number that jumps. For remarks only: no row is dropped or changed for it.
#pragma once

#include <optional>
#include <vector>

#include "agent/reading/row.hpp"

namespace coldwatch {

/// Watches the rows of one file. Knows nothing before the first one it sees, so a reader made anew
/// in the middle of a file misses at most the remark about that one step.
class RowSequence {
 public:
  /// Adds a remark (repeated_time, time_back, gap, number_jump) about the step from the row before.
  void check(std::uint64_t number, UtcTime time, std::vector<Remark>& remarks) {
    const bool usual = before_ && number == before_->number + 1 && time > before_->time &&
                       time - before_->time <= usual_;
    if (!usual) return check_closely(number, time, remarks);
    before_ = Row{number, time};
  }
  /// The same for a log whose numbers are those of its lines, of which not all are rows.
  void check_time(std::uint64_t line, UtcTime time, std::vector<Remark>& remarks);

 private:
  void check_closely(std::uint64_t number, UtcTime time, std::vector<Remark>& remarks);

  struct Row {
    std::uint64_t number;
    UtcTime time;
  };
  std::optional<Row> before_;
  Milliseconds usual_{0};  // the log's own interval, learned
};

}  // namespace coldwatch
