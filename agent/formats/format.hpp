// What a log format has to answer, and the table of all of them. A new format is one file in this
// folder that defines a `const Format`, and one row in formats.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/reading/row.hpp"
#include "common/time_zone.hpp"

namespace coldwatch {

/// A format looks at no more than this much of the start of a file to know it and its columns.
inline constexpr std::size_t kHeadBytes = 64 * 1024;
/// The largest record of a growing log. A reader that is given at least this many bytes always
/// consumes some of them; what cannot be a record it skips with a remark.
inline constexpr std::size_t kLargestRecordBytes = 64 * 1024;
/// Rows that one call of read() appends at most.
inline constexpr std::size_t kMostRowsPerRead = 500;

/// Is a file of this format, and which stream of the fridge does it continue?
struct Recognition {
  bool mine = false;
  std::string stream;  // topic level: files of one stream follow each other ("main", "ch1_t")
  std::string order;   // files of a stream are read in ascending order of this text
  std::string why;     // a phrase for `inspect`: "starts with \"VeriCold data logfile\""
  /// The file of the same stream that reads this one beside itself, as a path below the log folder:
  /// "26-06-25/CH1 R 26-06-25.log" for the temperatures of CH1. Where that file exists, this one is
  /// not followed itself; where it does not, it is followed like any other. "" for nearly all
  /// files.
  std::string beside = {};
};

/// What a reader may know besides the bytes.
struct FileContext {
  std::string path;                            // relative to the log folder, '/' between levels
  TimeZone zone;                               // of local times in the log
  std::vector<std::string> names;              // from the config, for files without names
  std::map<std::string, std::string> options;  // format options of the config, by key
  /// Names of the newest other file of the stream with this many columns; empty where there is
  /// none.
  std::function<std::vector<std::string>(std::size_t columns)> names_of_sibling;
  /// At most `max_bytes` from `offset` on of another file below the log folder, as it is now; "" at
  /// its end and where there is none. May be empty itself.
  std::function<std::string(const std::string& path, std::uint64_t offset, std::size_t max_bytes)>
      read_beside;
};

/// Reads the records of one file. Holds what the head of the file said, and nothing that a reader
/// made anew at a later position would not know as well.
class FileReader {
 public:
  virtual ~FileReader() = default;
  virtual SharedChannels channels() const = 0;
  /// Every column name as the file itself gives them, for siblings without names; else empty.
  virtual std::vector<std::string> names() const { return {}; }
  /// Where the first record begins.
  virtual Position start() const = 0;
  /// Appends the complete records of `bytes` to `batch` (already reset to channels()) and returns
  /// where the next one begins; `at` itself where `bytes` holds no complete record. `bytes` begins
  /// at `at.offset`; for a format that is rewritten whole it is the whole file, and rows from
  /// ordinal `at.record` on are wanted; a smaller record number comes back where it has not so many
  /// rows any more (it was begun again), `at` where it cannot be read now (half-written).
  /// Returns early where the channels change: channels() is then new.
  virtual Position read(std::string_view bytes, Position at, RowBatch& batch) = 0;
};

/// A reader, or why there is none yet or never.
struct Opened {
  std::unique_ptr<FileReader> reader;
  bool need_more = false;  // the head is not complete: try again when the file has grown
  std::string why;         // why there is no reader; with one, what people should know of it
};

struct Format {
  std::string_view name;   // the word in configs: "vcl"
  std::string_view title;  // for people: "Oxford Instruments VeriCold log"
  bool rewritten_whole = false;
  /// `name` is the file's path below the log folder, `head` up to kHeadBytes of its start.
  Recognition (*recognise)(std::string_view name, std::string_view head);
  Opened (*open)(const FileContext& context, std::string_view head);
  bool only_by_name =
      false;  // `auto` does not ask it: it takes any text file, or a part of another's
};

/// All formats, in the order in which `auto` asks them.
std::span<const Format* const> formats();

/// nullptr where there is none of that name.
const Format* find_format(std::string_view name);

}  // namespace coldwatch
