#include "tests/simulator/simulation.hpp"

#include <gtest/gtest.h>

namespace coldwatch::simulator {
namespace {

std::string log_of(SimulationSettings settings, int rows) {
  Simulation simulation{std::move(settings)};
  std::string bytes;
  for (int i = 0; i < rows; ++i) bytes += simulation.next().row;
  return bytes;
}

TEST(Simulation, SameSeedSameBytes) {
  EXPECT_EQ(log_of({.seed = 7}, 50), log_of({.seed = 7}, 50));
  EXPECT_NE(log_of({.seed = 7}, 50), log_of({.seed = 8}, 50));
}

TEST(Simulation, RowsAreStampedByTheLogsClockWhateverTheSpeed) {
  Simulation simulation{{.start = UtcTime{std::chrono::seconds{1000}},
                         .interval = std::chrono::seconds{1},
                         .speed = 600}};
  EXPECT_EQ(simulation.next().time, UtcTime{std::chrono::seconds{1000}});
  EXPECT_EQ(simulation.next().time, UtcTime{std::chrono::seconds{1001}});
}

TEST(Simulation, PauseAndNewLogChangeTheFilesNotTheFridge) {
  using std::chrono::minutes;
  Simulation simulation{
      {.scenario = {{minutes{1}, Happening::kLogPause}, {minutes{3}, Happening::kNewLog}}}};
  EXPECT_EQ(simulation.next().row.size(), 504U);
  EXPECT_TRUE(simulation.next().row.empty());
  EXPECT_TRUE(simulation.next().row.empty());
  const LogStep fresh = simulation.next();
  EXPECT_TRUE(fresh.new_file);
  EXPECT_EQ(fresh.row.substr(8, 8), std::string(8, '\0'));  // LineNumber begins at 0 again
}

TEST(Scenario, ReadsPairsInOrderOfTime) {
  std::string error;
  const auto steps = parse_scenario({"200s", "recovery", "1m", "water_failure"}, error);
  ASSERT_TRUE(steps) << error;
  EXPECT_EQ(*steps, (std::vector<ScenarioStep>{{std::chrono::minutes{1}, Happening::kWaterFailure},
                                               {std::chrono::seconds{200}, Happening::kRecovery}}));
}

TEST(Scenario, NamesWhatItCannotRead) {
  const std::pair<std::vector<std::string>, const char*> bad[] = {
      {{"soon", "recovery"}, "'soon' is no duration"},
      {{"60", "recovery"}, "'60' is no duration"},
      {{"60s", "flood"}, "'flood' is none of the happenings: water_failure"},
      {{"60s", "recovery", "90s"}, "'90s' stands alone"},
  };
  for (const auto& [texts, sentence] : bad) {
    std::string error;
    EXPECT_FALSE(parse_scenario(texts, error));
    EXPECT_NE(error.find(sentence), std::string::npos) << error;
  }
}

}  // namespace
}  // namespace coldwatch::simulator
