#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "common/files.hpp"

namespace coldwatch {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOwnerAndGroup = 0640;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string reason(const std::string& path, const char* what) {
  return path + ": " + what + ": " + std::strerror(errno);
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// A pipe or a device could make the program wait for ever.
bool is_regular(int fd, const std::string& path, std::string& error) {
  struct stat found {};
  if (::fstat(fd, &found) == 0 && S_ISREG(found.st_mode)) return true;
  const char* what = S_ISFIFO(found.st_mode)  ? "a pipe"
                     : S_ISDIR(found.st_mode) ? "a folder"
                                              : "a device or a socket";
  error = path + ": found " + what + ", expected a regular file";
  return false;
}

/// Without this a power cut may forget the rename although the file itself is safe.
void flush_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor descriptor{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

bool everyone_may(mode_t what, const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && (found.st_mode & what) != 0;
}

}  // namespace

std::optional<std::string> read_file(const std::string& path, std::size_t max_bytes,
                                     std::string& error) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  if (file.get() < 0) {
    error = reason(path, "cannot be opened");
    return std::nullopt;
  }
  if (!is_regular(file.get(), path, error)) return std::nullopt;
  std::string content;
  char buffer[16384];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      error = reason(path, "cannot be read");
      return std::nullopt;
    }
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > max_bytes) {
      error = path + ": is larger than " + std::to_string(max_bytes) + " bytes";
      return std::nullopt;
    }
  }
}

bool is_open_to_everyone(const std::string& path) { return everyone_may(S_IROTH, path); }
bool is_writable_by_everyone(const std::string& path) { return everyone_may(S_IWOTH, path); }

std::string how_to_close(const std::string& /*path*/) { return "with chmod o-rwx"; }

bool replace_file(const std::string& path, std::string_view content, std::string& error) {
  const std::string beside = path + ".new";
  // Left by a crash, or put there by somebody: a link would have the file that it names overwritten.
  ::unlink(beside.c_str());
  {
    const Descriptor file{
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerOnly)};
    if (file.get() < 0) {
      error = reason(beside, "cannot be created");
      return false;
    }
    if (!write_all(file.get(), content) || ::fsync(file.get()) != 0) {
      error = reason(beside, "cannot be written");
      ::unlink(beside.c_str());
      return false;
    }
  }
  if (std::rename(beside.c_str(), path.c_str()) != 0) {
    error = reason(path, "cannot be replaced");
    return false;
  }
  flush_folder_of(path);
  return true;
}

bool append_to_file(const std::string& path, std::string_view content, std::string& error) {
  const Descriptor file{
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, kOwnerAndGroup)};
  if (file.get() < 0) {
    error = reason(path, "cannot be opened");
    return false;
  }
  if (!is_regular(file.get(), path, error)) return false;
  if (!write_all(file.get(), content) || ::fdatasync(file.get()) != 0) {
    error = reason(path, "cannot be written");
    return false;
  }
  return true;
}

void set_file_aside(const std::string& path) {
  std::rename(path.c_str(), (path + ".damaged").c_str());
}

}  // namespace coldwatch
