// What the core is told beside rows: where they come from, and how the log and the backlog are.
#pragma once

#include <cstdint>
#include <string>

#include "agent/channel_view.hpp"
#include "agent/source/follower.hpp"

namespace coldwatch {

/// Where a row comes from.
struct RowOrigin {
  const std::string& stream;
  const std::string& file;
  const ChannelView& view;
};

/// What the caller knows about the log and the backlog, for `health`.
struct LogFacts {
  LogCondition condition;
  std::uint64_t backlog_bytes = 0;
  std::uint64_t bad_records = 0;
};

}  // namespace coldwatch
