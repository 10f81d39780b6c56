// Which files were looked at and are not needed any more as long as they stay as they are: eight
// bytes for each, so that an archive of years is not opened again at every look.
#pragma once

#include <cstdint>
#include <vector>

#include "agent/source/log_folder.hpp"

namespace coldwatch {

class PassedFiles {
 public:
  /// Was it one of them, as it is now, when the look began?
  bool contains(const FolderEntry& file) const;
  void add(const FolderEntry& file);
  /// After a look at all files only those count that were added in it.
  void end_look(bool at_all_files);

 private:
  std::vector<std::uint64_t> sorted_;
  std::vector<std::uint64_t> added_;
};

}  // namespace coldwatch
