#include "agent/rules/rule.hpp"

#include <algorithm>
#include <cmath>

#include "agent/rules/texts.hpp"
#include "common/json.hpp"
#include "common/text.hpp"

namespace coldwatch {
namespace {

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
      when_(std::move(read.when)),
      judge_(settings_.limits) {}

void Rule::bind(const Board& board) {
  measure_->bind(board);
  inputs_.assign(measure_->inputs().begin(), measure_->inputs().end());
  if (when_) {
    when_->bind(board);
    inputs_.insert(inputs_.end(), when_->inputs().begin(), when_->inputs().end());
  }
  Mistakes mistakes;
  check(board, mistakes);
  fits_ = mistakes.empty();
}

std::vector<Board::Slot> Rule::learns() const {
  std::vector<Board::Slot> slots{measure_->learns().begin(), measure_->learns().end()};
  if (when_) slots.insert(slots.end(), when_->learns().begin(), when_->learns().end());
  return slots;
}

void Rule::on_row(const Scene& scene, UtcTime time, bool fresh, std::vector<Transition>& out) {
  if (!snapshots_.empty()) take_snapshots(scene.board, time, out);
  if (!fresh && !judge_.waiting()) return;
  if (when_) {
    const double armed = when_->on_row(scene, time);
    if (!std::isnan(armed)) armed_ = armed != 0;
  }
  const double value = measure_->on_row(scene, time);
  if (fresh) {
    const auto slot = measure_->subject();
    const double shown = slot ? scene.board[*slot].value : value;
    if (!std::isnan(shown)) trend_.add(time, shown);
  }
  count(time, value, armed());
  if (armed() || (active() && kept(scene))) {
    judge(time, value, scene, out);
  } else if (armed_ == false) {
    disarm(time, scene, out);
  }
}

void Rule::count(UtcTime time, double value, bool armed) {
  if (std::isnan(value)) return;
  seen_ = value;
  seen_time_ = time;
  ++tally_.rows;
  if (!armed || !settings_.limits.alarm) return;
  ++tally_.armed;
  const bool high = settings_.limits.alarm == Side::kHigh;
  if (tally_.nearest && (high ? value <= *tally_.nearest : value >= *tally_.nearest)) return;
  tally_.nearest = value;
  tally_.nearest_time = time;
}

RuleTally Rule::tally(const Board& board) const {
  RuleTally tally = tally_;
  tally.rule = settings_.id;
  tally.path = settings_.path;
  tally.kind = settings_.alarm_kind();
  Mistakes mistakes;
  check(board, mistakes);
  if (!mistakes.empty()) tally.missing = mistakes.front().text;
  if (const auto side = settings_.limits.alarm) {
    tally.severity = settings_.side(*side).severity;
    tally.limit = settings_.limit(*side);
  }
  return tally;
}

RuleStanding Rule::standing(const Board& board) const {
  const auto slot = measure_->subject();
  const Side shown = judge_.side().value_or(settings_.limits.alarm.value_or(Side::kHigh));
  return {.rule = settings_.id,
          .channel = slot ? board.channel(*slot).name : "",
          .unit = measure_->unit(board),
          .value = std::isnan(seen_) ? value_ : seen_,
          .value_time = std::isnan(seen_) ? judged_ : seen_time_,
          .limits = settings_.limits,
          .side = judge_.side(),
          .waiting = judge_.waiting(),
          .armed = armed(),
          .kind = settings_.alarm_kind(),
          .severity = settings_.side(shown).severity,
          .text = text_,
          .since = since_};
}

bool Rule::kept(const Scene& scene) const {
  return armed_ == false && settings_.keep && !scene.phase.declared() &&
         scene.phase.phase() != Phase::kWarm;
}

void Rule::on_tick(const Silence& silence, const Scene& scene, std::vector<Transition>& out) {
  const double value = measure_->on_tick(silence);
  if (std::isnan(value) || !armed()) return;
  trend_.add(silence.now, value);
  count(silence.now, value, true);
  judge(silence.now, value, scene, out);
}

void Rule::judge(UtcTime time, double value, const Scene& scene, std::vector<Transition>& out) {
  if (std::isnan(value)) return;
  value_ = value;
  judged_ = time;
  auto verdict = judge_.judge(time, value);
  if (!verdict) return;
  verdict->since = measure_->since().value_or(verdict->since);
  tell(*verdict, words_of(*verdict, scene.board), scene.board, out);
}

/// A rule that is not armed has nothing against the fridge: its alarm ends, a notice stays as it is.
void Rule::disarm(UtcTime time, const Scene& scene, std::vector<Transition>& out) {
  if (!settings_.limits.alarm) return;
  judged_ = time;
  if (const auto verdict = judge_.settle(time, other(*settings_.limits.alarm))) {
    tell(*verdict, "Not watched now: " + settings_.when + " is false", scene.board, out);
  }
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

std::string Rule::words_of(const Judge::Verdict& verdict, const Board& board) const {
  const auto slot = measure_->subject();
  const std::string unit = measure_->unit(board);
  return fill_text(settings_.side(verdict.side).text,
                   {.value = value_,
                    .limit = settings_.limit(verdict.side),
                    .unit = unit,
                    .channel = slot ? board.channel(*slot).name : settings_.id,
                    .fridge = fridge_,
                    .since = verdict.since});
}

void Rule::tell(const Judge::Verdict& verdict, std::string text, const Board& board,
                std::vector<Transition>& out) {
  const SideSettings& side = settings_.side(verdict.side);
  since_ = verdict.since;
  text_ = utf8_prefix(text, kLongestAlarmTextBytes);
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
  if (!settings_.limits.alarm || (settings_.from_library && !fits_)) return std::nullopt;
  return compose(board);
}

void Rule::check(const Board& board, Mistakes& mistakes) const {
  measure_->check(board, settings_.path, mistakes);
  if (when_) when_->check(board, settings_.path + ".when", mistakes);
}

nlohmann::json Rule::state() const {
  nlohmann::json state{{"hash", settings_.hash},      {"judge", judge_.state()},
                       {"trend", trend_.state()},     {"text", text_},
                       {"since", count_of(since_)},   {"judged", count_of(judged_)},
                       {"measure", measure_->state()}};
  if (!std::isnan(value_)) state["value"] = value_;
  if (armed_) state["armed"] = *armed_;
  if (when_) state["when"] = when_->state();
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
  value_ = state.contains("value") ? state.at("value").get<double>() : Board::kNoValue;
  armed_.reset();
  if (state.contains("armed")) armed_ = state.at("armed").get<bool>();
  if (when_) when_->restore(state.at("when"));
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
  armed_.reset();
  text_.clear();
  since_ = judged_ = {};
  value_ = Board::kNoValue;
  snapshots_.clear();
}

}  // namespace coldwatch
