// How the columns of one stream appear on the wire: with the units of the config, without the ignored
// ones, and written by a plain appender, because a backlog of a year goes through here.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config.hpp"
#include "agent/reading/row.hpp"

namespace coldwatch {

class ChannelView {
 public:
  ChannelView(SharedChannels source, const ChannelSettings& settings);

  /// Every column, as the rules see it: the log's own list with the units of the config, and with a
  /// key that stands for something else in a row (t, file, row) made unique.
  const SharedChannels& channels() const { return channels_; }
  bool published(std::size_t index) const { return !prefixes_[index].empty(); }
  /// False for another list than the one from which this view was made: it needs another view. The
  /// next file of a log has a list of its own that says the same.
  bool shows(const SharedChannels& source) const {
    return source_ == source || (source_ && source && *source_ == *source);
  }

  /// `{"t":"...","<key>":1.5,...}` with the good values only. `file` and `row` stand in it as texts
  /// where `file` is not empty: numbers there would be curves in every plot.
  void append_row(std::string& out, const RowView& row, std::string_view file) const;

 private:
  SharedChannels source_;
  SharedChannels channels_;
  std::vector<std::string> prefixes_;  // ,"<key>":   or "" where the column is ignored
};

/// The views of one reader's streams, made anew where a stream's columns have changed.
class ChannelViews {
 public:
  explicit ChannelViews(ChannelSettings settings) : settings_(std::move(settings)) {}
  /// Valid until the next call for the same stream. `changed` tells whether the view is a new one.
  const ChannelView& of(const std::string& stream, const SharedChannels& channels,
                        bool* changed = nullptr);
  const std::map<std::string, ChannelView>& all() const { return views_; }

 private:
  ChannelSettings settings_;
  std::map<std::string, ChannelView> views_;
};

inline constexpr std::size_t kMostRowsPerMessage = 500;
inline constexpr std::size_t kLargestRowsBytes = 64 * 1024;

/// The payload of one `rows/<stream>` message: rows of `batch` from `first` on, as many as fit into
/// both limits, at least one. `first` moves behind them.
std::string rows_payload(const RowBatch& batch, const ChannelView& view, std::string_view file,
                         std::size_t& first);

}  // namespace coldwatch
