#include "agent/source/log_folder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/source/folder_watch.hpp"
#include "common/text.hpp"

namespace coldwatch {
Listing list_folder(const std::string& folder) {
  FolderWatch watch{folder};
  std::vector<FolderEntry> files;
  Listing listing = watch.look(FolderWatch::Extent::kWhole, {},
                               [&](FolderEntry file) { files.push_back(std::move(file)); });
  std::ranges::sort(files, {}, &FolderEntry::path);
  listing.files = std::move(files);
  return listing;
}

std::vector<FolderItem> items_of(const std::string& folder) {
  std::vector<FolderItem> items;
  list_level(folder, [&](FolderItem item) { items.push_back(std::move(item)); });
  return items;
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
