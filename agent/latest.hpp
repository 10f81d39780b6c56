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

  /// `{"<key>":{"name","value","unit","quality"}}` of the channels named (by name or key; all if empty).
  nlohmann::json values(const std::set<std::string>& names) const;

  /// `{"<stream>":{"t","age_s"}}`
  nlohmann::json ages(UtcTime now) const;

  TickFacts facts() const;
  /// Time of the newest row of all streams, and when the newest one became known.
  std::optional<UtcTime> newest_row() const;
  std::optional<UtcTime> newest_read() const;

 private:
  struct Stream {
    const ChannelView* view;
    UtcTime row_time;
    UtcTime read_at;
    std::vector<double> values;
    std::vector<Quality> quality;
    bool reading_due = false;
    UtcTime reading_at{};
  };
  std::map<std::string, Stream> streams_;
};

}  // namespace coldwatch
