// Rows as they come out of a log: numbers and whether each can be believed. Kept flat, one block of
// numbers for many rows, because a backlog of a year is read at the speed of memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/reading/channel.hpp"
#include "common/time.hpp"

namespace coldwatch {

/// good: a reading. stale: the instrument has not measured it for a while. invalid: the number is
/// not a reading at all (disabled channel, overload, gauge off, blank field).
enum class Quality : std::uint8_t { kGood, kStale, kInvalid };

/// Where in one file: `offset` bytes for a log that grows, and the ordinal of the next record,
/// which alone counts for a log that is rewritten whole.
struct Position {
  std::uint64_t offset = 0;
  std::uint64_t record = 0;
  UtcTime
      time{};  // of the record before: tells the two passes of the hour that a clock shows twice
  bool operator==(const Position&) const = default;
};

/// One record. The spans are as long as the batch's channels and live as long as the batch.
struct RowView {
  std::uint64_t number;  // the log's own line number where it has one, else the ordinal in the file
  UtcTime time;
  Position next;  // where the record after this one begins
  std::span<const double> values;
  std::span<const Quality> quality;
};

/// Something about the log that is no row.
struct Remark {
  enum class Kind {
    kBadRecord,   // could not be read, skipped
    kAnomaly,     // was read, but is strange: time stands still, a gap, a number that goes back
    kInstrument,  // the instrument's own words: a comment row, a line of an error log
  };
  Kind kind;
  std::string code;  // a short word for tables: "length", "repeated_time", "gap", "comment"
  std::uint64_t line;
  std::optional<UtcTime> time;
  std::string text;
  std::uint64_t count = 1;  // records it stands for, where many in a row have the same trouble
};

/// Rows of one file that share one list of channels.
class RowBatch {
 public:
  void reset(SharedChannels channels);

  /// Adds a row; its numbers are any until all are set, its qualities kGood until changed.
  struct Slot {
    std::span<double> values;
    std::span<Quality> quality;
  };
  Slot add(std::uint64_t number, UtcTime time, Position next) {
    const std::size_t begin = heads_.size() * width_;
    make_room(begin + width_);
    heads_.push_back({number, time, next});
    return {{values_.data() + begin, width_}, {quality_.data() + begin, width_}};
  }
  /// Appends rows `first` to `last` (not included) of `other`, which has the same channels.
  void append(const RowBatch& other, std::size_t first, std::size_t last);
  /// Takes the row added last away again.
  void drop_last();

  std::size_t size() const { return heads_.size(); }
  bool empty() const { return heads_.empty(); }
  RowView operator[](std::size_t index) const;
  const SharedChannels& channels() const { return channels_; }

  std::vector<Remark> remarks;
  /// When the bytes were read, set by who reads them: the time of rows whose log tells none.
  UtcTime arrival{};

 private:
  struct Head {
    std::uint64_t number;
    UtcTime time;
    Position next;
  };

  /// A batch is filled again and again, so its blocks keep what they have grown to.
  void make_room(std::size_t cells) {
    if (values_.size() < cells) grow(cells);
  }
  void grow(std::size_t cells);

  SharedChannels channels_;
  std::size_t width_ = 0;
  std::vector<Head> heads_;
  std::vector<double> values_;
  std::vector<Quality> quality_;  // kGood behind the last row
};

}  // namespace coldwatch
