// What the files of a log folder are: which belong to which format and stream, in which order they
// follow each other, and which are only copies. Remembers what it has looked at, so that a poll of
// a folder where nothing is new opens nothing.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/source/follower.hpp"
#include "agent/source/log_file.hpp"
#include "agent/source/log_folder.hpp"

namespace coldwatch {

/// A file that a format knows.
struct LogEntry {
  std::string path;  // relative to the folder
  const Format* format = nullptr;
  Recognition recognition;
  std::string identity;
  std::string head_hash;
  std::uint64_t size = 0;
  UtcTime modified{};
  bool has_records = false;
  std::string problem;    // why it cannot be read although it is of that format; "" where it can
  bool at_start = false;  // was there when the folder was seen for the first time
  int growths = 0;        // listings in which it held more than in the one before
};

class Catalog {
 public:
  /// `settings` outlives the catalog.
  explicit Catalog(const LogSettings& settings) : settings_(settings) {}

  /// Lists the folder and looks at what is new or has changed. Files in `followed` are looked at by
  /// their tails and, once they hold records, not here; those in `suspects` in any case.
  void refresh(const std::set<std::string>& followed, const std::set<std::string>& suspects);

  /// How the newest listing went; files of an older one stay known where it failed.
  const Listing& listing() const { return listing_; }
  bool ever_listed() const { return ever_listed_; }

  /// The format of the folder: the configured one, else that of the newest file any format knows.
  const Format* format() const { return format_; }
  /// By stream its files, oldest first. Of copies (same order and same first bytes, or one file
  /// under two names) only the longest is among them.
  const std::map<std::string, std::vector<const LogEntry*>>& streams() const { return streams_; }
  /// Empty for an unknown stream.
  const std::vector<const LogEntry*>& files(const std::string& stream) const;
  const LogEntry* find(std::string_view path) const;
  /// Is there a file of that name, of whatever format?
  bool exists(std::string_view path) const { return known_.contains(std::string{path}); }
  /// Is it listed, but could not be opened when it was looked at?
  bool is_closed_to_us(std::string_view path) const;
  /// Where the file that `known` was a place in is now: the same file under whatever name, else one
  /// of the same first bytes that reaches at least as far (copied before it was emptied, or on a
  /// share with new file numbers), its own name first. "" where there is none.
  std::string whereabouts(const FilePosition& known) const;
  /// Where to read `path`, and what a reader of it may know.
  std::string full_path(std::string_view path) const;
  FileContext context(std::string_view path) const;
  /// A sentence for each file of the format in use that is left out as a copy.
  std::vector<std::string> copies() const;
  /// A sentence for each other format than `followed` in the folder. With a configured format no others
  /// are looked for.
  std::vector<std::string> other_formats(const Format* followed) const;
  /// A sentence on what was seen, for the case that no file is of a known format.
  std::string seen() const;

 private:
  struct Known {
    FolderEntry listed;
    FolderEntry examined;   // as it was listed when it was examined
    bool archived = false;  // too old to be opened
    // Of a file that no format knows, as it told itself; none where it could not be read.
    std::optional<std::int64_t> changed;
    std::uint64_t size = 0;
    std::string identity;
    std::string head_hash;
    std::optional<LogEntry> entry;
  };
  void examine(Known& known) const;
  UtcTime oldest_wanted(const std::set<std::string>& followed,
                        const std::set<std::string>& suspects) const;
  bool reaches(const std::string& path, const FilePosition& place, bool same_file) const;
  void choose_format();
  void sort_streams();
  std::vector<LogEntry> siblings(std::string_view path) const;
  std::vector<std::string> sibling_names(std::string_view path, std::size_t columns) const;

  const LogSettings& settings_;
  Listing listing_;
  bool ever_listed_ = false;
  const Format* format_ = nullptr;
  std::map<std::string, Known> known_;  // by path
  std::map<std::string, std::vector<const LogEntry*>> streams_;
  std::map<std::string, std::string>
      copies_;  // path of a copy to that of the file that is followed
};

/// Are they the same log, copied or under two names?
bool is_same_log(const LogEntry& one, const LogEntry& other);

/// What `format`, or the first that knows it where it is nullptr, makes of a file; nullopt where
/// none does.
std::optional<LogEntry> examine_file(const Format* format, LogFile& file,
                                     const FileContext& context);

}  // namespace coldwatch
