// One log, opened so that its writer never notices: shared for reading, writing, renaming and
// deleting, and only for as long as a look at it takes. The only place that opens logs.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace coldwatch {

class LogFile {
 public:
  enum class State {
    kOpen,
    kMissing,     // there is no such file
    kUnreadable,  // there is one, but it cannot be opened now: permission, lock, network
  };

  /// Opens `path` (UTF-8). Closed by the destructor; an open file that was deleted lives on until
  /// then.
  explicit LogFile(const std::string& path);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  State state() const { return state_; }
  /// What stands in the way, with the path; "" while open.
  const std::string& error() const { return error_; }

  /// Volume and file number: the same after a rename, another after a replacement.
  const std::string& identity() const { return identity_; }
  /// Bytes at the time of opening, asked of the file itself: a folder listing lags behind on
  /// Windows.
  std::uint64_t size() const { return size_; }
  /// Time of the last change in a unit of the platform's, to be compared for equality only.
  std::int64_t changed() const { return changed_; }

  /// Reads from `offset` on; fewer bytes than asked for at the end of the file only. nullopt, with
  /// error() set, where the system refuses.
  std::optional<std::size_t> read(std::uint64_t offset, std::span<char> to);

 private:
  void refuse(State state, const std::string& path, const std::string& why);

  std::string path_;
  State state_ = State::kMissing;
  std::string error_;
  std::string identity_;
  std::uint64_t size_ = 0;
  std::int64_t changed_ = 0;
  std::intptr_t handle_ = -1;
};

/// At most `most` bytes of `file` from `offset` on; nullopt as for read().
std::optional<std::string> read_some(LogFile& file, std::uint64_t offset, std::size_t most);

}  // namespace coldwatch
