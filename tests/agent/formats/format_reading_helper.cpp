#include <gtest/gtest.h>

#include <algorithm>

#include "tests/agent/formats/format_reading.hpp"

namespace coldwatch {
namespace {

constexpr UtcTime kArrival{Milliseconds{1'800'000'000'000}};

std::size_t index_of(const Channels& channels, const std::string& key) {
  const auto found = std::ranges::find(channels, key, &Channel::key);
  EXPECT_NE(found, channels.end()) << "no channel " << key;
  return found == channels.end() ? 0 : static_cast<std::size_t>(found - channels.begin());
}

void append(const RowBatch& batch, ReadLog& log) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const RowView row = batch[i];
    log.rows.push_back({row.number,
                        row.time,
                        {row.values.begin(), row.values.end()},
                        {row.quality.begin(), row.quality.end()}});
  }
  log.remarks.insert(log.remarks.end(), batch.remarks.begin(), batch.remarks.end());
}

/// Reads from log.end until nothing more comes out of the bytes.
void read_on(FileReader& reader, bool rewritten_whole, std::string_view bytes, std::size_t window,
             ReadLog& log) {
  RowBatch batch;
  for (;;) {
    const SharedChannels channels = reader.channels();
    batch.reset(channels);
    batch.arrival = kArrival;
    const auto offset = rewritten_whole ? 0 : static_cast<std::size_t>(log.end.offset);
    const Position next =
        reader.read(bytes.substr(offset, rewritten_whole ? bytes.npos : window), log.end, batch);
    append(batch, log);
    log.channels = *reader.channels();
    EXPECT_LE(next.offset, bytes.size());
    EXPECT_GE(next.offset, log.end.offset);
    EXPECT_LE(batch.size(), kMostRowsPerRead);
    const bool moved = next.offset != log.end.offset || next.record != log.end.record;
    log.end = next;
    if (!moved && reader.channels() == channels) return;
  }
}

}  // namespace

std::size_t ReadLog::count(Remark::Kind kind) const {
  return static_cast<std::size_t>(std::ranges::count(remarks, kind, &Remark::kind));
}

std::size_t ReadLog::count(const std::string& key, Quality wanted) const {
  const std::size_t index = index_of(channels, key);
  return static_cast<std::size_t>(std::ranges::count_if(rows, [&](const ReadRow& row) {
    return index < row.quality.size() && row.quality[index] == wanted;
  }));
}

double ReadLog::value(std::size_t row, const std::string& key) const {
  return rows.at(row).values.at(index_of(channels, key));
}

Quality ReadLog::quality(std::size_t row, const std::string& key) const {
  return rows.at(row).quality.at(index_of(channels, key));
}

std::string ReadLog::time(std::size_t row) const { return to_rfc3339(rows.at(row).time); }

TimeZone zone(const std::string& name) {
  std::string error;
  const auto found = TimeZone::find(name, error);
  EXPECT_TRUE(found) << error;
  return *found;
}

FileContext context_of(std::string path, const std::string& zone_name) {
  return {.path = std::move(path), .zone = zone(zone_name)};
}

ReadLog read_log(const std::string& format, const FileContext& context, std::string_view bytes,
                 std::size_t window) {
  const Format* found = find_format(format);
  EXPECT_NE(found, nullptr) << format;
  Opened opened = found->open(context, bytes.substr(0, kHeadBytes));
  ReadLog log{.why = opened.why, .need_more = opened.need_more};
  if (!opened.reader) return log;
  log.end = opened.reader->start();
  read_on(*opened.reader, found->rewritten_whole, bytes, window, log);
  return log;
}

ReadLog read_growing(const std::string& format, const FileContext& context, std::string_view bytes,
                     std::size_t step) {
  const Format* found = find_format(format);
  EXPECT_NE(found, nullptr) << format;
  ReadLog log;
  std::unique_ptr<FileReader> reader;
  bool begun = false;
  for (std::size_t size = step;; size += step) {
    const std::string_view so_far = bytes.substr(0, size);
    if (!reader || size / step % 2 == 0) {
      Opened opened = found->open(context, so_far.substr(0, kHeadBytes));
      log.why = opened.why;
      log.need_more = opened.need_more;
      reader = std::move(opened.reader);
      if (reader && !begun) log.end = reader->start();
      begun = begun || reader;
    }
    if (reader) read_on(*reader, found->rewritten_whole, so_far, bytes.size(), log);
    if (size >= bytes.size()) return log;
  }
}

}  // namespace coldwatch
