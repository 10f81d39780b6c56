// Follows the logs of one folder: finds the files, opens each only while it reads, hands out whole
// records in order, goes from file to file as the logging program does, and never skips one
// silently.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/formats/format.hpp"
#include "common/time_zone.hpp"

namespace coldwatch {

/// Where to begin in a folder that no cursor knows yet.
enum class LogStart {
  kNow,        // with the newest record that is there, which shows an alarm that exists
  kToday,      // with the first record of the local day
  kBeginning,  // with the oldest file
};

/// The sections "log" and "channels" of the agent's config, as far as reading needs them.
struct LogSettings {
  std::string folder;
  std::string format = "auto";  // or a name of the table
  TimeZone zone;
  LogStart start = LogStart::kNow;
  std::vector<std::string> names;              // for files without names
  std::map<std::string, std::string> options;  // of the format
};

/// A place in one file that survives renaming: the file's identity, not its name.
struct FilePosition {
  std::string path;       // relative to the folder, as last seen; for people
  std::string identity;   // volume and file number
  std::string head_hash;  // of the first bytes, with their count: a file replaced in place differs
  std::string order;      // the format's order text, so that a file that is gone still has a place
  Position position;
  /// Where reading ended in the file before, whose last rows may come late; none or one, and that
  /// one has none.
  std::vector<FilePosition> finished;
  bool operator==(const FilePosition&) const = default;
};
/// By stream.
using StreamPositions = std::map<std::string, FilePosition>;

/// What happened to a file that somebody should know: `type` is an event type of the wire contract,
/// gap (records that can no longer be read) or format_changed (columns, width or units differ).
struct LogNotice {
  std::string type;
  std::string stream;
  std::string file;
  std::string text;
};

/// Some records of one file, in order. `rows` is valid until the next call of next().
struct Chunk {
  std::string stream;
  std::string file;  // relative path
  const RowBatch* rows;
  FilePosition before;
  FilePosition after;
  bool late = false;  // of the finished file: `before` and `after` differ in `finished` only

  /// The place behind row `index`.
  FilePosition after_row(std::size_t index) const;
};

/// What stands between the follower and the log; "" in `text` where nothing does.
struct LogCondition {
  enum class State { kReadable, kMissing, kUnreadable } state = State::kReadable;
  std::string text;  // names the path, what was found and what was expected
};

class Follower {
 public:
  /// Goes on at `from` where the files are still known, else begins as the settings say.
  Follower(LogSettings settings, StreamPositions from);
  ~Follower();

  /// Looks once at the folder (listing it at most every few seconds, see source/log_folder) and at
  /// the files in hand. Call once a poll, then next() until it is empty.
  void poll(UtcTime now);

  /// The next records, from the stream whose next record is oldest; nullopt where all are read.
  std::optional<Chunk> next();

  /// Where next() goes on, for every stream.
  const StreamPositions& positions() const;

  std::vector<LogNotice> take_notices();
  LogCondition condition() const;
  /// Name of the format in use; "" before one is known.
  std::string format() const;
  /// Channels of every stream seen, in order of stream.
  std::map<std::string, SharedChannels> channels() const;
  /// Bytes that lie behind positions() in the files known; how far a backlog has to go.
  std::uint64_t bytes_behind() const;
  /// Records skipped as unreadable since the start.
  std::uint64_t bad_records() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coldwatch
