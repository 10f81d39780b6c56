// The newest row of every stream, and what is made of it: the `reading/<key>` messages, the values of a
// snapshot, and the ages in `health`.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/channel_view.hpp"
#include "agent/rules/engine.hpp"
#include "agent/rules/trend.hpp"
#include "common/messages.hpp"
#include "common/topics.hpp"

namespace coldwatch {

/// A row that is older than this when it is judged is history: never in `live` or `reading`, and its
/// transitions never page.
inline constexpr std::chrono::minutes kFresh{5};

class Latest {
 public:
  /// Readings of one stream go out at most this often.
  static constexpr std::chrono::seconds kReadingInterval{10};
  /// A retained reading that nobody renews vanishes from the broker after this.
  static constexpr std::chrono::minutes kReadingExpiry{15};
  /// Channels whose trend is kept for snapshots, and points of it in one: 400 kB of memory at most.
  static constexpr std::size_t kMostTrends = 200;
  static constexpr std::size_t kTrendPoints = 24;

  /// `snapshot_channels`, by name or key, are those of a snapshot; none means all that are published.
  explicit Latest(const std::vector<std::string>& snapshot_channels = {})
      : wanted_(snapshot_channels.begin(), snapshot_channels.end()) {}

  /// `read_at` is when the row became known: now for a row that came while the log was followed, its
  /// own time for one of a backlog. `view` lives until forget() or the next row of the stream.
  void on_row(const std::string& stream, const ChannelView& view, const RowView& row,
              UtcTime read_at);
  /// The columns of the stream have changed.
  void forget(const std::string& stream) { streams_.erase(stream); }

  /// Nobody has the readings yet: they are due again.
  void forget_readings();
  /// Readings of the streams that have a new row that is fresh; `retain` only where the broker knows expiry.
  std::vector<Publication> readings(const Topics& topics, const std::string& fridge, bool retain,
                                    UtcTime now);

  /// `{"<key>":{"name","value","unit","quality","trend"}}` of the channels of a snapshot.
  nlohmann::json values() const;
  /// The same for people: a line for each, "Still T(K): 0.85 K (0.84 to 0.86 in 2 h)".
  std::string value_lines() const;
  /// The values alone in one line, for the words of an event: "Still T(K) 0.85 K, ...".
  std::string value_list() const;

  /// `{"<stream>":{"t","age_s"}}`
  nlohmann::json ages(UtcTime now) const;

  TickFacts facts() const;
  /// Time of the newest row of all streams, and when the newest one became known.
  std::optional<UtcTime> newest_row() const;
  std::optional<UtcTime> newest_read() const;

 private:
  struct Stream {
    const ChannelView* view = nullptr;
    UtcTime row_time;
    UtcTime read_at;
    std::vector<double> values;
    std::vector<Quality> quality;
    bool reading_due = false;
    UtcTime reading_at{};
    std::vector<std::size_t> shown;  // in a snapshot
    std::vector<Trend> trends;       // of the first of those
    UtcTime trend_at{};
  };
  void begin(Stream& stream, const ChannelView& view) const;
  static void add_to_trends(Stream& stream);

  std::set<std::string> wanted_;
  std::map<std::string, Stream> streams_;
};

}  // namespace coldwatch
