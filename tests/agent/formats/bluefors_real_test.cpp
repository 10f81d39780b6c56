// Counts over two days of two real fridges, computed apart from this project by a few lines of
// Python that join T, R and Errors by their stamps.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/agent/formats/format_reading.hpp"
#include "tests/common/shared_logs.hpp"

namespace coldwatch {
namespace {

std::string content(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

ReadLog read_real(const std::string& logs, const std::string& file) {
  FileContext context = context_of(file);
  context.read_beside = [logs](const std::string& path, std::uint64_t offset, std::size_t most) {
    const std::string all = content(logs + "/" + path);
    return offset < all.size() ? all.substr(offset, most) : std::string{};
  };
  return read_log("bluefors", context, content(logs + "/" + file));
}

struct Expected {
  const char* file;
  std::size_t rows;
  const char* first;
  const char* last;
  const char* key;
  std::size_t good;
  const char* other_key;
  std::size_t other_good;
};

class BlueforsReal : public testing::Test {
 protected:
  void SetUp() override {
    logs_ = shared_logs();
    if (!logs_) GTEST_SKIP() << "no real logs here: set COLDWATCH_SHARED to read them";
  }

  void expect(std::span<const Expected> table) const {
    for (const Expected& expected : table) {
      SCOPED_TRACE(expected.file);
      const ReadLog log = read_real(*logs_, expected.file);
      ASSERT_EQ(log.rows.size(), expected.rows);
      EXPECT_EQ(log.time(0), std::string{expected.first} + ".000Z");
      EXPECT_EQ(log.time(log.rows.size() - 1), std::string{expected.last} + ".000Z");
      EXPECT_EQ(log.count(Remark::Kind::kBadRecord), 0);
      EXPECT_EQ(log.count(expected.key, Quality::kGood), expected.good);
      EXPECT_EQ(log.count(expected.key, Quality::kInvalid), expected.rows - expected.good);
      EXPECT_EQ(log.count(expected.other_key, Quality::kGood), expected.other_good);
    }
  }

  std::optional<std::string> logs_;
};

TEST_F(BlueforsReal, TemperaturesAreJudgedByTheirResistances) {
  constexpr Expected kTable[] = {
      {"bluefors-cs2/26-06-25/CH1 R 26-06-25.log", 2849, "2026-06-25T16:05:12",
       "2026-06-25T23:59:52", "CH1_T", 2849, "CH1_R", 2849},
      {"bluefors-cs2/26-06-25/CH2 R 26-06-25.log", 2850, "2026-06-25T16:05:02",
       "2026-06-25T23:59:52", "CH2_T", 2850, "CH2_R", 2850},
      {"bluefors-cs2/26-06-25/CH5 R 26-06-25.log", 2852, "2026-06-25T16:04:42",
       "2026-06-25T23:59:52", "CH5_T", 2852, "CH5_R", 2852},
      {"bluefors-cs2/26-06-25/CH6 R 26-06-25.log", 8640, "2026-06-25T00:00:02",
       "2026-06-25T23:59:52", "CH6_T", 6831, "CH6_R", 8640},
      {"bluefors-cs2/26-06-30/CH1 R 26-06-30.log", 4157, "2026-06-30T00:00:02",
       "2026-06-30T15:11:12", "CH1_T", 4157, "CH1_R", 4157},
      {"bluefors-cs2/26-06-30/CH2 R 26-06-30.log", 4157, "2026-06-30T00:00:02",
       "2026-06-30T15:11:12", "CH2_T", 4157, "CH2_R", 4157},
      {"bluefors-cs2/26-06-30/CH5 R 26-06-30.log", 4157, "2026-06-30T00:00:02",
       "2026-06-30T15:11:12", "CH5_T", 4157, "CH5_R", 4157},
      {"bluefors-cs2/26-06-30/CH6 R 26-06-30.log", 4157, "2026-06-30T00:00:02",
       "2026-06-30T15:11:12", "CH6_T", 4157, "CH6_R", 4157},
      {"bluefors-valvecontrol/26-06-28/CH1 R 26-06-28.log", 1438, "2026-06-28T00:00:36",
       "2026-06-28T23:59:34", "CH1_T", 1436, "CH1_R", 1436},
      {"bluefors-valvecontrol/26-06-28/CH2 R 26-06-28.log", 1438, "2026-06-28T00:00:36",
       "2026-06-28T23:59:34", "CH2_T", 1436, "CH2_R", 1436},
      {"bluefors-valvecontrol/26-06-28/CH5 R 26-06-28.log", 1438, "2026-06-28T00:00:36",
       "2026-06-28T23:59:34", "CH5_T", 1434, "CH5_R", 1436},
      {"bluefors-valvecontrol/26-06-28/CH6 R 26-06-28.log", 1438, "2026-06-28T00:00:36",
       "2026-06-28T23:59:34", "CH6_T", 0, "CH6_R", 1434},
      {"bluefors-valvecontrol/26-06-29/CH1 R 26-06-29.log", 1438, "2026-06-29T00:00:34",
       "2026-06-29T23:59:32", "CH1_T", 1438, "CH1_R", 1438},
      {"bluefors-valvecontrol/26-06-29/CH2 R 26-06-29.log", 1438, "2026-06-29T00:00:34",
       "2026-06-29T23:59:32", "CH2_T", 1438, "CH2_R", 1438},
      {"bluefors-valvecontrol/26-06-29/CH5 R 26-06-29.log", 1438, "2026-06-29T00:00:34",
       "2026-06-29T23:59:32", "CH5_T", 1438, "CH5_R", 1438},
      {"bluefors-valvecontrol/26-06-29/CH6 R 26-06-29.log", 1438, "2026-06-29T00:00:34",
       "2026-06-29T23:59:32", "CH6_T", 0, "CH6_R", 1438},
  };
  expect(kTable);
}

TEST_F(BlueforsReal, OtherFiles) {
  constexpr Expected kTable[] = {
      {"bluefors-cs2/26-06-25/Flowmeter 26-06-25.log", 8640, "2026-06-25T00:00:02",
       "2026-06-25T23:59:52", "Flowmeter", 8640, "Flowmeter", 8640},
      {"bluefors-cs2/26-06-25/Heaters 26-06-25.log", 8640, "2026-06-25T00:00:02",
       "2026-06-25T23:59:52", "heater_1_W", 8640, "heater_2_on", 8640},
      {"bluefors-cs2/26-06-25/Channels 26-06-25.log", 8640, "2026-06-25T00:00:02",
       "2026-06-25T23:59:52", "v1", 8640, "hs_mc", 8640},
      {"bluefors-cs2/26-06-25/maxigauge 26-06-25.log", 8640, "2026-06-25T00:00:02",
       "2026-06-25T23:59:52", "P1", 8640, "P6", 8640},
      {"bluefors-cs2/26-06-30/Status_26-06-30.log", 5468, "2026-06-30T00:00:02",
       "2026-06-30T15:11:12", "nxdsf", 4191, "ctr_pressure_ok", 5468},
      {"bluefors-cs2/26-06-30/Channels 26-06-30.log", 5468, "2026-06-30T00:00:02",
       "2026-06-30T15:11:12", "turbo1", 5468, "ext", 5468},
      {"bluefors-cs2/26-06-30/maxigauge 26-06-30.log", 5468, "2026-06-30T00:00:02",
       "2026-06-30T15:11:12", "P1", 0, "P2", 5468},
      {"bluefors-valvecontrol/26-06-28/Flowmeter 26-06-28.log", 1429, "2026-06-28T00:00:34",
       "2026-06-28T23:59:25", "Flowmeter", 1429, "Flowmeter", 1429},
      {"bluefors-valvecontrol/26-06-28/Status_26-06-28.log", 96, "2026-06-28T00:01:24",
       "2026-06-28T23:46:26", "cptempwi", 96, "tc400commerr_2", 96},
      {"bluefors-valvecontrol/26-06-29/maxigauge 26-06-29.log", 1416, "2026-06-29T00:00:22",
       "2026-06-29T23:59:18", "P1", 0, "P3", 1416},
      {"bluefors-cs2/26-06-30/Flowmeter 26-06-30.log", 5468, "2026-06-30T00:00:02",
       "2026-06-30T15:11:12", "Flowmeter", 5468, "Flowmeter", 5468},
      {"bluefors-cs2/26-06-30/Heaters 26-06-30.log", 5468, "2026-06-30T00:00:02",
       "2026-06-30T15:11:12", "heater_1_W", 5468, "heater_2_on", 5468},
      {"bluefors-valvecontrol/26-06-28/maxigauge 26-06-28.log", 1416, "2026-06-28T00:00:08",
       "2026-06-28T23:59:22", "P1", 0, "P6", 1416},
      {"bluefors-valvecontrol/26-06-29/Flowmeter 26-06-29.log", 1429, "2026-06-29T00:00:26",
       "2026-06-29T23:59:14", "Flowmeter", 1429, "Flowmeter", 1429},
      {"bluefors-valvecontrol/26-06-29/Status_26-06-29.log", 96, "2026-06-29T00:01:26",
       "2026-06-29T23:46:26", "cptempwi", 96, "cpavgh", 96},
  };
  expect(kTable);
}

TEST_F(BlueforsReal, ErrorsAreToldWhenTheyChange) {
  const std::pair<const char*, std::size_t> table[] = {
      {"bluefors-valvecontrol/26-06-28/Errors 26-06-28.log", 7},
      {"bluefors-valvecontrol/26-06-29/Errors 26-06-29.log", 1}};
  for (const auto& [file, events] : table) {
    const ReadLog log = read_real(*logs_, file);
    EXPECT_EQ(log.count(Remark::Kind::kInstrument), events) << file;
    EXPECT_EQ(log.count(Remark::Kind::kBadRecord), 0) << file;
  }
}

}  // namespace
}  // namespace coldwatch
