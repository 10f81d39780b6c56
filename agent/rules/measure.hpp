// What a rule judges: one number, made of the channels on the board. Each kind of measure is one
// file in kinds/ and one row of the table in measure.cpp.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/rules/board.hpp"
#include "common/settings.hpp"

namespace coldwatch {

class Measure {
 public:
  virtual ~Measure() = default;

  /// Looks its channels up; called whenever the board has got other channels.
  virtual void bind(const Board& board) = 0;
  /// Slots whose new values make a new number; empty where a channel is missing.
  virtual std::span<const Board::Slot> inputs() const = 0;
  /// The number after a row that had one of the inputs; NaN where it cannot be told.
  virtual double on_row(const Board& board, UtcTime time) = 0;

  /// The slot that people know the number by; nullopt where there is no single one.
  virtual std::optional<Board::Slot> subject() const { return std::nullopt; }
  virtual std::string unit(const Board& board) const;

  /// Adds what is wrong against the channels of a log; `path` is where the rule stands.
  virtual void check(const Board& board, const std::string& path, Mistakes& mistakes) const = 0;

  virtual nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  virtual void restore(const nlohmann::json& state);
};

struct MeasureKind {
  std::string_view name;  // the word in configs: "slope"
  /// Reads the keys of the kind; mistakes go to the reader.
  std::unique_ptr<Measure> (*read)(SettingsReader& rule);
};

/// All kinds; the first is the one of a rule that names none.
std::span<const MeasureKind* const> measure_kinds();

/// Reads `channel`, one name or a list of alternatives; a missing one is a mistake.
ChannelNames read_channel(SettingsReader& rule);

/// "found ..., the log has no such channel, did you mean ...?"
Mistake missing_channel(const Board& board, const ChannelNames& names, std::string path);

}  // namespace coldwatch
