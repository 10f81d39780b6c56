#include "common/log.hpp"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <utility>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestLogLineBytes = 4096;
std::atomic<LogLevel> lowest_level{LogLevel::kInfo};
std::mutex sink_mutex;
std::function<void(std::string_view)> log_sink;

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

void set_log_sink(std::function<void(std::string_view line)> sink) {
  const std::lock_guard lock{sink_mutex};
  log_sink = std::move(sink);
}

void log(LogLevel level, std::string_view text) {
  if (level < lowest_level.load()) return;
  std::string line = std::string{word(level)} + one_line(repair_utf8(text), kLongestLogLineBytes);
  const std::lock_guard lock{sink_mutex};
  if (log_sink) return log_sink(line);
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

void LogLimit::info(std::string_view text, UtcTime now) {
  if (now < began_ || now - began_ >= std::chrono::minutes{1}) {
    if (count_ > most_) {
      log(LogLevel::kWarning,
          std::to_string(count_ - most_) + " more lines like these were left out");
    }
    began_ = now;
    count_ = 0;
  }
  if (++count_ <= most_) log(LogLevel::kInfo, text);
}

bool LogThrottle::due(const std::string& subject, UtcTime now) {
  const auto found = last_.find(subject);
  if (found != last_.end() && now >= found->second && now - found->second < interval_) return false;
  if (found == last_.end() && last_.size() >= kMostSubjects) last_.clear();
  last_[subject] = now;
  return true;
}

}  // namespace coldwatch
