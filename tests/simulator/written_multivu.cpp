#include <array>

#include "common/text.hpp"
#include "tests/simulator/written_log.hpp"

namespace coldwatch::simulator {
namespace {

/// What the controller's own clock shows when the file is opened; its zero is arbitrary.
constexpr double kControllerClock_s = 29595963.16;
/// Two columns whose names differ in case alone, and one that this controller never measures.
constexpr std::array kNumbers{"Temperature (K)", "Magnetic Field (Oe)", "Map 20 ()",
                              "Setpoint (K)",    "He Level ()",         "MAP 20"};
constexpr const char* kNeverMeasured = "MAP 21";

/// Temperature stable, magnet persistent, chamber purged and sealed, position stopped.
constexpr int kStatus = 0x1111;

std::string head(const LogPlan& plan) {
  const std::string opened = formatted("%04d%02u%02u%02d%02d%02d", plan.zone.to_local(plan.start));
  const int hour = std::stoi(opened.substr(8, 2));
  std::string text =
      "[Header]\r\n; PPMS Log Data File\r\nTITLE, PPMS Log Data File\r\nFILEOPENTIME,";
  text += written("%.2f", kControllerClock_s).text + "," + opened.substr(4, 2) + "/" +
          opened.substr(6, 2) + "/" + opened.substr(0, 4) + "," +
          std::to_string((hour + 11) % 12 + 1) + ":" + opened.substr(10, 2) +
          (hour < 12 ? " AM" : " PM");
  text +=
      "\r\nBYAPP, LogData, 1.1, 2.0\r\nDATATYPE,COMMENT,1\r\nDATATYPE,TIME,2\r\n[Data]\r\n"
      "Comment,Time Stamp (sec),Status (code)";
  for (const char* name : kNumbers) text += std::string{","} + name;
  return text + "," + kNeverMeasured + "\r\n";
}

}  // namespace

WrittenLog write_multivu(const LogPlan& plan) {
  Noise noise{plan.seed};
  WrittenLog log;
  std::string& bytes = log.files["PPMS log.dat"];
  bytes = head(plan);
  const LocalTime opened = plan.zone.to_local(plan.start);
  const auto seconds_opened = opened - std::chrono::floor<std::chrono::minutes>(opened);
  for (int i = 0; i < plan.rows; ++i) {
    WrittenRow row{plan.time(i), {}};
    const std::chrono::duration<double> run = plan.interval * i + seconds_opened;
    std::string line = "," + written("%.3f", kControllerClock_s + run.count()).text + "," +
                       std::to_string(kStatus);
    row.values["Status_code"] = kStatus;
    for (const char* part : {"temperature", "magnet", "chamber", "position"}) {
      row.values[std::string{"Status_"} + part] = 1;
    }
    for (std::size_t n = 0; n < kNumbers.size(); ++n) {
      const bool blank = (static_cast<std::size_t>(i) + n) % 5 == 0;  // not measured in this row
      const WrittenNumber number = written("%.6e", 10 * noise.normal());
      line += "," + (blank ? "" : number.text);
      row.values[key_of(kNumbers[n])] = blank ? std::nullopt : std::optional{number.value};
    }
    row.values[key_of(kNeverMeasured)] = std::nullopt;  // the rows end before its column
    bytes += line + "\r\n";
    log.streams["main"].push_back(std::move(row));
  }
  return log;
}

}  // namespace coldwatch::simulator
