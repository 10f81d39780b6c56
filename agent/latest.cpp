#include "agent/latest.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

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

double seconds(Milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

}  // namespace

void Latest::on_row(const std::string& stream, const ChannelView& view, const RowView& row,
                    UtcTime read_at) {
  Stream& latest = streams_[stream];
  latest.view = &view;
  latest.row_time = row.time;
  latest.read_at = read_at;
  latest.values.assign(row.values.begin(), row.values.end());
  latest.quality.assign(row.quality.begin(), row.quality.end());
  latest.reading_due = true;
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

nlohmann::json Latest::values(const std::set<std::string>& names) const {
  auto object = nlohmann::json::object();
  for (const auto& [name, stream] : streams_) {
    for (std::size_t i = 0; i < stream.values.size(); ++i) {
      const Channel& channel = (*stream.view->channels())[i];
      const bool wanted = names.empty()
                              ? stream.view->published(i)
                              : names.contains(channel.key) || names.contains(channel.name);
      if (!wanted) continue;
      auto& entry = object[channel.key];
      entry = {{"name", channel.name}, {"quality", word(stream.quality[i], stream.values[i])}};
      if (has_number(stream.quality[i], stream.values[i])) entry["value"] = stream.values[i];
      if (!channel.unit.empty()) entry["unit"] = channel.unit;
    }
  }
  return object;
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
