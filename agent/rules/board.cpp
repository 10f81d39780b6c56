#include "agent/rules/board.hpp"

#include <algorithm>
#include <cmath>

#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {

std::vector<Board::Slot> Board::add(std::span<const Channel> channels) {
  std::vector<Slot> slots;
  slots.reserve(channels.size());
  for (const Channel& channel : channels) {
    const auto known = std::ranges::find(channels_, channel.key, &Channel::key);
    if (known != channels_.end()) {
      *known = channel;
      slots.push_back(static_cast<Slot>(known - channels_.begin()));
    } else if (channels_.size() < kMostSlots) {
      slots.push_back(channels_.size());
      channels_.push_back(channel);
      readings_.push_back({kNoValue, kNever, kNever});
    } else {
      slots.push_back(kMostSlots);
    }
  }
  return slots;
}

std::optional<Board::Slot> Board::find_plain(std::string_view pattern) const {
  for (const auto member : {&Channel::key, &Channel::name}) {
    const auto found = std::ranges::find_if(channels_, [&](const Channel& channel) {
      return matches_pattern(pattern, channel.*member);
    });
    if (found != channels_.end()) return static_cast<Slot>(found - channels_.begin());
  }
  return std::nullopt;
}

std::optional<Board::Slot> Board::find(std::string_view name) const {
  const auto alias = names_.find(std::string{name});
  if (alias == names_.end()) return find_plain(name);
  for (const std::string& pattern : alias->second) {
    if (const auto slot = find_plain(pattern)) return slot;
  }
  return find_plain(name);
}

std::optional<Board::Slot> Board::find(const ChannelNames& names) const {
  for (const std::string& name : names) {
    if (const auto slot = find(name)) return slot;
  }
  return std::nullopt;
}

ChannelNames Board::meant_by(const std::string& name) const {
  const auto alias = names_.find(name);
  return alias == names_.end() ? ChannelNames{name} : alias->second;
}

void Board::take(std::span<const Slot> slots, const RowView& row) {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] == kMostSlots) continue;
    put(slots[i], row.time, row.quality[i] == Quality::kGood ? row.values[i] : kNoValue);
  }
}

void Board::put(Slot slot, UtcTime time, double value) {
  const bool good = std::isfinite(value);
  Reading& reading = readings_[slot];
  reading = {good ? value : kNoValue, time, good ? time : reading.good};
}

std::vector<std::string> Board::spellings() const {
  std::vector<std::string> all;
  for (const Channel& channel : channels_) {
    all.push_back(channel.name);
    all.push_back(channel.key);
  }
  return all;
}

nlohmann::json Board::state() const {
  nlohmann::json state = nlohmann::json::array();
  for (Slot slot = 0; slot < channels_.size(); ++slot) {
    const Channel& channel = channels_[slot];
    const Reading& reading = readings_[slot];
    state.push_back({channel.key, channel.name, channel.unit, channel.quantity,
                     std::isnan(reading.value) ? nlohmann::json{} : nlohmann::json(reading.value),
                     reading.time.time_since_epoch().count(),
                     reading.good.time_since_epoch().count()});
  }
  return state;
}

void Board::restore(const nlohmann::json& state) {
  std::vector<Channel> channels;
  std::vector<Reading> readings;
  const auto time = [](const nlohmann::json& count) {
    return UtcTime{Milliseconds{count.get<std::int64_t>()}};
  };
  for (const nlohmann::json& one : state) {
    channels.push_back({one.at(0), one.at(1), one.at(2), one.at(3)});
    readings.push_back({one.at(4).is_null() ? kNoValue : one.at(4).get<double>(), time(one.at(5)),
                        time(one.at(6))});
  }
  if (channels.size() > kMostSlots) return;
  channels_ = std::move(channels);
  readings_ = std::move(readings);
}

}  // namespace coldwatch
