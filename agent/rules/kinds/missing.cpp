// Seconds since a channel had a good value, while rows go on: a thermometer that came loose, a gauge
// that switched itself off.

#include "agent/rules/kinds/kinds.hpp"
#include "common/json.hpp"

namespace coldwatch {
namespace {

constexpr Milliseconds kUsualTime = std::chrono::minutes{10};

class Missing final : public ChannelMeasure {
 public:
  Missing(ChannelNames names, Milliseconds after)
      : ChannelMeasure(std::move(names)), after_(after) {}

  double on_row(const Scene& scene, UtcTime time) override {
    if (!slot_) return Board::kNoValue;
    const UtcTime good = scene.board[*slot_].good;
    if (!first_ || time < *first_) first_ = time;
    const UtcTime from = good == Board::kNever || good > time ? *first_ : good;
    return std::chrono::duration<double>(time - from).count();
  }

  std::string unit(const Board& /*board*/) const override { return "s"; }
  std::optional<double> usual_limit() const override {
    return std::chrono::duration<double>(after_).count();
  }

  nlohmann::json state() const override {
    return first_ ? nlohmann::json(first_->time_since_epoch().count()) : nlohmann::json{};
  }
  void restore(const nlohmann::json& state) override {
    first_.reset();
    if (!state.is_null()) first_ = UtcTime{Milliseconds{state.get<std::int64_t>()}};
  }

 private:
  Milliseconds after_;
  std::optional<UtcTime> first_;  // the first row seen, for a channel that never was good
};

}  // namespace

std::unique_ptr<Measure> make_missing(ChannelNames names) {
  return std::make_unique<Missing>(std::move(names), kUsualTime);
}

extern const MeasureKind kMissing{"missing", [](SettingsReader& rule) -> std::unique_ptr<Measure> {
                                    auto names = read_channel(rule);
                                    return std::make_unique<Missing>(
                                        std::move(names), rule.duration("after", kUsualTime));
                                  }};

}  // namespace coldwatch
