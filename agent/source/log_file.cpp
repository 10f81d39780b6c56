#include "agent/source/log_file.hpp"

#include <algorithm>

namespace coldwatch {

void LogFile::refuse(State state, const std::string& path, const std::string& why) {
  state_ = state;
  error_ = path + ": " + why;
}

std::optional<std::string> read_some(LogFile& file, std::uint64_t offset, std::size_t most) {
  if (offset >= file.size()) return std::string{};
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(most, file.size() - offset)),
                    '\0');
  const auto count = file.read(offset, bytes);
  if (!count) return std::nullopt;
  bytes.resize(*count);
  return bytes;
}

}  // namespace coldwatch
