// The promise of the engine: the same rows give the same transitions, byte for byte, however they come
// in and however often the agent is killed between them.
#include <cmath>
#include <random>

#include "agent/rules/formula.hpp"
#include "tests/agent/rules/rules_helper.hpp"

namespace coldwatch {
namespace {

struct Row {
  int stream;
  double second;
  std::vector<double> values;
};

/// A year of trouble in two days: drifts, steps, gaps, lost values, a clock set back, two streams.
std::vector<Row> troubled_log(unsigned seed) {
  std::mt19937 random{seed};
  std::uniform_real_distribution<double> unit{0, 1};
  std::vector<Row> rows;
  double second = 0;
  double temperature = 4;
  double flow = 0.4;
  for (int i = 0; i < 3000; ++i) {
    second += unit(random) < 0.01 ? 3000 * unit(random) : 60;
    if (unit(random) < 0.002) second -= 3600;
    if (unit(random) < 0.01)
      temperature = unit(random) < 0.7 ? 3 + unit(random) : 300 * unit(random);
    temperature += 0.1 * (unit(random) - 0.5);
    flow = unit(random) < 0.02 ? unit(random) : 0.9 * flow + 0.1 * 0.4;
    const double lost = unit(random) < 0.05 ? std::nan("") : temperature;
    rows.push_back({0, second, {lost, 20 * unit(random), 48 + 0.1 * unit(random)}});
    if (i % 3 == 0) rows.push_back({1, second, {flow, unit(random) < 0.5 ? 0.0 : 1.0}});
  }
  return rows;
}

constexpr char kRules[] = R"json({"channels": {"derived": {"product": "Flow * Current"}}, "rules": [
  {"id": "a", "channel": "PT2 T(K)", "hold": "2m", "clear_hold": "5m", "initial": "low",
   "high": {"at": 4.5, "severity": "critical", "text": "{value} {since}", "snapshot_after": "20m"},
   "low": {"at": 4.2, "text": "{value}"}},
  {"id": "b", "kind": "slope", "channel": "PT2 T(K)", "window": "5m",
   "high": {"at": 0.05, "severity": "warning", "text": "{value}"}},
  {"id": "c", "kind": "ratio", "channel": "Flow", "when": "phase == 'base'", "keep": true,
   "low": {"at": 0.8, "severity": "warning", "text": "{value}"}, "high": {"at": 0.9, "text": "ok"}},
  {"id": "d", "kind": "expression", "expression": "rate(Current, 10m) > 0.3 or Pump < 0.5",
   "when": "any T < 100 K", "hold": "3m", "high": {"severity": "warning", "text": "on"}},
  {"id": "e", "kind": "missing", "channel": "PT2 T(K)", "after": "90s",
   "high": {"severity": "warning", "text": "gone"}},
  {"id": "f", "channel": "product", "high": {"at": 6, "text": "up"}, "low": {"at": 2, "text": "down"}},
  {"id": "g", "kind": "frozen", "channels": ["*K*"], "after": "10m",
   "high": {"severity": "warning", "text": "frozen"}}]})json";

constexpr char kPlainRules[] = R"json({"rules": [
  {"id": "a", "channel": "PT2 T(K)", "hold": "2m", "clear_hold": "5m", "initial": "low",
   "high": {"at": 4.5, "severity": "critical", "text": "{value} {since}", "snapshot_after": "20m"},
   "low": {"at": 4.2, "text": "{value}"}},
  {"id": "b", "kind": "slope", "channel": "PT2 T(K)", "window": "5m",
   "high": {"at": 0.05, "severity": "warning", "text": "{value}"}},
  {"id": "e", "kind": "missing", "channel": "PT2 T(K)", "after": "90s",
   "high": {"severity": "warning", "text": "gone"}},
  {"id": "g", "kind": "frozen", "channels": ["*K*"], "after": "10m",
   "high": {"severity": "warning", "text": "frozen"}},
  {"id": "h", "channel": "Current", "hold": "2m",
   "high": {"at": 12, "severity": "warning", "text": "{value}"}, "low": {"at": 8, "text": "{value}"}}]})json";

std::vector<Feed> feeds(RuleEngine& engine) {
  return {
      Feed{engine,
           Channels{{"PT2_T_K", "PT2 T(K)", "K", "temperature"},
                    {"Current", "Current", "A", "current"},
                    {"PT1_T_K", "PT1 T(K)", "K", "temperature"}},
           "main"},
      Feed{engine, Channels{{"Flow", "Flow", "mmol/s", "flow"}, {"Pump", "Pump", "", ""}}, "flow"}};
}

void write(std::string& out, const std::vector<Transition>& transitions) {
  for (const Transition& one : transitions) {
    out += one.type + " " + one.rule + " " + dump(to_json(one.alarm)) + "\n";
  }
}

std::string live_through(const std::vector<Row>& rows, const char* rules, unsigned restarts_seed) {
  std::mt19937 random{restarts_seed};
  auto engine = std::make_unique<ReadEngine>(rules);
  EXPECT_EQ(describe(engine->mistakes, ""), "");
  auto streams = feeds(engine->engine);
  std::string out;
  for (const Row& row : rows) {
    write(out, streams[static_cast<std::size_t>(row.stream)].row(row.second, row.values));
    if (restarts_seed != 0 && random() % 23 == 0) {
      const std::string saved = engine->engine.state().dump();
      engine = std::make_unique<ReadEngine>(rules);
      engine->engine.restore(parse_json(saved));
      streams = feeds(engine->engine);
    }
  }
  for (const auto& [rule, state] : engine->engine.states())
    out += rule + dump(to_json(state)) + "\n";
  return out;
}

TEST(Property, RestartsAtAnyMomentChangeNothing) {
  const char* rules = kHaveFormulas ? kRules : kPlainRules;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const auto rows = troubled_log(seed);
    const std::string once = live_through(rows, rules, 0);
    EXPECT_GT(std::ranges::count(once, '\n'), 100) << "a log without trouble shows nothing";
    EXPECT_TRUE(live_through(rows, rules, seed + 100) == once) << "seed " << seed;
  }
}

TEST(Property, TheStateHasABound) {
  const char* rules = kHaveFormulas ? kRules : kPlainRules;
  ReadEngine read{rules};
  auto streams = feeds(read.engine);
  std::size_t after_a_day = 0;
  for (int second = 0; second < 4 * 86'400; second += 10) {
    streams[0].row(second, {4 + 0.001 * (second % 7), 10, 48 + 0.01 * (second % 11)});
    streams[1].row(second, {0.4 + 0.0001 * (second % 13), 1});
    if (second == 86'400) after_a_day = read.engine.state().dump().size();
  }
  EXPECT_LT(read.engine.state().dump().size(), after_a_day + 4000) << "only baselines still grow";
}

}  // namespace
}  // namespace coldwatch
