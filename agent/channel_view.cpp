#include "agent/channel_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::array<std::string_view, 3> kReservedKeys{"t", "file", "row"};

}  // namespace

ChannelView::ChannelView(SharedChannels source, const ChannelSettings& settings)
    : source_(std::move(source)) {
  Channels channels = source_ ? *source_ : Channels{};
  prefixes_.reserve(channels.size());
  for (Channel& channel : channels) {
    auto unit = settings.units.find(channel.name);
    if (unit == settings.units.end()) unit = settings.units.find(channel.key);
    if (unit != settings.units.end()) {
      channel.unit = unit->second;
      channel.quantity = quantity_of(channel.unit);
    }
    const bool ignored =
        settings.ignore.contains(channel.name) || settings.ignore.contains(channel.key);
    if (std::ranges::find(kReservedKeys, channel.key) != kReservedKeys.end()) channel.key += "_2";
    prefixes_.push_back(ignored ? "" : ",\"" + channel.key + "\":");
  }
  channels_ = std::make_shared<const Channels>(std::move(channels));
}

void ChannelView::append_row(std::string& out, const RowView& row, std::string_view file) const {
  out += "{\"t\":\"";
  out += to_rfc3339(row.time);
  out += '"';
  if (!file.empty()) {
    out += ",\"file\":";
    append_json_string(out, file);
    out += ",\"row\":\"";
    out += std::to_string(row.number);
    out += '"';
  }
  for (std::size_t i = 0; i < prefixes_.size(); ++i) {
    if (row.quality[i] != Quality::kGood || prefixes_[i].empty()) continue;
    if (!std::isfinite(row.values[i])) continue;
    out += prefixes_[i];
    append_json_number(out, row.values[i]);
  }
  out += '}';
}

const ChannelView& ChannelViews::of(const std::string& stream, const SharedChannels& channels,
                                    bool* changed) {
  const auto found = views_.find(stream);
  const bool is_new = found == views_.end() || !found->second.shows(channels);
  if (changed != nullptr) *changed = is_new;
  if (!is_new) return found->second;
  return views_.insert_or_assign(stream, ChannelView{channels, settings_}).first->second;
}

std::string rows_payload(const RowBatch& batch, const ChannelView& view, std::string_view file,
                         std::size_t& first) {
  std::string payload = "[";
  for (std::size_t count = 0; first < batch.size() && count < kMostRowsPerMessage; ++count) {
    const std::size_t before = payload.size();
    if (count > 0) payload += ',';
    view.append_row(payload, batch[first], file);
    if (count > 0 && payload.size() + 1 > kLargestRowsBytes) {
      payload.resize(before);
      break;
    }
    ++first;
  }
  payload += ']';
  return payload;
}

}  // namespace coldwatch
