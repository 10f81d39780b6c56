#include "agent/formats/vcl_row.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "tests/simulator/vcl_bytes.hpp"

namespace coldwatch {
namespace {

constexpr double kNow = 1.7e9;
constexpr double kStaleAfterS = 300;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Case {
  const char* name;
  double age, temperature, resistance;
  Quality temperature_is, resistance_is;
};

/// Sensors side by side are judged two at a time, and alone at the end: the fault must be seen at
/// every place among any number of them, and nowhere else.
TEST(VclRow, OneBadSensorIsFoundAmongAnyNumber) {
  const Case cases[] = {
      {"good", 0, 4, 1000, Quality::kGood, Quality::kGood},
      {"at the limit", kStaleAfterS, 4, 1000, Quality::kGood, Quality::kGood},
      {"minute in the future", -60, 4, 1000, Quality::kGood, Quality::kGood},
      {"old", kStaleAfterS + 1, 4, 1000, Quality::kStale, Quality::kStale},
      {"future", -61, 4, 1000, Quality::kStale, Quality::kStale},
      {"never measured", kNow, 0, 0, Quality::kInvalid, Quality::kInvalid},
      {"time zero, numbers kept", kNow, 4, 1000, Quality::kInvalid, Quality::kInvalid},
      {"before 1970", kNow + 1, 4, 1000, Quality::kInvalid, Quality::kInvalid},
      {"no resistance", 0, 4, 0, Quality::kInvalid, Quality::kInvalid},
      {"minus zero", 0, 4, -0.0, Quality::kInvalid, Quality::kInvalid},
      {"negative", 0, 4, -1e-5, Quality::kInvalid, Quality::kInvalid},
      {"time is no number", kNan, 4, 1000, Quality::kInvalid, Quality::kInvalid},
      {"temperature is no number", 0, kNan, 1000, Quality::kInvalid, Quality::kGood},
      {"temperature is infinite", 0, HUGE_VAL, 1000, Quality::kInvalid, Quality::kGood},
      {"resistance is no number", 0, 4, kNan, Quality::kInvalid, Quality::kInvalid},
      {"resistance is infinite", 0, 4, HUGE_VAL, Quality::kGood, Quality::kInvalid},
  };
  for (const Case& c : cases) {
    for (std::size_t sensors = 1; sensors <= 5; ++sensors) {
      std::vector<std::string> names{"LineSize(bytes)", "LineNumber", "Time(secs)", "P1 (Bar)"};
      for (std::size_t i = 0; i < sensors; ++i) {
        for (const char* part : {" t(s)", " T(K)", " R(Ohm)"})
          names.push_back("S" + std::to_string(i) + part);
      }
      const VclColumns columns = make_vcl_columns(names);
      for (std::size_t bad = 0; bad < sensors; ++bad) {
        std::vector<double> row{8.0 * static_cast<double>(names.size()), 0, kNow, 1};
        std::vector<double> values{1};
        std::vector<Quality> expected{Quality::kGood};
        for (std::size_t i = 0; i < sensors; ++i) {
          const Case& its = i == bad ? c : cases[0];
          row.insert(row.end(), {kNow - its.age, its.temperature, its.resistance});
          values.insert(values.end(), {its.temperature, its.resistance});
          expected.insert(expected.end(), {its.temperature_is, its.resistance_is});
        }
        RowBatch batch;
        batch.reset(columns.channels);
        RowBatch::Slot slot = batch.add(0, {}, {});
        take_vcl_row(columns, simulator::vcl_row(row), kStaleAfterS, slot);
        const std::string where = std::string{c.name} + ", sensor " + std::to_string(bad) + " of " +
                                  std::to_string(sensors);
        EXPECT_TRUE(std::ranges::equal(slot.quality, expected)) << where;
        for (std::size_t i = 0; i < values.size(); ++i) {
          EXPECT_EQ(std::bit_cast<std::uint64_t>(slot.values[i]),
                    std::bit_cast<std::uint64_t>(values[i]))
              << where;
        }
      }
    }
  }
}

/// A partner that stands elsewhere must not be taken for the column beside.
TEST(VclRow, TakesPartnersFromWhereTheyStand) {
  const std::vector<std::string> names{"LineSize(bytes)", "LineNumber", "Time(secs)", "A T(K)",
                                       "A t(s)",          "B t(s)",     "A R(Ohm)",   "B T(K)",
                                       "B R(Ohm)",        "C t(s)",     "C T(K)",     "P (Bar)"};
  const VclColumns columns = make_vcl_columns(names);
  RowBatch batch;
  batch.reset(columns.channels);
  RowBatch::Slot slot = batch.add(0, {}, {});
  take_vcl_row(columns,
               simulator::vcl_row(
                   std::vector<double>{96, 0, kNow, 4, 0, kNow, 100, 5, 200, kNow - 900, 6, 7}),
               kStaleAfterS, slot);
  EXPECT_TRUE(std::ranges::equal(slot.values, std::vector<double>{4, 100, 5, 200, 6, 7}));
  EXPECT_TRUE(std::ranges::equal(slot.quality,
                                 std::vector{Quality::kInvalid, Quality::kInvalid, Quality::kGood,
                                             Quality::kGood, Quality::kStale, Quality::kGood}));
}

}  // namespace
}  // namespace coldwatch
