// The rule library on real logs of real fridges: no false alarm on healthy days, and the stop of a
// pulse tube is seen.
#include "agent/backtest.hpp"
#include "agent/rules/formula.hpp"
#include "agent/source/follower.hpp"
#include "tests/agent/rules/rules_helper.hpp"
#include "tests/common/shared_logs.hpp"

namespace coldwatch {
namespace {

class RealLogs : public testing::Test {
 protected:
  void SetUp() override {
    if (!kHaveFormulas) GTEST_SKIP() << "this build has no muParser, which the library needs";
    if (!shared_logs()) GTEST_SKIP() << "no real logs here: set COLDWATCH_SHARED to read them";
  }

  /// "pt_off 2018-12-13T19:24" for each alarm raised by the library, in order of the rules.
  static std::vector<std::string> alarms(const std::string& library, const std::string& path,
                                         const std::string& until = "9999",
                                         const std::string& from = "") {
    ReadEngine read{R"({"rule_library": ")" + library + R"("})", COLDWATCH_SOURCE "/config/rules"};
    EXPECT_EQ(describe(read.mistakes, ""), "");
    std::string error;
    LogSettings settings{.folder = *shared_logs() + "/" + path,
                         .zone = *TimeZone::find("UTC", error),
                         .start = LogStart::kBeginning};
    Follower follower{settings, {}};
    follower.poll(UtcTime::max());
    Backtest run{std::move(read.engine), std::nullopt};
    while (const auto chunk = follower.next()) {
      for (std::size_t i = 0; i < chunk->rows->size(); ++i) {
        const RowView row = (*chunk->rows)[i];
        const std::string time = to_rfc3339(row.time);
        if (time < from || time >= until) continue;
        run.on_row(chunk->stream, chunk->rows->channels(), row);
      }
    }
    const BacktestReport report = run.report();
    EXPECT_GT(report.rows, 0U) << path;
    std::vector<std::string> lines;
    for (const BacktestedRule& rule : report.rules) {
      if (rule.tally.kind == AlarmKind::kNotice) continue;
      for (const Firing& firing : rule.firings) {
        lines.push_back(rule.tally.rule + " " + to_rfc3339(firing.raised).substr(0, 16));
      }
    }
    return lines;
  }
};

using Lines = std::vector<std::string>;

TEST_F(RealLogs, TheLibraryIsSilentOnHealthyDays) {
  // Until 18:30 the Triton is at base; a warm one; a Bluefors at base, and warm ones; a PPMS.
  EXPECT_EQ(alarms("oxford-triton", "vcl/log 181210 183825.vcl", "2018-12-13T18:30"), Lines{});
  EXPECT_EQ(alarms("oxford-triton", "vcl/log 180825 131456.vcl"), Lines{});
  EXPECT_EQ(alarms("bluefors", "bluefors-cs2/26-06-25"), Lines{});
  EXPECT_EQ(alarms("bluefors", "bluefors-cs2/26-06-30"), Lines{});
  EXPECT_EQ(alarms("bluefors", "bluefors-valvecontrol"), Lines{});
  EXPECT_EQ(alarms("ppms", "ppms/sample2.DAT"), Lines{});
}

TEST_F(RealLogs, ACoolDownOfADayIsNoAlarm) {
  // Its file has lost its header, and takes the names of the others in the folder.
  EXPECT_EQ(alarms("oxford-triton", "vcl", "2018-12-18", "2018-12-15"), Lines{});
}

TEST_F(RealLogs, TheLibrarySeesTheEndOfARun) {
  // People collect the mixture from 18:37 on and switch the pulse tube off at 19:22.
  const Lines lines = alarms("oxford-triton", "vcl/log 181210 183825.vcl");
  for (const char* expected : {"pt_off 2018-12-13T19:24", "mix_returning 2018-12-13T18:42",
                               "turbo_slow 2018-12-13T18:38", "s50k_slope 2018-12-13T19:26"}) {
    EXPECT_NE(std::ranges::find(lines, expected), lines.end()) << expected;
  }
  EXPECT_EQ(lines.size(), 5U) << "each of them once, and still_band: nothing flaps";
}

TEST_F(RealLogs, AGapOfDaysIsSeenAsSilence) {
  const Lines lines = alarms("bluefors", "bluefors-cs2");
  EXPECT_EQ(lines, Lines{"log_stopped 2026-06-26T00:05"});
}

}  // namespace
}  // namespace coldwatch
