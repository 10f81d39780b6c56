#include "agent/source/folder_watch.hpp"

#include <algorithm>
#include <utility>

namespace coldwatch {
namespace {

constexpr Milliseconds kNew = std::chrono::days{2};

std::string join(const std::string& folder, const std::string& name) {
  if (folder.empty()) return name;
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

int depth_of(std::string_view path) {
  return path.empty() ? 0 : 1 + static_cast<int>(std::ranges::count(path, '/'));
}

}  // namespace

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? std::string_view{} : path.substr(0, slash);
}

std::string FolderWatch::full_path(const std::string& below) const {
  return below.empty() ? folder_ : join(folder_, below);
}

Listing FolderWatch::look(Extent extent, const std::set<std::string>& folders, const Take& take) {
  ++look_;
  if (auto item = ask_item(folder_); item && !item->is_folder) {
    return look_at_file(std::move(*item), take);
  }
  whole_ = extent == Extent::kWhole || folders_.empty() || reads_all();
  Listing listing{.root = folder_};
  std::vector<std::string> to_read = whole_ ? std::vector<std::string>{""} : due(folders);
  while (!to_read.empty()) {
    const std::string path = std::move(to_read.back());
    to_read.pop_back();
    const auto known = folders_.find(path);
    const bool read_now = known != folders_.end() && known->second.read_in == look_;
    if (read_now || (!whole_ && known != folders_.end() && is_unchanged(path, known->second))) {
      continue;
    }
    std::ranges::move(read(path, take, listing), std::back_inserter(to_read));
    if (listing.state != Listing::State::kListed) return listing;
  }
  for (const auto& [path, folder] : folders_) listing.complete &= !folder.failed;
  return listing;
}

Listing FolderWatch::look_at_file(FolderItem item, const Take& take) {
  folders_.clear();
  folders_[""] = {.newest_file = item.modified, .files = 1, .read_in = look_};
  files_ = 1;
  Listing listing{.root = folder_.substr(0, folder_.size() - item.name.size())};
  take({std::move(item.name), item.size, item.modified});
  return listing;
}

/// Whose times are asked now. The newest names come first, as folders are named for days.
std::vector<std::string> FolderWatch::due(const std::set<std::string>& first) const {
  UtcTime newest = UtcTime::min() + kNew;
  for (const auto& [path, folder] : folders_) newest = std::max(newest, folder.modified);
  const std::size_t turns = 1 + folders_.size() / kFoldersInTurn;
  std::vector<std::string> due;
  std::size_t number = 0;
  std::size_t new_ones = 0;
  for (auto at = folders_.rbegin(); at != folders_.rend(); ++at) {
    const auto& [path, folder] = *at;
    const bool is_turn = number++ % turns == static_cast<std::size_t>(look_) % turns;
    const bool is_new = folder.modified >= newest - kNew && ++new_ones <= kNewestFolders;
    const bool always = path.empty() || folder.has_folders || folder.failed || first.contains(path);
    if (is_turn || is_new || always) due.push_back(path);
  }
  return due;
}

bool FolderWatch::is_unchanged(const std::string& path, const Folder& folder) const {
  if (!folder.settled || folder.failed) return false;
  const auto item = ask_item(full_path(path));
  return item && item->is_folder && item->modified == folder.modified;
}

/// Gives the folders below it that are to be read as well.
std::vector<std::string> FolderWatch::read(const std::string& path, const Take& take,
                                           Listing& listing) {
  Folder& folder = folders_[path];
  Folder now{.read_in = look_};
  std::vector<std::string> below;
  files_ -= folder.files;
  const FolderLevel level = list_level(full_path(path), [&](FolderItem item) {
    if (is_foreign_copy(item.name)) return;
    now.names += std::hash<std::string>{}(item.name) | 1;
    if (item.is_folder) {
      below.push_back(join(path, item.name));
    } else if (files_ + now.files >= kMostFilesListed) {
      now.failed = true;
    } else {
      ++now.files;
      now.newest_file = std::max(now.newest_file, item.modified);
      take({join(path, item.name), item.size, item.modified});
    }
  });
  if (level.state != Listing::State::kListed) {
    files_ += folder.files;
    folder.failed = true;
    if (path.empty()) listing = {level.state, folder_, level.error, false, {}};
    return {};
  }
  files_ += now.files;
  now.modified = level.modified;
  now.has_folders = !below.empty();
  const bool same_time = folder.read_in > 0 && folder.modified == now.modified;
  now.settled = same_time && folder.names == now.names;
  if (same_time && folder.settled && !folder.failed && !now.failed && !now.settled) {
    const auto item = ask_item(full_path(path));  // it may have changed just now
    if (item && item->modified == folder.modified) times_tell_ = false;
  }
  folder = now;
  if (depth_of(path) >= kDeepestFolder) below.clear();
  return compare_folders(path, std::move(below));
}

/// Forgets the folders below `path` that are not there any more; gives those to be read.
std::vector<std::string> FolderWatch::compare_folders(const std::string& path,
                                                      std::vector<std::string> below) {
  std::ranges::sort(below);
  const std::string prefix = path.empty() ? "" : path + "/";
  for (auto at = folders_.lower_bound(prefix); at != folders_.end();) {
    if (!at->first.starts_with(prefix)) break;
    if (at->first.empty()) {
      ++at;
      continue;
    }
    const std::string child = at->first.substr(0, at->first.find('/', prefix.size()));
    const bool is_there = std::ranges::binary_search(below, child);
    if (!is_there) files_ -= at->second.files;
    at = is_there ? std::next(at) : folders_.erase(at);
  }
  if (!whole_) std::erase_if(below, [&](const auto& child) { return folders_.contains(child); });
  return below;
}

FolderWatch::Seen FolderWatch::seen(std::string_view folder) const {
  const auto found = folders_.find(folder);
  if (found == folders_.end()) return Seen::kGone;
  const bool read = found->second.read_in == look_ && !found->second.failed;
  return read ? Seen::kRead : Seen::kAsBefore;
}

UtcTime FolderWatch::newest() const {
  UtcTime newest = UtcTime::min();
  for (const auto& [path, folder] : folders_) newest = std::max(newest, folder.newest_file);
  return newest;
}

}  // namespace coldwatch
