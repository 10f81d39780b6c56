// The files of one stream, one after the other: which file is read now, what becomes of it, and
// which one follows. Every way in which real programs and people rotate logs ends here.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/source/catalog.hpp"
#include "agent/source/tail.hpp"

namespace coldwatch {

/// The last lines of a finished file may come after its successor: it is looked at for so long at every
/// poll, then once in so long until the next file is finished.
inline constexpr Milliseconds kLateLines = std::chrono::minutes{10};
/// A listing that lacks a folder below is believed after so many looks: the folder may be closed to us
/// for ever.
inline constexpr int kLooksAtPartialListing = 30;
/// A file that stands before the one in hand by its order is followed where it has grown so often
/// since the one in hand has stood still for so long: the clock of the PC was set back.
inline constexpr int kGrowthsToBelieve = 3;
inline constexpr Milliseconds kStandsStill = std::chrono::minutes{10};
/// What a file has become is believed when it was seen so often.
inline constexpr int kLooksToConfirm = 2;
/// A file that grew so recently is not left yet.
inline constexpr Milliseconds kLinger = std::chrono::seconds{2};

class LogStream {
 public:
  /// Goes on at `from`; without it as `start` says. All references outlive the stream.
  LogStream(std::string name, const Catalog& catalog, LogStart start, TimeZone zone,
            std::optional<FilePosition> from);

  /// One look at the file in hand. After it, wants_listing() tells whether only a new listing can
  /// say what has become of the file.
  void look(UtcTime now);
  bool wants_listing() const { return wants_listing_; }

  /// Makes pending rows or remarks available where there are any left, going from file to file.
  bool fill(UtcTime now);
  /// The rows read last; those before given() were handed out.
  const RowBatch& pending() const { return batch_; }
  std::size_t given() const { return given_; }
  bool has_pending() const { return given_ < batch_.size() || remarks_pending_; }
  /// Counts rows up to `end` (not included) as handed out: file, positions before and after them.
  struct Handed {
    std::string file;
    FilePosition before;
    FilePosition after;
    bool late = false;  // of the file before
  };
  Handed hand_out(std::size_t end);

  /// Where the next row to be handed out lies; nullopt before there is a file.
  std::optional<FilePosition> position() const;
  SharedChannels channels() const { return channels_; }
  const std::string& name() const { return name_; }
  /// Path of the file in hand, or of the cursor before there is one; "" without either.
  std::string path() const { return tail_ ? tail_->path() : from_ ? from_->path : ""; }
  std::uint64_t bytes_behind() const;
  /// Is none known that comes after it?
  bool is_in_last_file() const { return tail_ && later_files().empty(); }
  LogCondition condition() const { return condition_; }
  std::vector<LogNotice> take_notices() { return std::exchange(notices_, {}); }

 private:
  bool begin(UtcTime now);
  void begin_at_cursor();
  void begin_fresh(UtcTime now);
  bool begin_today(const std::vector<const LogEntry*>& files, UtcTime now);
  void begin_at_last(const LogEntry& file, UtcTime now);
  bool listing_is_believed() const;
  void changed(Tail::Look look);
  void begin_again(const std::string& what);
  bool fill_from(Tail& tail, UtcTime now);
  void compare_channels(const std::string& file);
  std::vector<const LogEntry*> later_files() const;
  const LogEntry* successor() const;
  const LogEntry* after_clock_was_set_back(UtcTime now);
  bool advance(UtcTime now);
  void follow(const LogEntry& entry, const FilePosition* from);
  void look_late(UtcTime now);
  void resume_late(UtcTime now);
  void begin_late(std::unique_ptr<Tail> tail, UtcTime now);
  void tell_rest_of_late();
  void drop_late();
  FilePosition with_finished(FilePosition place) const;
  void note(std::string type, const std::string& file, std::string text);

  std::string name_;
  const Catalog& catalog_;
  LogStart start_;
  TimeZone zone_;
  std::optional<FilePosition> from_;  // the cursor; the last known place while no file is open
  std::unique_ptr<Tail> tail_;
  std::unique_ptr<Tail> late_;            // the file before
  std::optional<FilePosition> finished_;  // where it ended for an earlier run; until it is found
  UtcTime late_since_{};
  UtcTime late_looked_{};
  int strange_late_looks_ = 0;
  bool late_rest_told_ = false;  // that it ends in the middle of a record
  std::string then_path_;        // where the file was that was renamed: its successor
  RowBatch batch_;
  std::size_t given_ = 0;
  bool remarks_pending_ = false;
  bool batch_is_late_ = false;
  bool drained_ = false;  // nothing more can be read before the next look
  Position batch_begin_;  // of the first row of batch_, and behind its last
  Position batch_end_;
  SharedChannels channels_;
  std::optional<UtcTime> grew_at_;
  std::optional<UtcTime> still_since_;         // the file in hand has not grown
  std::map<std::string, int> growths_before_;  // of earlier files by then, by path
  int strange_looks_ = 0;  // looks in a row at which the file was gone or not itself
  bool told_gone_ = false;
  bool wants_listing_ = false;
  LogCondition condition_;
  std::vector<LogNotice> notices_;
};

}  // namespace coldwatch
