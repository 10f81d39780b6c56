// What a log file or folder holds: format, columns, rows, times, and what is strange in it. The
// command `inspect` prints it; values in, values out, and no clock is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/source/follower.hpp"

namespace coldwatch {

/// A report names at most so many anomalies of one file; `anomalies_left_out` counts the others.
inline constexpr std::size_t kMostAnomaliesNamed = 1000;

struct ChannelReport {
  Channel channel;
  std::uint64_t good = 0;
  std::uint64_t stale = 0;
  std::uint64_t invalid = 0;
  std::optional<double> min;  // of the good values, like the other two
  std::optional<double> max;
  std::optional<double> last;
};

/// What the instrument itself says in its log: a comment, an error, a status in words.
struct WordsReport {
  std::uint64_t line = 0;
  std::optional<UtcTime> time;
  std::string text;
};

struct AnomalyReport {
  std::string kind;  // code of the remark: "gap", "repeated_time", "damage", "partial_row", ...
  std::uint64_t line = 0;
  std::string text;
};

struct FileReport {
  std::string path;
  std::string format;  // name in the table; "" where no format knows the file
  std::string title;   // for people
  std::string why;     // what it is recognised by, or what was found instead
  std::uint64_t rows = 0;
  std::uint64_t bad_records = 0;
  std::optional<UtcTime> first_time;
  std::optional<UtcTime> last_time;
  std::vector<ChannelReport> channels;
  std::vector<AnomalyReport> anomalies;
  std::uint64_t anomalies_left_out = 0;
  std::vector<WordsReport> words;  // bounded likewise
  std::uint64_t words_left_out = 0;
};

struct Inspection {
  bool is_folder = false;
  std::vector<FileReport> files;  // in order of time
  std::string problem;            // why there is nothing to report; "" where there is
};

/// Reads all of `settings.folder`, a file or a folder, as the follower would; `settings.start` does
/// not matter. `now` stands in for the time of rows whose log tells none.
Inspection inspect(const LogSettings& settings, UtcTime now);

/// The JSON of `inspect --json`: an object for a file, an array for a folder; ends with a newline.
std::string inspection_json(const Inspection& inspection);

/// The same for people, with a table of the channels of each file.
std::string inspection_text(const Inspection& inspection);

}  // namespace coldwatch
