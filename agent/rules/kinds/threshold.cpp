// The value of a channel as it stands in the log: the rule of the original script.
#include <limits>

#include "agent/rules/measure.hpp"

namespace coldwatch {
namespace {

class Threshold final : public Measure {
 public:
  explicit Threshold(SettingsReader& rule) : names_(read_channel(rule)) {}

  void bind(const Board& board) override { slot_ = board.find(names_); }

  std::span<const Board::Slot> inputs() const override {
    return slot_ ? std::span{&*slot_, 1} : std::span<const Board::Slot>{};
  }

  double on_row(const Board& board, UtcTime /*time*/) override {
    return slot_ ? board[*slot_].value : std::numeric_limits<double>::quiet_NaN();
  }

  std::optional<Board::Slot> subject() const override { return slot_; }

  void check(const Board& board, const std::string& path, Mistakes& mistakes) const override {
    if (!board.find(names_)) {
      mistakes.push_back(missing_channel(board, names_, path + ".channel"));
    }
  }

 private:
  ChannelNames names_;
  std::optional<Board::Slot> slot_;
};

}  // namespace

extern const MeasureKind kThreshold{"threshold",
                                    [](SettingsReader& rule) -> std::unique_ptr<Measure> {
                                      return std::make_unique<Threshold>(rule);
                                    }};

}  // namespace coldwatch
