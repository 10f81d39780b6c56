// One log file, read on from a position: whole records only, a bounded piece at a time, the file
// open only during look(). Notices when the file is no longer the one it was.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/formats/format.hpp"
#include "agent/source/follower.hpp"
#include "agent/source/log_file.hpp"

namespace coldwatch {

/// Bytes that one look() takes from a growing log, and the largest log that is rewritten whole.
inline constexpr std::size_t kMostBytesPerLook = 256 * 1024;
inline constexpr std::size_t kLargestWholeFileBytes = 64 * 1024 * 1024;

class Tail {
 public:
  enum class Look {
    kReady,       // is the file it was; what is new has been taken in
    kWaiting,     // its head is not complete yet
    kMissing,     // is not there
    kUnreadable,  // is there, but cannot be opened or read now
    kUnusable,    // is of the format, but cannot be read by it
    kReplaced,    // another file of this name, or other content in this one
    kShrunk,      // ends before the position although it begins as it did
  };

  /// Begins at `from`, or at the first record where that is nullptr. `order` is the file's place.
  Tail(std::string full_path, const Format* format, FileContext context, std::string order,
       const FilePosition* from);

  /// Opens the file, checks that it is still the same, takes in what is new and closes it.
  Look look();
  /// What stands in the way after kUnreadable or kUnusable; with a reader, what people should know.
  const std::string& trouble() const { return trouble_; }

  /// Resets `batch` and reads the next whole records of what was taken in, whose arrival is `now`.
  /// False where they are all read; then more_to_take() tells whether look() would find more.
  bool read(RowBatch& batch, UtcTime now);
  bool more_to_take() const;

  /// True once after a log that is rewritten whole was found with fewer records than were read.
  bool take_begun_again() { return std::exchange(begun_again_, false); }

  /// Goes on in the same file under another name.
  void moved_to(std::string full_path, std::string path);

  /// Where read() goes on; its head_hash and identity are of the last look.
  FilePosition position() const;
  /// A place before position() in the same file, as a record's own position tells it.
  FilePosition at(Position position) const;
  const std::string& path() const { return context_.path; }
  const std::string& order() const { return order_; }
  void set_order(std::string order) { order_ = std::move(order); }
  SharedChannels channels() const;
  bool opened() const { return reader_ != nullptr; }
  std::vector<std::string> names() const;
  /// Size at the last look, and how many of its bytes lie behind position().
  std::uint64_t size() const { return size_; }
  std::uint64_t bytes_behind() const;

 private:
  std::optional<Look> compare(LogFile& file);
  Look take_in(LogFile& file);
  Look take_in_whole(LogFile& file);
  Look open_reader(LogFile& file);
  std::string_view unread() const { return std::string_view{taken_}.substr(used_); }
  bool read_once(RowBatch& batch, UtcTime now);
  bool read_whole(RowBatch& batch);
  void use(std::size_t bytes);

  std::string full_path_;
  const Format* format_;
  FileContext context_;
  std::string order_;
  std::unique_ptr<FileReader> reader_;
  std::string trouble_;
  std::string identity_;
  std::string head_hash_;
  std::uint64_t size_ = 0;
  std::int64_t changed_ = 0;
  bool resumed_ = false;
  Position position_;  // of the first unread byte
  std::string taken_;  // bytes of the file, the first used_ of them read
  std::size_t used_ = 0;
  std::string last_bytes_;  // that were read just before position_, to know the file again
  bool whole_is_read_ = false;
  bool begun_again_ = false;
};

}  // namespace coldwatch
