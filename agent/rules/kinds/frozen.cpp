// Seconds since any of many channels changed: rows go on, but the instrument behind them does not. One
// channel alone repeats for an hour on a healthy fridge (its scanner stands on another one), so that
// only a group that stands still together says something.
#include <bit>

#include "agent/rules/measure.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr Milliseconds kUsualTime = std::chrono::hours{2};
constexpr std::size_t kLeastChannels = 2;

class Frozen final : public Measure {
 public:
  Frozen(std::vector<std::string> patterns, Milliseconds after)
      : patterns_(std::move(patterns)), after_(after) {}

  void bind(const Board& board) override {
    const auto before = slots_.size();
    slots_ = find(board);
    if (slots_.size() != before) print_ = 0;
  }

  std::span<const Board::Slot> inputs() const override { return slots_; }

  double on_row(const Scene& scene, UtcTime time) override {
    if (slots_.size() < kLeastChannels) return Board::kNoValue;
    std::uint64_t print = 14695981039346656037ULL;  // FNV-1a over the bits of all values
    bool any = false;
    for (const Board::Slot slot : slots_) {
      const double value = scene.board[slot].value;
      any = any || value == value;
      print =
          (print ^ (value == value ? std::bit_cast<std::uint64_t>(value) : 1)) * 1099511628211ULL;
    }
    if (!any) return Board::kNoValue;
    if (print != print_ || time < changed_) {
      print_ = print;
      changed_ = time;
    }
    return std::chrono::duration<double>(time - changed_).count();
  }

  std::string unit(const Board& /*board*/) const override { return "s"; }
  std::optional<double> usual_limit() const override {
    return std::chrono::duration<double>(after_).count();
  }

  void check(const Board& board, const std::string& path, Mistakes& mistakes) const override {
    const auto found = find(board).size();
    if (found >= kLeastChannels) return;
    mistakes.push_back({path + ".channels", "matches " + std::to_string(found) +
                                                " channels of the log, expected at least 2: one "
                                                "alone repeats on a healthy fridge"});
  }

  nlohmann::json state() const override {
    return {print_, changed_.time_since_epoch().count(), slots_.size()};
  }
  void restore(const nlohmann::json& state) override {
    if (state.at(2).get<std::size_t>() != slots_.size()) return;
    print_ = state.at(0).get<std::uint64_t>();
    changed_ = UtcTime{Milliseconds{state.at(1).get<std::int64_t>()}};
  }

 private:
  std::vector<Board::Slot> find(const Board& board) const {
    std::vector<Board::Slot> found;
    for (Board::Slot slot = 0; slot < board.size(); ++slot) {
      const Channel& channel = board.channel(slot);
      // Clocks and counters run on when every instrument stands still.
      if (channel.quantity == "duration" || channel.quantity.empty()) continue;
      for (const std::string& pattern : patterns_) {
        if (!matches_pattern(pattern, channel.name) && !matches_pattern(pattern, channel.key))
          continue;
        found.push_back(slot);
        break;
      }
    }
    return found;
  }

  std::vector<std::string> patterns_;
  Milliseconds after_;
  std::vector<Board::Slot> slots_;
  std::uint64_t print_ = 0;
  UtcTime changed_{};
};

}  // namespace

extern const MeasureKind kFrozen{"frozen", [](SettingsReader& rule) -> std::unique_ptr<Measure> {
                                   auto patterns = rule.texts("channels", {"*"});
                                   return std::make_unique<Frozen>(
                                       std::move(patterns), rule.duration("after", kUsualTime));
                                 }};

}  // namespace coldwatch
