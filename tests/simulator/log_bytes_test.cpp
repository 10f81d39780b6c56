#include <gtest/gtest.h>

#include <set>

#include "tests/simulator/scanner.hpp"
#include "tests/simulator/triton.hpp"
#include "tests/simulator/vcl_bytes.hpp"

namespace coldwatch::simulator {
namespace {

double column(const std::vector<double>& row, const std::string& name) {
  const std::vector<std::string> names = triton_columns();
  return row.at(
      static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()));
}

TEST(VclBytes, HeadHasEverythingWhereReadersLook) {
  const std::vector<std::string> columns = triton_columns();
  const std::string head =
      vcl_head(columns, "C:/logs/log 181210 183825.vcl", "2018-12-10T18:38:25");
  EXPECT_EQ(columns.size(), 63U);
  EXPECT_EQ(std::set<std::string>(columns.begin(), columns.end()).size(), 63U);
  ASSERT_EQ(head.size(), 0x3000U);
  EXPECT_EQ(head.substr(0, 24), "VeriCold data logfile.\r\n");
  EXPECT_NE(head.find("Creation date: 2018-12-10T18:38:25\r\n"), std::string::npos);
  EXPECT_STREQ(head.c_str() + 0x1800, "LineSize(bytes)");
  EXPECT_STREQ(head.c_str() + 0x1800 + 62 * 32, "turbo bottom(C)");
  EXPECT_EQ(head[0x1800 + 63 * 32], '\0');
  EXPECT_EQ(head.substr(0x2FFB), std::string("\xFF\0\0\0\x6B", 5));
}

TEST(VclBytes, RowsAreLittleEndianDoubles) {
  EXPECT_EQ(vcl_row(std::vector<double>{1.0, -2.5}),
            std::string("\0\0\0\0\0\0\xF0\x3F\0\0\0\0\0\0\x04\xC0", 16));
}

TEST(Triton, RowKnowsItsLengthNumberAndTime) {
  Noise noise{1};
  const auto row = triton_row(41, 1544485165.9, cold_fridge(), Scanner{}, noise);
  EXPECT_EQ(row.size(), triton_columns().size());
  EXPECT_EQ(row[0], 504);
  EXPECT_EQ(row[1], 41);
  EXPECT_EQ(row[2], 1544485165);
  EXPECT_GT(column(row, "Motor Current"), 20);
}

TEST(Scanner, MeasuresOneChannelAfterTheOther) {
  Noise noise{1};
  Scanner scanner;
  scanner.advance(cold_fridge(), 60, 1000, 60, noise);
  EXPECT_EQ(scanner.triples()[0].time_s, 954);  // four channels in a minute, 14 s each
  EXPECT_EQ(scanner.triples()[3].time_s, 996);
  EXPECT_EQ(scanner.triples()[5].time_s, 0);
  EXPECT_EQ(scanner.triples()[5].reading.resistance_Ohm, 0);
  scanner.advance(cold_fridge(), 60, 1060, 60, noise);
  EXPECT_GT(scanner.triples()[7].reading.temperature_K, 0.008);
  EXPECT_EQ(scanner.triples()[8].time_s, 0);  // no sensor
}

TEST(Scanner, CernoxIsLeftFrozenWhenTheRutheniumOxideTakesOver) {
  Noise noise{1};
  Scanner scanner;
  FridgeState fridge = cold_fridge();
  fridge.mixing_chamber_K = 1;
  scanner.advance(fridge, 120, 1000, 120, noise);
  const Triple clamped = scanner.triples()[4];
  EXPECT_EQ(clamped.reading.temperature_K, 1.2127934);
  EXPECT_GT(clamped.reading.resistance_Ohm, 144042);
  scanner.advance(cold_fridge(), 120, 1120, 120, noise);
  const Triple frozen = scanner.triples()[4];
  EXPECT_EQ(frozen.time_s, clamped.time_s);
  EXPECT_EQ(frozen.reading.temperature_K, 321.1145);
  EXPECT_EQ(frozen.reading.resistance_Ohm, 0);
}

TEST(Scanner, ParkedRepeatsWhatItHas) {
  Noise noise{1};
  Scanner scanner;
  scanner.advance(cold_fridge(), 120, 1000, 120, noise);
  const Triple before = scanner.triples()[1];
  scanner.park(true);
  scanner.advance(warm_fridge(), 600, 1600, 600, noise);
  EXPECT_EQ(scanner.triples()[1].time_s, before.time_s);
  EXPECT_EQ(scanner.triples()[1].reading.temperature_K, before.reading.temperature_K);
}

TEST(Sensors, ClampAtTheEndsOfTheirCalibration) {
  EXPECT_EQ(read_sensor(kRutheniumOxide, 295).temperature_K, 72.8189);
  EXPECT_EQ(read_sensor(kCernox, 0.7).temperature_K, 1.2127934);
  EXPECT_GT(read_sensor(kCernox, 0.7).resistance_Ohm, read_sensor(kCernox, 0.9).resistance_Ohm);
  EXPECT_NEAR(read_sensor(kRutheniumOxide, 0.0253).resistance_Ohm, 90246, 1);
  EXPECT_NEAR(read_sensor(kPlatinum, 297).resistance_Ohm, 109.4, 0.1);
}

}  // namespace
}  // namespace coldwatch::simulator
