#include "agent/console/console.hpp"

#include <algorithm>
#include <cstdio>

#include "agent/console/table.hpp"
#include "common/log.hpp"

namespace coldwatch {
namespace {

constexpr std::string_view kExitQuestion =
    "Stop watching this fridge? y stops, any other key goes on";

}  // namespace

std::unique_ptr<Console> Console::take(bool beep) {
  auto terminal = Terminal::take();
  if (!terminal) return nullptr;
  return std::unique_ptr<Console>{new Console{std::move(terminal), beep}};
}

Console::Console(std::unique_ptr<Terminal> terminal, bool beep)
    : terminal_(std::move(terminal)), beep_(beep) {
  if (!error_stream_is_terminal()) return;
  set_log_sink([this](std::string_view line) {
    const std::lock_guard lock{log_mutex_};
    log_.emplace_back(line);
    if (log_.size() > kLogLines) log_.pop_front();
  });
}

Console::~Console() {
  set_log_sink({});
  terminal_.reset();
  // Why the program ended must not vanish with the screen.
  for (const std::string& line : log_) std::fprintf(stderr, "%s\n", line.c_str());
}

std::vector<std::string> Console::log_lines() const {
  const std::lock_guard lock{log_mutex_};
  return {log_.begin(), log_.end()};
}

std::vector<Console::Wish> Console::wishes() {
  std::vector<Wish> wishes;
  for (const Key key : terminal_->keys()) {
    changed_ = true;
    if (const auto wish = on_key(key)) wishes.push_back(*wish);
  }
  return wishes;
}

std::optional<Console::Wish> Console::on_key(Key key) {
  if (key == Key::kGone) return Wish::kExit;
  if (std::exchange(exit_asked_, false)) {
    if (key == Key::kYes) return Wish::kExit;
    answer_ = "goes on watching";
    return std::nullopt;
  }
  const int page = std::max(1, rows_for_rules(terminal_->size()) - 1);
  switch (key) {
    case Key::kTest:
      return Wish::kTest;
    case Key::kSnapshot:
      return Wish::kSnapshot;
    case Key::kExit:
      exit_asked_ = true;
      break;
    case Key::kUp:
      --first_;
      break;
    case Key::kDown:
      ++first_;
      break;
    case Key::kPageUp:
      first_ -= page;
      break;
    case Key::kPageDown:
      first_ += page;
      break;
    default:
      break;
  }
  return std::nullopt;
}

void Console::say(std::string answer) {
  answer_ = std::move(answer);
  changed_ = true;
}

bool Console::draw_due(SteadyTime steady) const {
  return changed_ || steady - drawn_ >= kDrawInterval;
}

void Console::draw(const ConsoleFacts& facts, SteadyTime steady) {
  const ScreenSize size = terminal_->size();
  const int last = static_cast<int>(facts.rules.size()) - rows_for_rules(size);
  first_ = std::clamp(first_, 0, std::max(0, last));
  terminal_->show(console_screen(facts, size, first_, log_lines(),
                                 exit_asked_ ? std::string{kExitQuestion} : answer_));
  beep_for_new_alarms(facts);
  changed_ = false;
  drawn_ = steady;
}

void Console::beep_for_new_alarms(const ConsoleFacts& facts) {
  std::set<std::string> active;
  for (const RuleStanding& rule : facts.rules) {
    if (rule.active()) active.insert(rule.rule);
  }
  if (beep_ && !std::ranges::includes(active_, active)) terminal_->beep();
  active_ = std::move(active);
}

}  // namespace coldwatch
