// Which files lie in a log folder now, dated folders below it included. Names are UTF-8 with '/'
// between levels on every platform. Nothing is opened.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/time.hpp"

namespace coldwatch {

inline constexpr int kDeepestFolder = 4;  // levels below the log folder
inline constexpr std::size_t kMostFilesListed = 100'000;

struct FolderEntry {
  std::string path;        // relative to the folder
  std::uint64_t size = 0;  // may lag behind on Windows while the writer holds the file
  UtcTime modified{};      // likewise; a hint
  bool operator==(const FolderEntry&) const = default;
};

struct Listing {
  enum class State { kListed, kMissing, kUnreadable } state = State::kListed;
  std::string root;      // where the paths of `files` begin
  std::string error;     // names the folder; "" where listed
  bool complete = true;  // false: a folder below could not be listed, or there were too many
  std::vector<FolderEntry> files;  // in order of path
};

/// All files below `folder`, without copies and temporary files (see is_foreign_copy). Where
/// `folder` is itself a file, that file alone, by its name.
Listing list_folder(const std::string& folder);

/// Is it a file that sync clients, editors and office programs leave beside the real one?
/// "log.sync-conflict-20260101-120000-ABC.vcl", "~$log.xlsx", "log (conflicted copy).vcl",
/// ".log.swp".
bool is_foreign_copy(std::string_view file_name);

/// One level, as the platform gives it: for FolderWatch and list_folder.
struct FolderItem {
  std::string name;
  bool is_folder = false;
  std::uint64_t size = 0;
  UtcTime modified{};
};
struct FolderLevel {
  Listing::State state = Listing::State::kListed;
  std::string error;
  UtcTime modified{};  // of the folder, before its items were read
};
/// One item after the other, so that a folder of many is never held in memory.
FolderLevel list_level(const std::string& folder, const std::function<void(FolderItem)>& take);
/// All at once; none where it cannot be listed.
std::vector<FolderItem> items_of(const std::string& folder);
/// A file or folder, asked itself, with the last part of `path` as name; nullopt where there is none
/// to be seen.
std::optional<FolderItem> ask_item(const std::string& path);

}  // namespace coldwatch
