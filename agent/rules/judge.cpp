#include "agent/rules/judge.hpp"

#include <cmath>

#include "common/json.hpp"

namespace coldwatch {

std::string_view word(Side side) { return side == Side::kLow ? "low" : "high"; }

Milliseconds Judge::delay_to(Side side) const {
  if (limits_.alarm == side) return limits_.hold;
  if (!side_) return Milliseconds{0};
  return limits_.alarm ? limits_.clear_hold : limits_.hold;
}

std::optional<Judge::Verdict> Judge::judge(UtcTime time, double value) {
  if (std::isnan(value)) return std::nullopt;
  const Side target = value > limits_.high  ? Side::kHigh
                      : value < limits_.low ? Side::kLow
                                            : side_.value_or(limits_.initial);
  return settle(time, target);
}

std::optional<Judge::Verdict> Judge::settle(UtcTime time, Side target) {
  if (target == side_) {
    pending_.reset();
    return std::nullopt;
  }
  if (!pending_ || pending_->side != target || time < pending_->since) {
    pending_ = Pending{target, time};
  }
  if (time - pending_->since < delay_to(target)) return std::nullopt;
  const Verdict verdict{target, !side_, pending_->since};
  side_ = target;
  pending_.reset();
  return verdict;
}

nlohmann::json Judge::state() const {
  nlohmann::json state = nlohmann::json::object();
  if (side_) state["side"] = word(*side_);
  if (pending_) {
    state["to"] = word(pending_->side);
    state["to_since"] = pending_->since.time_since_epoch().count();
  }
  return state;
}

void Judge::restore(const nlohmann::json& state) {
  const auto side_at = [&state](const char* key) -> std::optional<Side> {
    if (!state.contains(key)) return std::nullopt;
    return state.at(key).get<std::string>() == word(Side::kLow) ? Side::kLow : Side::kHigh;
  };
  side_ = side_at("side");
  pending_.reset();
  if (const auto to = side_at("to")) {
    const Milliseconds since{state.at("to_since").get<std::int64_t>()};
    pending_ = Pending{*to, UtcTime{since}};
  }
}

}  // namespace coldwatch
