// The engine behind the reader of logs: whether a log lies there whole, grows row by row, or comes in
// chunks that end anywhere, with restarts of both between, the events are the same, byte for byte.
#include <random>

#include "tests/agent/rules/rules_helper.hpp"
#include "tests/agent/source/follower_helper.hpp"

namespace coldwatch {
namespace {

constexpr char kRules[] = R"json({"rules": [
  {"id": "tank", "channel": "P1 Tank (Bar)", "hold": "3m", "clear_hold": "2m",
   "high": {"at": 5, "severity": "critical", "text": "{value} {since}", "snapshot_after": "20m"},
   "low": {"at": 3, "text": "{value} {limit} {channel} {fridge}"}},
  {"id": "slope", "kind": "slope", "channel": "P1 Tank (Bar)", "window": "10m",
   "high": {"at": 0.5, "severity": "warning", "text": "{value} {unit}"}},
  {"id": "frozen", "kind": "frozen", "after": "10m",
   "high": {"severity": "warning", "text": "since {since}"}},
  {"id": "half", "channel": "P1 Tank (Bar)", "hold": "1m",
   "high": {"at": 4.5, "text": "up {value}"}, "low": {"at": 3.5, "text": "down {value}"}}]})json";
constexpr int kRows = 1500;

/// Rows whose pressure drifts, jumps, and stands still for a while.
std::string troubled_rows(unsigned seed) {
  std::mt19937 random{seed};
  std::uniform_real_distribution<double> unit{0, 1};
  std::string bytes;
  double pressure = 2;
  for (int number = 0; number < kRows; ++number) {
    if (unit(random) < 0.02) pressure = 8 * unit(random);
    if (number % 300 < 280) pressure += 0.2 * (unit(random) - 0.5);
    bytes += small_vcl_row(number, pressure);
  }
  return bytes;
}

/// Everything that has to last over a restart, and what was said so far.
class Watch {
 public:
  explicit Watch(const FollowedFolder& folder) : settings_(folder.settings) {
    settings_.folder = folder.path();
    settings_.start = LogStart::kBeginning;
    restart();
  }

  void restart() {
    const StreamPositions at = follower_ ? follower_->positions() : StreamPositions{};
    const auto state = engine_ ? engine_->engine.state().dump() : "";
    follower_ = std::make_unique<Follower>(settings_, at);
    engine_ = std::make_unique<ReadEngine>(kRules);
    if (!state.empty()) engine_->engine.restore(parse_json(state));
  }

  void poll() {
    now_ += std::chrono::seconds{6};
    follower_->poll(now_);
    while (const auto chunk = follower_->next()) {
      for (std::size_t i = 0; i < chunk->rows->size(); ++i) {
        for (const Transition& one :
             engine_->engine.on_row(chunk->stream, chunk->rows->channels(), (*chunk->rows)[i])) {
          said += one.type + " " + one.rule + " " + dump(to_json(one.alarm)) + "\n";
        }
        ++rows;
      }
    }
  }

  std::string said;
  int rows = 0;

 private:
  LogSettings settings_;
  std::unique_ptr<Follower> follower_;
  std::unique_ptr<ReadEngine> engine_;
  UtcTime now_{std::chrono::seconds{1'800'000'000}};
};

/// What is said of a log that arrives in pieces of at most `longest` bytes; 0 is all at once.
std::string said_of(const std::string& rows, std::size_t longest, bool restarts, unsigned seed) {
  std::mt19937 random{seed};
  const FollowedFolder folder;
  folder.write("log.vcl", small_vcl_head());
  Watch watch{folder};
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t piece = longest == 0 ? rows.size() : 1 + random() % longest;
    folder.append("log.vcl", rows.substr(at, piece));
    at += piece;
    watch.poll();
    if (restarts && random() % 5 == 0) watch.restart();
  }
  watch.poll();
  EXPECT_EQ(watch.rows, kRows);
  return watch.said;
}

TEST(Chunks, ChangeNoEvent) {
  const std::size_t row_bytes = small_vcl_row(0, 0).size();
  for (unsigned seed = 1; seed <= 3; ++seed) {
    const std::string rows = troubled_rows(seed);
    const std::string whole = said_of(rows, 0, false, seed);
    EXPECT_GT(std::ranges::count(whole, '\n'), 30) << "a log without trouble shows nothing";
    EXPECT_TRUE(said_of(rows, row_bytes, false, seed) == whole) << seed;
    EXPECT_TRUE(said_of(rows, 40 * row_bytes, false, seed) == whole) << seed;
    EXPECT_TRUE(said_of(rows, 40 * row_bytes, true, seed) == whole) << seed;
  }
}

}  // namespace
}  // namespace coldwatch
