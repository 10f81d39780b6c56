// What a rule judges: one number, made of what is on the scene. Each kind of measure is one file in
// kinds/ and one row of the table in measure.cpp.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/rules/cadence.hpp"
#include "agent/rules/engine.hpp"
#include "agent/rules/scene.hpp"
#include "common/settings.hpp"

namespace coldwatch {

/// What is known about the silence of the log at the wall-clock instant `now`.
struct Silence {
  UtcTime now;
  const TickFacts& facts;
  const Cadences& cadences;
};

class Measure {
 public:
  virtual ~Measure() = default;

  /// Looks its channels up; called whenever the board has got other channels.
  virtual void bind(const Board& board) = 0;
  /// Slots whose new values make a new number; empty where a channel is missing.
  virtual std::span<const Board::Slot> inputs() const = 0;
  /// Slots whose baselines are to be learned for it.
  virtual std::span<const Board::Slot> learns() const { return {}; }
  /// The number after a row; NaN where it cannot be told, and from a measure of silence.
  virtual double on_row(const Scene& scene, UtcTime time) = 0;
  /// The number of a measure of silence; NaN from all others.
  virtual double on_tick(const Silence& silence);

  /// The slot that people know the number by; nullopt where there is no single one.
  virtual std::optional<Board::Slot> subject() const { return std::nullopt; }
  virtual std::string unit(const Board& board) const;
  /// Names in the log of the channels that its settings speak of, of those that the log has.
  virtual std::vector<std::string> named(const Board& board) const;
  /// When what it measures began, where it knows better than the judge.
  virtual std::optional<UtcTime> since() const { return std::nullopt; }
  /// The limit of a rule whose sides give none.
  virtual std::optional<double> usual_limit() const { return std::nullopt; }

  /// Adds what is wrong against the channels of a log; `path` is where the rule stands.
  virtual void check(const Board& board, const std::string& path, Mistakes& mistakes) const = 0;

  virtual nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  virtual void restore(const nlohmann::json& state);
};

struct MeasureKind {
  std::string_view name;  // the word in configs: "slope"
  /// Reads the keys of the kind; mistakes go to the reader. Null only after a mistake.
  std::unique_ptr<Measure> (*read)(SettingsReader& rule);
};

/// All kinds; the first is the one of a rule that names none.
std::span<const MeasureKind* const> measure_kinds();

/// Reads `channel`, one name or a list of alternatives; a missing one is a mistake.
ChannelNames read_channel(SettingsReader& rule);

/// "found ..., but the log has no such channel, did you mean ...?"; `words` may be meant as well.
Mistake missing_channel(const Board& board, const ChannelNames& names, std::string path,
                        std::span<const std::string> words = {});

/// A measure of one channel, which most are.
class ChannelMeasure : public Measure {
 public:
  explicit ChannelMeasure(ChannelNames names) : names_(std::move(names)) {}
  void bind(const Board& board) override { slot_ = board.find(names_); }
  std::span<const Board::Slot> inputs() const override {
    return slot_ ? std::span{&*slot_, 1} : std::span<const Board::Slot>{};
  }
  std::optional<Board::Slot> subject() const override { return slot_; }
  void check(const Board& board, const std::string& path, Mistakes& mistakes) const override;

 protected:
  ChannelNames names_;
  std::optional<Board::Slot> slot_;
};

}  // namespace coldwatch
