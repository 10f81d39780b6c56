// Looks at a log folder again and again at the price of what has changed in it: a folder whose own
// time stands still has no new names and is not read again. Keeps a few words for each folder,
// nothing for a file.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/source/log_folder.hpp"

namespace coldwatch {

/// So many files are listed whole every time: it costs nothing worth saving.
inline constexpr std::size_t kFewFiles = 256;
/// Folders asked for their time in one look: the newest ones and those with folders in them every
/// time, of all others so many in turn.
inline constexpr std::size_t kFoldersInTurn = 128;
inline constexpr std::size_t kNewestFolders = 64;

class FolderWatch {
 public:
  using Take = std::function<void(FolderEntry)>;
  enum class Extent {
    kChanges,  // folders whose time has changed
    kWhole,    // all, because on FAT and some network shares a folder's time tells nothing
  };

  explicit FolderWatch(std::string folder) : folder_(std::move(folder)) {}

  /// Calls `take` for each file of every folder that is read; those of `folders` are asked for
  /// their time every time. Leaves Listing::files empty. Few files, and those of folders whose times
  /// do not tell, are looked at whole in any case.
  Listing look(Extent extent, const std::set<std::string>& folders, const Take& take);

  enum class Seen { kRead, kAsBefore, kGone };
  /// What the newest look made of a folder below; "" is the folder itself.
  Seen seen(std::string_view folder) const;

  std::size_t files() const { return files_; }
  /// The newest time of any file.
  UtcTime newest() const;
  /// False once a new name was found in a folder whose time had not changed.
  bool times_tell() const { return times_tell_; }
  /// Does a look read every folder?
  bool reads_all() const { return files_ <= kFewFiles || !times_tell_; }

 private:
  struct Folder {
    UtcTime modified{};
    UtcTime newest_file = UtcTime::min();
    std::uint64_t names = 0;  // a sum over them
    std::size_t files = 0;
    int read_in = 0;       // which look read it; 0: none
    bool settled = false;  // read twice with the same time, as times have a grain
    bool failed = false;
    bool has_folders = false;
  };

  std::string full_path(const std::string& below) const;
  Listing look_at_file(FolderItem item, const Take& take);
  std::vector<std::string> due(const std::set<std::string>& first) const;
  bool is_unchanged(const std::string& path, const Folder& folder) const;
  std::vector<std::string> read(const std::string& path, const Take& take, Listing& listing);
  std::vector<std::string> compare_folders(const std::string& path, std::vector<std::string> below);

  std::string folder_;
  std::map<std::string, Folder, std::less<>> folders_;
  std::size_t files_ = 0;
  int look_ = 0;
  bool whole_ = false;
  bool times_tell_ = true;
};

/// The folder of a path below the log folder; "" for the log folder.
std::string_view folder_of(std::string_view path);

}  // namespace coldwatch
