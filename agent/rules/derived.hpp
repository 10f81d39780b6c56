// Derived channels: {"water_dT": "Output_Water_Temp - Input_Water_Temp"}. They stand on the board like
// those of the log, so that every kind of rule can use them.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "agent/rules/expression.hpp"

namespace coldwatch {

class DerivedChannels {
 public:
  static constexpr std::size_t kMost = 200;

  /// Reads the object under "channels.derived" (null where there is none). Bad names and expressions,
  /// and channels that need themselves, are mistakes.
  static DerivedChannels read(const nlohmann::json* value, Mistakes& mistakes);

  /// Gives each its slot; call once, and again after the board was restored.
  void settle(Board& board);
  /// Puts their names onto another board, for a check against it.
  void put_names(Board& board) const;
  void bind(const Board& board);
  /// Adds the slots of those whose inputs are among `touched`.
  void spread(std::vector<Board::Slot>& touched) const;
  /// Computes all of them after a row that touched the slots for which spread() gave them.
  void on_row(Scene& scene, UtcTime time, const std::vector<Board::Slot>& touched);

  /// A channel of the log with the same key, a channel that the log lacks.
  void check(const std::vector<std::string>& log_keys, const Board& board,
             Mistakes& mistakes) const;

  nlohmann::json state() const;
  /// Throws nlohmann::json::exception for what state() cannot have written.
  void restore(const nlohmann::json& state);

 private:
  struct One {
    std::string name;
    Expression expression;
    Board::Slot slot = 0;
  };
  std::vector<One> all_;  // each after those that it needs
};

}  // namespace coldwatch
