// The agent's reader against the simulator: every row, time, value and doubt that was written, and
// nothing else.
#include <functional>

#include "tests/agent/source/follower_helper.hpp"
#include "tests/simulator/written_log.hpp"

namespace coldwatch {
namespace {

using simulator::LogPlan;
using simulator::WrittenLog;
using simulator::WrittenRow;
using namespace std::chrono_literals;

TimeZone zone_of(const std::string& name) {
  std::string error;
  return *TimeZone::find(name, error);
}

/// Thursday, 20 August 2026, two hours before midnight in Zurich.
LogPlan plan_over_midnight(int rows = 240) {
  return {.start = *parse_rfc3339("2026-08-20T20:00:02Z"),
          .rows = rows,
          .zone = zone_of("Europe/Zurich")};
}

class Written : public ::testing::Test {
 protected:
  void put(const WrittenLog& log) {
    for (const auto& [path, bytes] : log.files) folder.write(path, bytes);
  }

  /// Starts a follower that reads all, in the log's zone.
  void follow(const LogPlan& plan, const std::string& format = "auto") {
    folder.settings.zone = plan.zone;
    folder.settings.format = format;
    folder.settings.start = LogStart::kBeginning;
    folder.start();
  }

  void read() {
    for (int polls = 0; polls < 4; ++polls) {
      folder.now += 3s;
      folder.follower->poll(folder.now);
      while (const auto chunk = folder.follower->next()) {
        for (std::size_t i = 0; i < chunk->rows->size(); ++i) {
          rows[chunk->stream].push_back(row_of((*chunk->rows)[i], *chunk->rows->channels()));
        }
        for (const Remark& remark : chunk->rows->remarks) {
          EXPECT_NE(remark.kind, Remark::Kind::kBadRecord) << remark.text;
        }
      }
    }
    EXPECT_TRUE(folder.follower->take_notices().empty());
  }

  void expect_rows_of(const WrittenLog& log) {
    for (const auto& [stream, written] : log.streams) {
      const auto& found = rows[stream];
      ASSERT_EQ(found.size(), written.size()) << stream;
      for (std::size_t i = 0; i < written.size(); ++i) {
        ASSERT_EQ(to_rfc3339(found[i].time), to_rfc3339(written[i].time)) << stream << " " << i;
        ASSERT_EQ(found[i].values, written[i].values) << stream << " " << i;
      }
    }
    EXPECT_EQ(rows.size(), log.streams.size());
  }

  void check(const LogPlan& plan, const WrittenLog& log, const std::string& format = "auto") {
    put(log);
    follow(plan, format);
    read();
    expect_rows_of(log);
  }

  FollowedFolder folder;
  std::map<std::string, std::vector<WrittenRow>> rows;

 private:
  static WrittenRow row_of(const RowView& row, const Channels& channels) {
    WrittenRow made{row.time, {}};
    for (std::size_t i = 0; i < channels.size(); ++i) {
      const bool good = row.quality[i] == Quality::kGood;
      made.values[channels[i].key] = good ? std::optional{row.values[i]} : std::nullopt;
    }
    return made;
  }
};

TEST_F(Written, TritonXl) {
  const LogPlan plan = plan_over_midnight();
  const WrittenLog log = simulator::write_triton_xl(plan);
  EXPECT_EQ(log.files.begin()->second.size(), 0x3000U + 240 * 456);
  EXPECT_TRUE(log.streams.at("main")[0].values.contains("Input_Water_Temp_2"));
  check(plan, log);
}

TEST_F(Written, Dr200) {
  const LogPlan plan = plan_over_midnight();
  const WrittenLog log = simulator::write_dr200(plan);
  EXPECT_EQ(log.files.begin()->second.size(), 0x3000U + 240 * 512);
  EXPECT_FALSE(log.streams.at("main").back().values.at("M_C_X55753_T_K"));
  check(plan, log);
}

TEST_F(Written, BlueforsOfBothGenerationsOverMidnight) {
  for (const bool old : {true, false}) {
    rows.clear();
    folder.remove("");
    const LogPlan plan = plan_over_midnight();
    const WrittenLog log = simulator::write_bluefors(plan, old);
    EXPECT_TRUE(log.files.contains("26-08-21/Flowmeter 26-08-21.log"));
    check(plan, log);
  }
}

TEST_F(Written, LeidenTemperaturesWithPointAndComma) {
  for (const bool comma : {true, false}) {
    rows.clear();
    folder.remove("");
    const LogPlan plan = plan_over_midnight();
    check(plan, simulator::write_leiden_tc(plan, comma));
  }
}

TEST_F(Written, LeidenOfBothProgramsInOneFolder) {
  const LogPlan plan = plan_over_midnight();
  WrittenLog log = simulator::write_leiden_tc(plan, true);
  log.files.merge(simulator::write_leiden_fp(plan).files);
  log.streams.merge(simulator::write_leiden_fp(plan).streams);
  check(plan, log);  // the pressures have no names of their own, and take none of the temperatures
  EXPECT_EQ(folder.follower->format(), "leiden");
}

TEST_F(Written, LeidenPressuresWithoutAHeader) {
  const LogPlan plan = plan_over_midnight();
  check(plan, simulator::write_leiden_fp(plan));
}

TEST_F(Written, PpmsOverMidnight) {
  LogPlan plan = plan_over_midnight();
  plan.start += 40s;  // the header knows the minute only
  check(plan, simulator::write_multivu(plan));
}

TEST_F(Written, EveryKindOfTheCommandLineIsALogOfItsFormat) {
  const std::map<std::string, std::string> formats{
      {"triton-xl", "vcl"},         {"dr200", "vcl"},        {"bluefors", "bluefors"},
      {"bluefors-old", "bluefors"}, {"leiden-tc", "leiden"}, {"leiden-tc-comma", "leiden"},
      {"leiden-fp", "leiden"},      {"ppms", "multivu"},     {"xs400", "xs400"}};
  ASSERT_EQ(simulator::log_kinds().size(), formats.size());
  for (const simulator::LogKind& kind : simulator::log_kinds()) {
    SCOPED_TRACE(kind.word);
    rows.clear();
    folder.remove("");
    const LogPlan plan = plan_over_midnight(30);
    check(plan, kind.write(plan));
    EXPECT_EQ(folder.follower->format(), formats.at(kind.word));
  }
}

TEST_F(Written, Xs400IsWrittenWholeAgainAndAgain) {
  const WrittenLog first = simulator::write_xs400(plan_over_midnight(50));
  put(first);
  follow(plan_over_midnight());
  read();
  expect_rows_of(first);
  const WrittenLog whole = simulator::write_xs400(plan_over_midnight());
  for (const auto& [path, bytes] : whole.files) {
    folder.write(path, bytes.substr(0, bytes.size() / 2));  // caught while it is written
    read();
    folder.write(path, bytes);
  }
  read();
  expect_rows_of(whole);
}

/// From the evening before to the morning after, over the hour that the clocks show twice, and the one that they skip.
TEST_F(Written, DaysOnWhichTheClocksAreChanged) {
  using Write = std::function<WrittenLog(const LogPlan&)>;
  const std::vector<Write> writers{
      [](const LogPlan& plan) { return simulator::write_bluefors(plan, true); },
      [](const LogPlan& plan) { return simulator::write_bluefors(plan, false); },
      [](const LogPlan& plan) { return simulator::write_leiden_tc(plan, false); },
      simulator::write_leiden_fp,
      simulator::write_xs400,
      simulator::write_triton_xl};
  for (const char* start : {"2026-10-24T21:00:00Z", "2026-03-28T22:00:00Z"}) {
    for (const Write& write : writers) {
      rows.clear();
      folder.remove("");
      LogPlan plan = plan_over_midnight(320);
      plan.start = *parse_rfc3339(start);
      check(plan, write(plan));
    }
  }
}

}  // namespace
}  // namespace coldwatch
