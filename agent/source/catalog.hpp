// What the files of a log folder are: which belong to which format and stream, in which order they
// follow each other, and which are only copies. Remembers what it has looked at, so that a poll of
// a folder where nothing is new opens nothing; of an archive of years only what is near the places
// where it is read.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/source/folder_watch.hpp"
#include "agent/source/follower.hpp"
#include "agent/source/known_file.hpp"
#include "agent/source/log_entry.hpp"
#include "agent/source/log_folder.hpp"
#include "agent/source/passed_files.hpp"

namespace coldwatch {

/// The files that an agent remembers at once, half a kilobyte each. Where there are more that are not
/// too old to be opened, each stream keeps its share around the place where it is read, and goes
/// through the folder again for the next ones.
inline constexpr std::size_t kMostFilesKept = 4096;

/// Of so many others a file may learn its names.
inline constexpr std::size_t kMostSiblings = 50;

class Catalog {
 public:
  /// `settings` outlives the catalog. With the second argument it holds all files of the folder at
  /// once and lists it whole: for commands that tell of all.
  explicit Catalog(const LogSettings& settings, std::size_t most_files = kMostFilesListed)
      : settings_(settings), most_files_(most_files), watch_(settings.folder) {}

  /// Lists the folder and looks at what is new or has changed. Files in `followed` are looked at by
  /// their tails and, once they hold records, not here; those in `suspects` in any case. `places` are
  /// where the streams are read.
  void refresh(const std::set<std::string>& followed, const std::set<std::string>& suspects,
               const StreamPositions& places = {},
               FolderWatch::Extent extent = FolderWatch::Extent::kWhole);

  /// How the newest listing went; files of an older one stay known where it failed.
  /// Its `files` are there where all are held only.
  const Listing& listing() const { return listing_; }
  std::size_t files_listed() const { return watch_.files(); }
  bool folder_times_tell() const { return watch_.times_tell(); }
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
  bool exists(std::string_view path) const;
  /// Bytes of the files of a stream that come after those remembered; nullopt where none do.
  std::optional<std::uint64_t> bytes_beyond(const std::string& stream) const;
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
  using Files = std::map<std::string, KnownFile, std::less<>>;  // by path
  using Stream = std::pair<const Format*, std::string>;
  using Place = std::pair<std::string, std::string>;  // order and path
  /// Files of a stream that are not remembered: they come behind `last`.
  struct Beyond {
    Place last;
    std::uint64_t bytes = 0;
  };
  struct Look;

  bool bounded() const { return most_files_ < kMostFilesListed; }
  void take(const Look& look, FolderEntry file);
  void forget_vanished();
  void look_at_lively(const Look& look);
  void examine(const std::string& path, KnownFile& known);
  void note_format(const std::string& path, const KnownFile& known);
  void forget(Files::iterator known);
  void leave_out(FolderEntry file, bool for_good);
  static void keep_newest(std::vector<FolderEntry>& files);
  void bound(const Look& look, Files::iterator file, bool archived);
  void pass(const Look& look, Files::iterator file);
  bool is_beyond(const LogEntry& entry) const;
  void keep_fewer(const Look& look);
  void keep_window(const Look& look, std::vector<Files::iterator>& files, std::size_t share);
  bool is_sought(const Look& look, const std::string& path, const KnownFile& known) const;
  void end_look(const Look& look, std::map<Stream, Beyond> before);
  UtcTime oldest_wanted(Look& look) const;
  bool reaches(const std::string& path, const FilePosition& place, bool same_file) const;
  void choose_format();
  void sort_streams();
  std::vector<FolderEntry> neighbours() const;
  std::vector<LogEntry> siblings(std::string_view path) const;
  std::vector<std::string> sibling_names(std::string_view path, std::size_t columns) const;

  const LogSettings& settings_;
  std::size_t most_files_;
  FolderWatch watch_;
  Listing listing_;
  bool ever_listed_ = false;
  int refresh_ = 0;
  int partial_looks_ = 0;
  bool stale_ = false;  // known_ differs from what streams_ were made of
  const Format* format_ = nullptr;
  Files known_;
  std::size_t keep_fewer_at_ = 0;
  std::map<Stream, Beyond> beyond_;
  PassedFiles passed_;
  std::vector<FolderEntry> left_out_;  // the newest of them, because they may know names
  // The newest file that any format knows, while none is chosen.
  const Format* newest_format_ = nullptr;
  UtcTime newest_modified_{};
  std::string newest_path_;
  std::map<std::string, std::vector<const LogEntry*>> streams_;
  std::map<std::string, std::string>
      copies_;  // path of a copy to that of the file that is followed
};

}  // namespace coldwatch
