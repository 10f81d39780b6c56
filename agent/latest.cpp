#include "agent/latest.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::array<std::string_view, 3> kQualityWords{"good", "stale", "invalid"};

std::string_view word(Quality quality, double value) {
  return kQualityWords[std::isfinite(value) ? static_cast<std::size_t>(quality) : 2];
}

bool has_number(Quality quality, double value) {
  return quality != Quality::kInvalid && std::isfinite(value);
}

std::string reading_payload(UtcTime time, const Channel& channel, double value, Quality quality) {
  std::string payload = "{\"t\":\"" + to_rfc3339(time) + "\"";
  if (has_number(quality, value)) {
    payload += ",\"value\":";
    append_json_number(payload, value);
  }
  if (!channel.unit.empty()) {
    payload += ",\"unit\":";
    append_json_string(payload, channel.unit);
  }
  return payload + ",\"quality\":\"" + std::string{word(quality, value)} + "\"}";
}

/// Every so many of the points that there are few, and always the newest.
std::vector<TrendPoint> thinned(const std::vector<TrendPoint>& points) {
  const std::size_t step = (points.size() + Latest::kTrendPoints - 1) / Latest::kTrendPoints;
  std::vector<TrendPoint> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if ((points.size() - 1 - i) % step == 0) kept.push_back(points[i]);
  }
  return kept;
}

/// " (0.84 to 0.86 in 2 h)"; "" where there is no course yet.
std::string course_words(const Trend* trend) {
  const auto points = trend == nullptr ? std::vector<TrendPoint>{} : trend->points();
  if (points.size() < 2) return {};
  const auto [least, most] = std::ranges::minmax_element(points, {}, &TrendPoint::second);
  const std::chrono::duration<double> length{points.back().first - points.front().first};
  return " (" + number_words(least->second) + " to " + number_words(most->second) + " in " +
         duration_words(std::chrono::floor<std::chrono::minutes>(length)) + ")";
}

std::string value_words(const Channel& channel, double value) {
  return number_words(value) + (channel.unit.empty() ? "" : " " + channel.unit);
}

double seconds(Milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

}  // namespace

void Latest::on_row(const std::string& stream, const ChannelView& view, const RowView& row,
                    UtcTime read_at) {
  Stream& latest = streams_[stream];
  if (latest.view != &view) begin(latest, view);
  latest.row_time = row.time;
  latest.read_at = read_at;
  latest.values.assign(row.values.begin(), row.values.end());
  latest.quality.assign(row.quality.begin(), row.quality.end());
  latest.reading_due = true;
  add_to_trends(latest);
}

void Latest::begin(Stream& stream, const ChannelView& view) const {
  stream = {.view = &view};
  std::size_t trends = 0;
  for (const auto& [name, one] : streams_) trends += one.trends.size();
  for (std::size_t i = 0; i < view.channels()->size(); ++i) {
    const Channel& channel = (*view.channels())[i];
    const bool wanted = wanted_.empty()
                            ? view.published(i)
                            : wanted_.contains(channel.key) || wanted_.contains(channel.name);
    if (wanted) stream.shown.push_back(i);
  }
  stream.trends.resize(std::min(stream.shown.size(), kMostTrends - std::min(trends, kMostTrends)));
}

void Latest::add_to_trends(Stream& stream) {
  if (stream.row_time >= stream.trend_at && stream.row_time - stream.trend_at < Trend::kSpacing) {
    return;
  }
  stream.trend_at = stream.row_time;
  for (std::size_t i = 0; i < stream.trends.size(); ++i) {
    const std::size_t at = stream.shown[i];
    if (word(stream.quality[at], stream.values[at]) != "good") continue;
    stream.trends[i].add(stream.row_time, stream.values[at]);
  }
}

void Latest::forget_readings() {
  for (auto& [name, stream] : streams_) {
    stream.reading_due = true;
    stream.reading_at = {};
  }
}

std::vector<Publication> Latest::readings(const Topics& topics, const std::string& fridge,
                                          bool retain, UtcTime now) {
  std::vector<Publication> publications;
  for (auto& [name, stream] : streams_) {
    const Milliseconds since = now - stream.reading_at;
    if (now - stream.row_time > kFresh) continue;
    if (!stream.reading_due || (since >= Milliseconds{0} && since < kReadingInterval)) continue;
    stream.reading_due = false;
    stream.reading_at = now;
    for (std::size_t i = 0; i < stream.values.size(); ++i) {
      if (!stream.view->published(i)) continue;
      const Channel& channel = (*stream.view->channels())[i];
      Publication one{
          .topic = topics.of(fridge, "reading", channel.key),
          .payload = reading_payload(stream.row_time, channel, stream.values[i], stream.quality[i]),
          .qos = 0,
          .retain = retain};
      if (retain) one.expiry = kReadingExpiry;
      publications.push_back(std::move(one));
    }
  }
  return publications;
}

nlohmann::json Latest::values() const {
  auto object = nlohmann::json::object();
  for (const auto& [name, stream] : streams_) {
    for (std::size_t shown = 0; shown < stream.shown.size(); ++shown) {
      const std::size_t i = stream.shown[shown];
      const Channel& channel = (*stream.view->channels())[i];
      auto& entry = object[channel.key];
      entry = {{"name", channel.name}, {"quality", word(stream.quality[i], stream.values[i])}};
      if (has_number(stream.quality[i], stream.values[i])) entry["value"] = stream.values[i];
      if (!channel.unit.empty()) entry["unit"] = channel.unit;
      if (shown >= stream.trends.size()) continue;
      if (auto trend = thinned(stream.trends[shown].points()); trend.size() > 1) {
        entry["trend"] = std::move(trend);
      }
    }
  }
  return object;
}

std::string Latest::value_lines() const {
  std::string text;
  for (const auto& [name, stream] : streams_) {
    for (std::size_t shown = 0; shown < stream.shown.size(); ++shown) {
      const std::size_t i = stream.shown[shown];
      const Channel& channel = (*stream.view->channels())[i];
      text += (text.empty() ? "" : "\n") + channel.name + ": ";
      if (word(stream.quality[i], stream.values[i]) != "good") {
        text += "no good value";
        continue;
      }
      text += value_words(channel, stream.values[i]);
      text += course_words(shown < stream.trends.size() ? &stream.trends[shown] : nullptr);
    }
  }
  return text;
}

std::string Latest::value_list() const {
  std::string text;
  for (const auto& [name, stream] : streams_) {
    for (const std::size_t i : stream.shown) {
      if (word(stream.quality[i], stream.values[i]) != "good") continue;
      const Channel& channel = (*stream.view->channels())[i];
      text +=
          (text.empty() ? "" : ", ") + channel.name + " " + value_words(channel, stream.values[i]);
    }
  }
  return text;
}

nlohmann::json Latest::ages(UtcTime now) const {
  auto object = nlohmann::json::object();
  for (const auto& [name, stream] : streams_) {
    object[name] = {{"t", to_rfc3339(stream.row_time)}, {"age_s", seconds(now - stream.row_time)}};
  }
  return object;
}

TickFacts Latest::facts() const {
  TickFacts facts;
  for (const auto& [name, stream] : streams_) {
    facts.newest[name] = {stream.row_time, stream.read_at};
  }
  return facts;
}

std::optional<UtcTime> Latest::newest_row() const {
  std::optional<UtcTime> newest;
  for (const auto& [name, stream] : streams_) {
    newest = std::max(newest.value_or(stream.row_time), stream.row_time);
  }
  return newest;
}

std::optional<UtcTime> Latest::newest_read() const {
  std::optional<UtcTime> newest;
  for (const auto& [name, stream] : streams_) {
    newest = std::max(newest.value_or(stream.read_at), stream.read_at);
  }
  return newest;
}

}  // namespace coldwatch
