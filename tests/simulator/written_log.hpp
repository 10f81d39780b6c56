// Whole logs of other fridges than the growing Triton, each with the rows that a reader must find in it:
// what was written is told, not what a reader makes of it. Faults that real logs show are in all of them.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/time_zone.hpp"
#include "tests/simulator/noise.hpp"

namespace coldwatch::simulator {

struct LogPlan {
  UtcTime start{};                                   // time of the first row, whole seconds
  Milliseconds interval = std::chrono::seconds{60};  // between two rows
  int rows = 100;
  TimeZone zone;  // of local times
  std::uint64_t seed = 1;

  UtcTime time(int row) const { return start + interval * row; }
};

/// By channel key; nullopt where the number in the log is no reading.
struct WrittenRow {
  UtcTime time{};
  std::map<std::string, std::optional<double>> values;
};

struct WrittenLog {
  std::map<std::string, std::string> files;                // bytes by path below the log folder
  std::map<std::string, std::vector<WrittenRow>> streams;  // in order of time
};

/// 57 columns, no `t(s)`, the columns of two pulse tubes under the same names, a disabled sensor.
WrittenLog write_triton_xl(const LogPlan& plan);
/// 64 columns, names with serial numbers and a `/`, a sensor that freezes half way.
WrittenLog write_dr200(const LogPlan& plan);
/// Folders by local day, in the words of ValveControl (`old`) or Control Software: two thermometers, one
/// of which falls below its calibration, a glitch of the bridge, a gauge that is off.
WrittenLog write_bluefors(const LogPlan& plan, bool old);
/// Temperatures under four header lines and pressures under none, with a decimal comma where wanted.
WrittenLog write_leiden_tc(const LogPlan& plan, bool decimal_comma);
WrittenLog write_leiden_fp(const LogPlan& plan);
/// The status log of a PPMS: the controller's own clock, blank fields, rows that are shorter than the
/// line of names.
WrittenLog write_multivu(const LogPlan& plan);
/// A workbook; zeros and missing cells are no readings.
WrittenLog write_xs400(const LogPlan& plan);

/// A kind of log by its word on the command line.
struct LogKind {
  const char* word;
  WrittenLog (*write)(const LogPlan&);
};
/// Every kind above.
std::span<const LogKind> log_kinds();

/// `pattern` takes year, month, day, hour, minute and second, the year without its thousands where
/// `year_modulus` is 100.
std::string formatted(const char* pattern, LocalTime time, int year_modulus = 10000);

/// A number as `pattern` ("%.6e") writes it, and the number that then stands there.
struct WrittenNumber {
  std::string text;
  double value;
};
WrittenNumber written(const char* pattern, double value);

}  // namespace coldwatch::simulator
