#include "agent/source/log_folder.hpp"

#include <algorithm>
#include <array>

#include "common/text.hpp"

namespace coldwatch {
namespace {

std::string join(const std::string& folder, const std::string& name) {
  if (folder.empty()) return name;
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

void collect(const std::string& root, const std::string& below, int depth, Listing& listing) {
  FolderLevel level = list_level(below.empty() ? root : join(root, below));
  if (level.state != Listing::State::kListed) {
    if (depth == 0) {
      listing.state = level.state;
      listing.error = std::move(level.error);
    }
    listing.complete = false;
    return;
  }
  if (level.is_file) listing.root = root.substr(0, root.size() - level.items.front().name.size());
  for (FolderItem& item : level.items) {
    if (!level.is_file && is_foreign_copy(item.name)) continue;
    std::string path = join(below, item.name);
    if (listing.files.size() >= kMostFilesListed) {
      listing.complete = false;
      return;
    }
    if (!item.is_folder) {
      listing.files.push_back({std::move(path), item.size, item.modified});
    } else if (depth < kDeepestFolder) {
      collect(root, path, depth + 1, listing);
    }
  }
}

}  // namespace

Listing list_folder(const std::string& folder) {
  Listing listing{.root = folder};
  collect(folder, "", 0, listing);
  std::ranges::sort(listing.files, {}, &FolderEntry::path);
  return listing;
}

bool is_foreign_copy(std::string_view file_name) {
  constexpr auto kInside = std::to_array<std::string_view>(
      {".sync-conflict-", "conflicted copy", "-conflict-", "case conflict"});
  constexpr auto kEnds = std::to_array<std::string_view>(
      {"~", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".swp", ".bak"});
  if (file_name.starts_with('.') || file_name.starts_with("~$")) return true;
  const std::string lower = lower_ascii(file_name);
  return std::ranges::any_of(kInside, [&](auto part) { return lower.find(part) != lower.npos; }) ||
         std::ranges::any_of(kEnds, [&](auto end) { return lower.ends_with(end); });
}

}  // namespace coldwatch
