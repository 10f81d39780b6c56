// Every family of the library goes through its life: the phase is found from the columns it has.
#include "agent/rules/formula.hpp"
#include "tests/agent/rules/rules_helper.hpp"

namespace coldwatch {
namespace {

/// The columns that show where a fridge is; "" is one that the family does not have.
struct Family {
  const char* library;
  Channel plate;   // the 4 K stage
  Channel mixing;  // the mixing chamber
  Channel heater;  // of the sample, or of the mixing chamber
};

const Family kFamilies[] = {
    {"oxford-triton",
     {"PT2_Plate_T_K", "PT2 Plate T(K)", "K", "temperature"},
     {"MC_RuO2_T_K", "MC RuO2 T(K)", "K", "temperature"},
     {"chamber_heater_W", "chamber heater (W)", "W", "power"}},
    {"oxford-dr200",
     {"k4K_Plate_X55750_T_K", "4K Plate X55750 T(K)", "K", "temperature"},
     {"M_C_RuO2_T_K", "M/C RuO2 T(K)", "K", "temperature"},
     {"chamber_heater_W", "chamber heater (W)", "W", "power"}},
    {"bluefors",
     {"CH2_T", "CH2 T", "K", "temperature"},
     {"CH6_T", "CH6 T", "K", "temperature"},
     {"heater_1_W", "heater_1_W", "W", "power"}},
    {"leiden",
     {"T0", "T0", "mK", "temperature"},
     {"T3", "T3", "mK", "temperature"},
     {"I3", "I3", "", ""}},
    {"dynacool", {"k2nd_Stage_Temp_K", "2nd Stage Temp (K)", "K", "temperature"}, {}, {}},
    {"ppms", {"Temperature_K", "Temperature (K)", "K", "temperature"}, {}, {}},
    {"xs400", {"T4_K", "T4(K)", "K", "temperature"}, {}, {}},
};

/// One fridge, moved on a minute at a time.
class Life {
 public:
  explicit Life(const Family& family)
      : family_(family),
        read_(R"({"rule_library": ")" + std::string{family.library} + R"("})",
              COLDWATCH_SOURCE "/config/rules"),
        feed_(read_.engine, columns(family)) {}

  /// The phase after `minutes` on the way from one temperature of the 4 K stage to another, in kelvin.
  std::string_view go(double from, double to, double mixing, double heater, int minutes) {
    for (int i = 1; i <= minutes; ++i) {
      std::vector<double> row{in_unit(family_.plate, from + (to - from) * i / minutes)};
      if (dilution()) row.push_back(in_unit(family_.mixing, mixing));
      if (dilution()) row.push_back(heater);
      feed_.row(60.0 * ++minute_, row);
    }
    return read_.engine.phase();
  }
  bool dilution() const { return !family_.mixing.key.empty(); }

 private:
  static Channels columns(const Family& family) {
    if (family.mixing.key.empty()) return {family.plate};
    return {family.plate, family.mixing, family.heater};
  }
  static double in_unit(const Channel& channel, double kelvin) {
    return channel.unit == "mK" ? 1000 * kelvin : kelvin;
  }

  Family family_;
  ReadEngine read_;
  Feed feed_;
  int minute_ = 0;
};

TEST(PhaseOfFamilies, IsFoundAllTheWayDownAndUp) {
  if (!kHaveFormulas) GTEST_SKIP() << "this build has no muParser, which the library needs";
  for (const Family& family : kFamilies) {
    SCOPED_TRACE(family.library);
    Life life{family};
    EXPECT_EQ(life.go(293, 293, 290, 0, 30), "warm");
    EXPECT_EQ(life.go(293, 20, 60, 0, 1000), "cooling");
    if (life.dilution()) {
      EXPECT_EQ(life.go(4.1, 4.1, 4, 0, 30), "condensing");
      EXPECT_EQ(life.go(4.1, 4.1, 0.012, 0, 60), "base");
      EXPECT_EQ(life.go(4.1, 4.1, 0.5, 1e-3, 60), "ramping");
    }
    EXPECT_EQ(life.go(4.1, 4.1, 0.012, 0, 60), "base");
    EXPECT_EQ(life.go(4.1, 4.1, 0.012, 0, 60), "base") << "and stays there";
    EXPECT_EQ(life.go(4.1, 200, 30, 0, 600), "warming");
    EXPECT_EQ(life.go(200, 295, 200, 0, 600), "warm");
  }
}

}  // namespace
}  // namespace coldwatch
