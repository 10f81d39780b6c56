#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "agent/source/log_file.hpp"

namespace coldwatch {

LogFile::LogFile(const std::string& path) : path_(path) {
  // O_NONBLOCK, because a named pipe of that name would otherwise hold us for ever.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    refuse(missing ? State::kMissing : State::kUnreadable, path, std::strerror(errno));
    return;
  }
  handle_ = descriptor;
  struct stat facts {};
  if (::fstat(descriptor, &facts) != 0) {
    refuse(State::kUnreadable, path, std::strerror(errno));
    return;
  }
  if (!S_ISREG(facts.st_mode)) {
    refuse(State::kUnreadable, path, "found something else than a file");
    return;
  }
  state_ = State::kOpen;
  identity_ = std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
  size_ = static_cast<std::uint64_t>(facts.st_size);
  changed_ = facts.st_mtim.tv_sec * 1'000'000'000LL + facts.st_mtim.tv_nsec;
}

LogFile::~LogFile() {
  if (handle_ >= 0) ::close(static_cast<int>(handle_));
}

std::optional<std::size_t> LogFile::read(std::uint64_t offset, std::span<char> to) {
  std::size_t done = 0;
  while (done < to.size()) {
    const ssize_t count = ::pread(static_cast<int>(handle_), to.data() + done, to.size() - done,
                                  static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      error_ = path_ + ": " + std::strerror(errno);
      return std::nullopt;
    }
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

}  // namespace coldwatch
