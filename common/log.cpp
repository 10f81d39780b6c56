#include "common/log.hpp"

#include <atomic>
#include <cstdio>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestLogLineBytes = 4096;
std::atomic<LogLevel> lowest_level{LogLevel::kInfo};

std::string_view word(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug: ";
    case LogLevel::kInfo:
      return "";
    case LogLevel::kWarning:
      return "warning: ";
    case LogLevel::kError:
      return "error: ";
  }
  return "";
}

}  // namespace

void set_log_level(LogLevel level) { lowest_level = level; }

void log(LogLevel level, std::string_view text) {
  if (level < lowest_level.load()) return;
  const std::string line =
      std::string{word(level)} + one_line(repair_utf8(text), kLongestLogLineBytes) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

bool LogThrottle::due(const std::string& subject, UtcTime now) {
  const auto found = last_.find(subject);
  if (found != last_.end() && now >= found->second && now - found->second < interval_) return false;
  if (found == last_.end() && last_.size() >= kMostSubjects) last_.clear();
  last_[subject] = now;
  return true;
}

}  // namespace coldwatch
