#include "agent/rules/rule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "agent/rules/texts.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostSnapshotsWaiting = 16;

std::int64_t count_of(UtcTime time) { return time.time_since_epoch().count(); }

UtcTime time_of(const nlohmann::json& count) {
  return UtcTime{Milliseconds{count.get<std::int64_t>()}};
}

}  // namespace

Rule::Rule(ReadRule read, std::string fridge)
    : settings_(std::move(read.settings)),
      fridge_(std::move(fridge)),
      measure_(std::move(read.measure)),
      judge_(settings_.limits),
      value_(kNaN) {}

void Rule::bind(const Board& board) { measure_->bind(board); }

void Rule::on_row(const Board& board, UtcTime time, bool fresh, std::vector<Transition>& out) {
  if (!snapshots_.empty()) take_snapshots(board, time, out);
  if (!fresh && !judge_.waiting()) return;
  const double value = measure_->on_row(board, time);
  if (std::isnan(value)) return;
  value_ = value;
  judged_ = time;
  if (fresh) {
    const auto slot = measure_->subject();
    trend_.add(time, slot ? board[*slot].value : value);
  }
  if (const auto verdict = judge_.judge(time, value)) tell(*verdict, board, out);
}

void Rule::take_snapshots(const Board& board, UtcTime time, std::vector<Transition>& out) {
  const auto due = std::ranges::stable_partition(
      snapshots_, [time](const Snapshot& snapshot) { return snapshot.due > time; });
  for (const Snapshot& snapshot : due) {
    Transition transition{settings_.id, "snapshot", compose(board)};
    transition.alarm.text = snapshot.text;
    transition.alarm.time = time;
    out.push_back(std::move(transition));
  }
  snapshots_.erase(due.begin(), due.end());
}

void Rule::tell(const Judge::Verdict& verdict, const Board& board, std::vector<Transition>& out) {
  const SideSettings& side = settings_.side(verdict.side);
  const auto slot = measure_->subject();
  const std::string unit = measure_->unit(board);
  since_ = verdict.since;
  text_ = fill_text(side.text, {.value = value_,
                                .limit = settings_.limit(verdict.side),
                                .unit = unit,
                                .channel = slot ? board.channel(*slot).name : settings_.id,
                                .fridge = fridge_,
                                .since = verdict.since});
  const bool alarm = settings_.limits.alarm.has_value();
  const bool active = settings_.limits.alarm == verdict.side;
  if (verdict.first && !active) {
    if (alarm) out.push_back({settings_.id, "", compose(board)});
    return;
  }
  if (side.snapshot_after && snapshots_.size() < kMostSnapshotsWaiting) {
    snapshots_.push_back({judged_ + *side.snapshot_after, text_});
  }
  if (alarm) {
    out.push_back({settings_.id, active ? "raise" : "clear", compose(board)});
  } else if (!side.text.empty()) {
    out.push_back({settings_.id, "notice", compose(board)});
  }
}

AlarmMessage Rule::compose(const Board& board) const {
  const auto side = judge_.side();
  const auto slot = measure_->subject();
  AlarmMessage message;
  message.kind = settings_.alarm_kind();
  if (!side) {
    message.text = "not judged yet";
  } else {
    message.state = settings_.limits.alarm == *side ? AlarmState::kActive : AlarmState::kNormal;
    message.severity = settings_.side(*side).severity;
    message.text = text_;
  }
  if (slot) message.channel = board.channel(*slot).key;
  if (!std::isnan(value_)) message.value = value_;
  message.unit = measure_->unit(board);
  message.limit = settings_.limit(settings_.limits.alarm.value_or(side.value_or(Side::kHigh)));
  message.time = judged_;
  message.since = since_;
  message.cause = settings_.cause;
  message.latch = settings_.latch;
  message.playbook = settings_.playbook;
  message.trend = trend_.points();
  return message;
}

std::optional<AlarmMessage> Rule::message(const Board& board) const {
  if (!settings_.limits.alarm) return std::nullopt;
  return compose(board);
}

void Rule::check(const Board& board, Mistakes& mistakes) const {
  measure_->check(board, settings_.path, mistakes);
}

nlohmann::json Rule::state() const {
  nlohmann::json state{{"hash", settings_.hash},      {"judge", judge_.state()},
                       {"trend", trend_.state()},     {"text", text_},
                       {"since", count_of(since_)},   {"judged", count_of(judged_)},
                       {"measure", measure_->state()}};
  if (!std::isnan(value_)) state["value"] = value_;
  for (const Snapshot& snapshot : snapshots_) {
    state["snapshots"].push_back({count_of(snapshot.due), snapshot.text});
  }
  return state;
}

void Rule::restore(const nlohmann::json& state) {
  if (state.value("hash", "") != settings_.hash) return;
  judge_.restore(state.at("judge"));
  trend_.restore(state.at("trend"));
  text_ = state.at("text").get<std::string>();
  since_ = time_of(state.at("since"));
  judged_ = time_of(state.at("judged"));
  value_ = state.contains("value") ? state.at("value").get<double>() : kNaN;
  snapshots_.clear();
  if (state.contains("snapshots")) {
    for (const nlohmann::json& one : state.at("snapshots")) {
      if (snapshots_.size() < kMostSnapshotsWaiting) {
        snapshots_.push_back({time_of(one.at(0)), one.at(1)});
      }
    }
  }
  measure_->restore(state.at("measure"));
}

void Rule::forget() {
  judge_.forget();
  trend_ = {};
  text_.clear();
  since_ = judged_ = {};
  value_ = kNaN;
  snapshots_.clear();
}

}  // namespace coldwatch
