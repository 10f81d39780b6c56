#include "agent/reading/channel.hpp"

#include <gtest/gtest.h>

#include "agent/reading/changes.hpp"

namespace coldwatch {
namespace {

TEST(Channels, TakeUnitAndQuantityFromTheName) {
  struct Case {
    const char* name;
    const char* unit;
    const char* quantity;
  };
  const Case cases[] = {
      {"MC RuO2 T(K)", "K", "temperature"},
      {"T1(K)", "K", "temperature"},
      {"T0 (mK)", "mK", "temperature"},
      {"turbo bottom(C)", "C", "temperature"},
      {"P3 Still (mBar)", "mBar", "pressure"},
      {"Dewar (mbar)", "mbar", "pressure"},
      {"P1 Tank (Bar)", "Bar", "pressure"},
      {"System Pres (Torr)", "Torr", "pressure"},
      {"Chamber(Pa)", "Pa", "pressure"},
      {"MC R(Ohm)", "Ohm", "resistance"},
      {"Bridge 1 Resistance (ohms)", "ohms", "resistance"},
      {"Still heater (W)", "W", "power"},
      {"turbo current(A)", "A", "current"},
      {"Current [A]", "A", "current"},
      {"turbo speed(Hz)", "Hz", "frequency"},
      {"Flow Rate (l/min)", "l/min", "flow"},
      {"CFE Flow (SCCM)", "SCCM", "flow"},
      {"Pump Flow (uncal SCCM)", "uncal SCCM", "flow"},
      {"flow(ml/min)", "ml/min", "flow"},
      {"Magnetic Field (Oe)", "Oe", "magnetic_field"},
      {"Field (T)", "T", "magnetic_field"},
      {"Sample Position (deg)", "deg", "angle"},
      {"Pot Liquid level (%)", "%", "fraction"},
      {"Coil Signal (\xB5V)", "µV", "voltage"},
      {"Status (code)", "code", "code"},
      {"Input Water Temp", "C", "temperature"},
      {"oil temp", "C", "temperature"},
      {"Motor Current", "A", "current"},
      {"Level (furlongs)", "furlongs", ""},
      {"Low Pressure", "", ""},
      {"Pressure ()", "", ""},
      {"chan[8]", "", ""},
      {"MAP 20", "", ""},
      {")", "", ""},
      {"(", "", ""},
      {"T (K) raw", "", ""},
      {"(K", "", ""},
      {"a very long bracket (that is a remark and not a unit)", "", ""},
      {"", "", ""},
  };
  for (const Case& c : cases) {
    const Channels channels = make_channels(std::vector<std::string>{c.name});
    ASSERT_EQ(channels.size(), 1U);
    EXPECT_EQ(channels[0].unit, c.unit) << c.name;
    EXPECT_EQ(channels[0].quantity, c.quantity) << c.name;
  }
}

TEST(Channels, KeysAreUnique) {
  const std::vector<std::string> names{"T",      "T", "T_2", "T 2", "Map 20 ()", "MAP 20",
                                       "混合室", "/", "",    " ",   "column 9"};
  std::vector<std::string> keys;
  for (const Channel& channel : make_channels(names)) keys.push_back(channel.key);
  EXPECT_EQ(keys,
            (std::vector<std::string>{"T", "T_2", "T_2_2", "T_2_3", "Map_20", "MAP_20", "column_7",
                                      "column_8", "column_9", "column_10", "column_9_2"}));
  EXPECT_EQ(make_channels(names)[8].name, "column 9");
}

TEST(Channels, NamesAreCleanUtf8) {
  const Channels channels = make_channels(std::vector<std::string>{"\xB5 a\r\nb", "µ"});
  EXPECT_EQ(channels[0].name, "µ a  b");
  EXPECT_EQ(channels[1].name, "µ");
}

TEST(Channels, ChangesInWords) {
  const auto of = [](std::vector<std::string> names) { return make_channels(names); };
  EXPECT_EQ(describe_changes(of({"a", "b"}), of({"a", "b"})), "");
  EXPECT_EQ(describe_changes(of({"a", "b"}), of({"a", "c"})), "new columns: c; columns gone: b");
  EXPECT_EQ(describe_changes(of({"a", "b"}), of({"b", "a"})), "the columns stand in another order");
  EXPECT_EQ(describe_changes(of({"P (K)"}), of({"P [K]"})), "P (K) is now called P [K]");
  Channels other = of({"P"});
  other[0].unit = "mBar";
  EXPECT_EQ(describe_changes(of({"P"}), other), "the unit of P was \"\", is \"mBar\"");
  EXPECT_EQ(describe_changes({}, of({"1", "2", "3", "4", "5", "6", "7", "8", "9"})),
            "new columns: 1, 2, 3, 4, 5, 6, 7, 8 and 1 more");
}

}  // namespace
}  // namespace coldwatch
