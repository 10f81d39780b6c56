#include <algorithm>

#include "common/text.hpp"
#include "tests/simulator/written_log.hpp"

namespace coldwatch::simulator {
namespace {

std::string name_of(const char* prefix, const LogPlan& plan) {
  return prefix + formatted("_%04d-%02u-%02u-%02d-%02d-%02d.dat", plan.zone.to_local(plan.start));
}

std::string stamp(const LogPlan& plan, int row) {
  return formatted("%04d-%02u-%02u %02d:%02d:%02d", plan.zone.to_local(plan.time(row)));
}

/// Appends numbers to a line, and what of them is a reading to a row.
struct Line {
  std::string text;
  WrittenRow row;

  void add(const std::string& name, const WrittenNumber& number, bool good = true) {
    text += '\t' + number.text;
    row.values[key_of(name)] = good ? std::optional{number.value} : std::nullopt;
  }
};

}  // namespace

WrittenLog write_leiden_tc(const LogPlan& plan, bool decimal_comma) {
  Noise noise{plan.seed};
  WrittenLog log;
  std::string& bytes = log.files[name_of("LogAVS__", plan)];
  bytes = "Leiden Cryogenics\r\nTC 4.2\r\n\r\nDate1\tDate2";
  for (const char* group : {"R", "T"}) {
    for (int i = 0; i < 10; ++i) bytes += std::string{"\t"} + group + std::to_string(i);
  }
  bytes += "\tI0\tI1\tI2\tI3\r\n";
  for (int i = 0; i < plan.rows; ++i) {
    Line line{stamp(plan, i), {plan.time(i), {}}};
    line.add("Date2", written("%.3f", 3.7e9 + i));
    for (int n = 0; n < 10; ++n) {
      line.add("R" + std::to_string(n), written("%.6f", n == 7 ? 0 : 5 + noise.normal() / 10));
    }
    for (int n = 0; n < 10; ++n) {  // the seventh has no resistance
      line.add("T" + std::to_string(n), written("%.6f", 20 + noise.normal()), n != 7);
    }
    for (int n = 0; n < 4; ++n) line.add("I" + std::to_string(n), written("%.3f", noise.normal()));
    if (decimal_comma) std::ranges::replace(line.text, '.', ',');
    bytes += line.text + "\r\n";
    log.streams["tc"].push_back(std::move(line.row));
  }
  return log;
}

WrittenLog write_leiden_fp(const LogPlan& plan) {
  Noise noise{plan.seed};
  WrittenLog log;
  std::string& bytes = log.files[name_of("logFP__", plan)];
  for (int i = 0; i < plan.rows; ++i) {
    Line line{stamp(plan, i), {plan.time(i), {}}};
    const auto add = [&](const std::string& name) {
      line.add(name, written("%.4f", 10 * noise.normal()));
    };
    for (int n = 1; n <= 7; ++n) add("P" + std::to_string(n));
    add("Flow");
    for (int n = 0; n <= 5; ++n) add("MG" + std::to_string(n));
    for (const char* name :
         {"PT on", "W_in", "W_out", "He", "Oil", "P_low", "P_high", "PT current"}) {
      add(name);
    }
    for (int n = 0; n <= 2; ++n) add("State" + std::to_string(n));
    bytes += line.text + "\r\n";
    log.streams["fp"].push_back(std::move(line.row));
  }
  return log;
}

}  // namespace coldwatch::simulator
