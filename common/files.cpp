#include "common/files.hpp"

namespace coldwatch {

std::string fault_as_secret(const std::string& path) {
  const bool read = is_open_to_everyone(path);
  if (!read && !is_writable_by_everyone(path)) return "";
  return path + ": every user of this machine may " + (read ? "read" : "change") +
         " the secret in it; take that away " + how_to_close(path);
}

}  // namespace coldwatch
