// The newest value of every channel of the fridge, whichever stream of the log brought it. Names
// are looked up once for each list of channels; rows then move numbers by index only.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/reading/row.hpp"

namespace coldwatch {

/// One channel as a config may name it: alternatives, of which the first that exists counts. Each
/// is a key, a name of the log, or a name of the rule library's list; '*' stands for any
/// characters.
using ChannelNames = std::vector<std::string>;

class Board {
 public:
  using Slot = std::size_t;
  struct Reading {
    double value;  // NaN unless good
    UtcTime time;  // of the newest row that had the channel
    UtcTime good;  // of the newest row in which it was good; kNever before that
  };
  static constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();
  /// Before the time of any row, and near enough to subtract.
  static constexpr UtcTime kNever{std::chrono::hours{-24 * 365 * 1969L}};
  static constexpr std::size_t kMostSlots = 4096;  // a log that renames its columns has an end

  /// `names` stand for channels: {"mc": ["MC RuO2 T(K)", "MC*T(K)"]}.
  explicit Board(std::map<std::string, ChannelNames> names = {}) : names_(std::move(names)) {}

  /// The slot of each channel, new ones added. Channels beyond kMostSlots get none (kMostSlots).
  std::vector<Slot> add(std::span<const Channel> channels);

  std::optional<Slot> find(const ChannelNames& names) const;
  std::optional<Slot> find(std::string_view name) const;

  /// Takes the row's numbers over; `slots` came from add() for the row's channels.
  void take(std::span<const Slot> slots, const RowView& row);
  /// Sets one slot (a derived channel); NaN is an invalid value.
  void put(Slot slot, UtcTime time, double value);

  const Reading& operator[](Slot slot) const { return readings_[slot]; }
  const Channel& channel(Slot slot) const { return channels_[slot]; }
  std::size_t size() const { return channels_.size(); }

  /// What `name` of the library's list stands for; `name` itself where it is none of that list.
  ChannelNames meant_by(const std::string& name) const;

  /// Every key and name, for "did you mean".
  std::vector<std::string> spellings() const;

  nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);

 private:
  std::optional<Slot> find_plain(std::string_view pattern) const;

  std::map<std::string, ChannelNames> names_;
  std::vector<Channel> channels_;
  std::vector<Reading> readings_;
};

}  // namespace coldwatch
