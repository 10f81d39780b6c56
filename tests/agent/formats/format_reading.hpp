// Reads a whole log through a format as the follower would, for tests that look at what comes out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/formats/format.hpp"

namespace coldwatch {

/// A row with its own copy of everything.
struct ReadRow {
  std::uint64_t number;
  UtcTime time;
  std::vector<double> values;
  std::vector<Quality> quality;
  bool operator==(const ReadRow&) const = default;
};

struct ReadLog {
  std::string why;  // where it could not be opened
  bool need_more = false;
  Channels channels;  // at the end
  std::vector<ReadRow> rows;
  std::vector<Remark> remarks;
  Position end;

  std::size_t count(Remark::Kind kind) const;
  std::size_t count(const std::string& key, Quality quality) const;
  /// Value of a channel in one row; fails the test where there is no such channel.
  double value(std::size_t row, const std::string& key) const;
  Quality quality(std::size_t row, const std::string& key) const;
  std::string time(std::size_t row) const;
};

TimeZone zone(const std::string& name);
FileContext context_of(std::string path, const std::string& zone_name = "UTC");

/// Opens and reads `bytes`; a growing log in windows of at most `window` bytes, which must be at
/// least kLargestRecordBytes, as the follower gives them.
ReadLog read_log(const std::string& format, const FileContext& context, std::string_view bytes,
                 std::size_t window = 4 * kLargestRecordBytes);

/// The same where the log grows by `step` bytes at a time and is read after each, half of the time
/// by a reader made anew. What comes out must not depend on it.
ReadLog read_growing(const std::string& format, const FileContext& context, std::string_view bytes,
                     std::size_t step);

}  // namespace coldwatch
