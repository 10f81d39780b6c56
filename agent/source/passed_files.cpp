#include "agent/source/passed_files.hpp"

#include <algorithm>
#include <functional>

namespace coldwatch {
namespace {

std::uint64_t key_of(const FolderEntry& file) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
  std::uint64_t key = std::hash<std::string>{}(file.path);
  key = (key ^ file.size) * kOdd;
  key ^= key >> 29;
  return (key ^ static_cast<std::uint64_t>(file.modified.time_since_epoch().count())) * kOdd;
}

}  // namespace

bool PassedFiles::contains(const FolderEntry& file) const {
  return std::ranges::binary_search(sorted_, key_of(file));
}

void PassedFiles::add(const FolderEntry& file) { added_.push_back(key_of(file)); }

void PassedFiles::end_look(bool at_all_files) {
  if (!at_all_files && added_.empty()) return;
  if (!at_all_files) added_.insert(added_.end(), sorted_.begin(), sorted_.end());
  std::ranges::sort(added_);
  const auto twice = std::ranges::unique(added_);
  added_.erase(twice.begin(), twice.end());
  sorted_ = {added_.begin(), added_.end()};
  added_ = {};
}

}  // namespace coldwatch
