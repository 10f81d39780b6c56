#include <dirent.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "agent/source/log_folder.hpp"

namespace coldwatch {
namespace {

FolderItem item_of(std::string name, const struct stat& facts) {
  const auto since_1970 =
      std::chrono::seconds{facts.st_mtim.tv_sec} + std::chrono::nanoseconds{facts.st_mtim.tv_nsec};
  return {.name = std::move(name),
          .is_folder = S_ISDIR(facts.st_mode),
          .size = static_cast<std::uint64_t>(facts.st_size),
          .modified = UtcTime{std::chrono::floor<Milliseconds>(since_1970)}};
}

FolderLevel refused(const std::string& folder) {
  const bool missing = errno == ENOENT || errno == ENOTDIR;
  return {.state = missing ? Listing::State::kMissing : Listing::State::kUnreadable,
          .error = folder + ": " + std::strerror(errno)};
}

}  // namespace

std::optional<FolderItem> ask_item(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  if (!S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode)) return std::nullopt;
  return item_of(path.substr(path.rfind('/') + 1), facts);
}

FolderLevel list_level(const std::string& folder, const std::function<void(FolderItem)>& take) {
  struct stat facts {};
  if (::stat(folder.c_str(), &facts) != 0) return refused(folder);
  struct Close {
    void operator()(DIR* open) const { ::closedir(open); }
  };
  const std::unique_ptr<DIR, Close> open{::opendir(folder.c_str())};
  if (!open) return refused(folder);
  FolderLevel level{.modified = item_of("", facts).modified};
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(open.get());
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    // A file that has gone in between, or a link that leads nowhere, is not there.
    if (::fstatat(::dirfd(open.get()), entry->d_name, &facts, 0) != 0) continue;
    if (S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode)) {
      take(item_of(name, facts));
    }
  }
  return errno == 0 ? level : refused(folder);
}

}  // namespace coldwatch
