// What a catalog remembers of a file, whether a format knows it or not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/source/log_entry.hpp"

namespace coldwatch {

struct KnownFile {
  struct Facts {
    std::uint64_t size = 0;
    UtcTime modified = UtcTime::min();
    bool operator==(const Facts&) const = default;
  };
  Facts listed;
  Facts examined;    // as it was listed when it was examined
  int seen_in = 0;   // which refresh saw it
  int moved_in = 0;  // ... saw it appear, after the first, or grow
  // Of a file that no format knows, as it told itself; none where it could not be read.
  std::optional<std::int64_t> changed;
  std::uint64_t size = 0;
  std::string own_identity;
  std::string own_head_hash;
  std::optional<LogEntry> entry;

  const std::string& identity() const { return entry ? entry->identity : own_identity; }
  const std::string& head_hash() const { return entry ? entry->head_hash : own_head_hash; }
  bool ready() const { return entry && entry->has_records; }
};

}  // namespace coldwatch
