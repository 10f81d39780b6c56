// What is known of one file that a format knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/formats/format.hpp"
#include "agent/source/log_file.hpp"

namespace coldwatch {

/// A file that a format knows.
struct LogEntry {
  std::string path;  // relative to the folder
  const Format* format = nullptr;
  Recognition recognition;
  std::string identity;
  std::string head_hash;
  std::uint64_t size = 0;
  UtcTime modified{};
  bool has_records = false;
  std::string problem;    // why it cannot be read although it is of that format; "" where it can
  bool at_start = false;  // was there when the folder was seen for the first time
  int growths = 0;        // listings in which it held more than in the one before
};

/// Are they the same log, copied or under two names?
bool is_same_log(const LogEntry& one, const LogEntry& other);

/// What `format`, or the first that knows it where it is nullptr, makes of a file; nullopt where
/// none does.
std::optional<LogEntry> examine_file(const Format* format, LogFile& file,
                                     const FileContext& context);

/// The first format that takes the file for its own; `only` where that is not nullptr.
std::pair<const Format*, Recognition> recognise(const Format* only, std::string_view path,
                                                std::string_view head);

}  // namespace coldwatch
