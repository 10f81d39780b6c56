#include "tests/simulator/triton.hpp"

#include <algorithm>
#include <cmath>

namespace coldwatch::simulator {
namespace {

double rounded(double value, double unit) { return std::round(value / unit) * unit; }

// The insulation vacuum is pumped by the cold walls themselves.
double vacuum_mbar(const FridgeState& fridge) {
  return std::pow(10, -3.6 + 1.9 * std::clamp(fridge.pt2_plate_K / 296, 0.0, 1.0));
}

void append_pressures(std::vector<double>& row, const FridgeState& fridge, Noise& noise) {
  const double liquid = fridge.condensed;
  const double pumped = fridge.turbo_Hz / 1000;
  const double boiling = pumped > 0.5 && fridge.pt2_plate_K > 4.6 ? 0.9 * liquid : 0;
  row.push_back(0.12 + 0.61 * liquid + boiling + 0.04 * noise.normal());
  row.push_back(0.725 * (1 - liquid) + 0.0064 * noise.normal() + 0.005 * liquid);
  row.push_back(0.067 + 0.665 * liquid * pumped + 0.006 * noise.normal());
  row.push_back(rounded(6.5 * (1 - pumped) * (1 - liquid) + 0.132 * pumped, 0.001));
  row.push_back(rounded(1.1 * (1 - pumped) + 9.0 * pumped * std::max(liquid, 0.1), 0.1));
  row.push_back(rounded(vacuum_mbar(fridge), 0.00005));
}

void append_compressor(std::vector<double>& row, const FridgeState& fridge, Noise& noise) {
  row.push_back(fridge.water_in_C + 0.12 * noise.normal());
  row.push_back(fridge.water_out_C + 0.12 * noise.normal());
  row.push_back(rounded(fridge.helium_C + 0.1 * noise.normal(), 0.1));
  row.push_back(rounded(fridge.oil_C + 0.1 * noise.normal(), 0.1));
  const double warm_A = 2.4 * std::clamp(fridge.pt1_plate_K / 300, 0.0, 1.0);
  row.push_back(fridge.compressor_on ? std::round(23.3 + warm_A + 0.4 * noise.normal()) : 0);
  row.insert(row.end(), {0, 0});  // gauges that this machine does not have
}

void append_heaters_and_turbo(std::vector<double>& row, const FridgeState& fridge, Noise& noise) {
  const double pumped = fridge.turbo_Hz / 1000;
  const bool running = fridge.turbo_Hz > 5;
  row.insert(row.end(), {fridge.condensed > 0.9 ? 0.000999698 : 0, 0, 0});
  row.push_back(running ? 4.0 * pumped + 0.04 * noise.normal() : 0);
  row.push_back(running ? std::round(187 * pumped + 2 * noise.normal()) : 0);
  row.push_back(running ? std::round(fridge.turbo_Hz) : 0);
  row.push_back(std::round(fridge.turbo_motor_C));
  row.push_back(std::round(26 + 0.4 * (fridge.turbo_motor_C - 26)));
}

}  // namespace

std::vector<std::string> triton_columns() {
  std::vector<std::string> names{
      "LineSize(bytes)",   "LineNumber",          "Time(secs)",
      "P2 Condense (Bar)", "P1 Tank (Bar)",       "P5 ForepumpBack (Bar)",
      "P3 Still (mBar)",   "P4 TurboBack (mBar)", "Dewar (mBar)",
      "Input Water Temp",  "Output Water Temp",   "Helium Temp",
      "Oil Temp",          "Motor Current",       "Low Pressure",
      "High Pressure"};
  for (const std::string_view channel : kScannerChannels) {
    for (const char* quantity : {" t(s)", " T(K)", " R(Ohm)"}) {
      names.push_back(std::string{channel} + quantity);
    }
  }
  for (const char* name :
       {"Still heater (W)", "chamber heater (W)", "IVC sorb heater (W)", "turbo current(A)",
        "turbo power(W)", "turbo speed(Hz)", "turbo motor(C)", "turbo bottom(C)"}) {
    names.emplace_back(name);
  }
  return names;
}

std::vector<double> triton_row(std::uint64_t number, double time_s, const FridgeState& fridge,
                               const Scanner& scanner, Noise& noise) {
  std::vector<double> row{0, static_cast<double>(number), std::floor(time_s)};
  append_pressures(row, fridge, noise);
  append_compressor(row, fridge, noise);
  for (const Triple& triple : scanner.triples()) {
    row.insert(row.end(),
               {triple.time_s, triple.reading.temperature_K, triple.reading.resistance_Ohm});
  }
  append_heaters_and_turbo(row, fridge, noise);
  row.front() = static_cast<double>(row.size() * sizeof(double));
  return row;
}

}  // namespace coldwatch::simulator
