// How fast logs are read from memory: VeriCold beside copying the same bytes, text logs beside the
// rate that the budget names. Both are taken in turns in one run, the best of each counts.
//
// VeriCold is measured twice: a year of rows, which is what is read in one go and larger than the
// processor's cache, and two weeks, which stay in it from one round to the next, log and copy alike.
// No log that is read for the first time is in there, so that the budget is asked of the year.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/formats/format.hpp"
#include "agent/source/tail.hpp"
#include "common/json.hpp"
#include "tests/simulator/vcl_bytes.hpp"

using namespace coldwatch;

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kRounds = 15;
constexpr double kCopyBudget = 0.5;
constexpr double kTextBudgetMbPerS = 150;
constexpr int kTritonSensors = 13;
constexpr int kRowsOfAYear = 525'600;
constexpr int kRowsInCache = 20'000;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct Log {
  std::string name;
  std::string format;
  std::string path;
  std::string bytes;
  std::map<std::string, std::string> options = {};
};

/// A Triton: 63 columns, 13 of its sensors with t, T and R.
Log triton(const char* name, int rows) {
  std::vector<std::string> names{"LineSize(bytes)", "LineNumber", "Time(secs)"};
  for (int i = 0; i < 13; ++i) names.push_back("P" + std::to_string(i) + " (mBar)");
  for (int i = 0; i < kTritonSensors; ++i) {
    const std::string sensor = "sensor " + std::to_string(i);
    for (const char* part : {" t(s)", " T(K)", " R(Ohm)"}) names.push_back(sensor + part);
  }
  for (int i = 0; i < 8; ++i) names.push_back("turbo " + std::to_string(i) + "(W)");
  std::string bytes = simulator::vcl_head(names, "C:/log.vcl", "2026-01-01T00:00:00");
  std::vector<double> values(names.size(), 1.25);
  for (int row = 0; row < rows; ++row) {
    values[0] = 8.0 * static_cast<double>(names.size());
    values[1] = row;
    values[2] = 1.7e9 + 60.0 * row;
    for (std::size_t i = 0; i < kTritonSensors; ++i) values[16 + 3 * i] = values[2] - 30;
    bytes += simulator::vcl_row(values);
  }
  return {name, "vcl", "log.vcl", std::move(bytes)};
}

std::string clock_text(int second) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", second / 3600 % 24, second / 60 % 60,
                second % 60);
  return text;
}

Log bluefors(const char* name, const char* path, const char* fields, int rows) {
  std::string bytes;
  for (int row = 0; row < rows; ++row) {
    bytes += "25-06-26," + clock_text(row) + fields + "\r\n";
  }
  return {name, "bluefors", path, std::move(bytes)};
}

Log multivu(int rows) {
  std::string bytes =
      "[Header]\r\nTITLE, PPMS Log Data File\r\nFILEOPENTIME, 29595963.16,6/4/2013,11:53 AM\r\n"
      "BYAPP, LogData, 1.1, 2.0\r\nDATATYPE, COMMENT,1\r\nDATATYPE, TIME,2\r\n[Data]\r\n"
      "Comment,Time Stamp (sec)";
  for (int i = 0; i < 60; ++i) bytes += ",Map " + std::to_string(i) + " (K)";
  bytes += "\r\n";
  for (int row = 0; row < rows; ++row) {
    bytes += "," + std::to_string(29595963 + 5 * row) + ".25";
    for (int i = 0; i < 60; ++i) bytes += i % 3 == 0 ? ",294.8217" : i % 3 == 1 ? "," : ",1.5e-007";
    bytes += "\r\n";
  }
  return {"MultiVu, 62 columns", "multivu", "log.dat", std::move(bytes)};
}

/// A log of one row a line: `head`, then rows of `time` and 25 numbers.
Log table(const char* name, const char* format, const char* path, std::string head,
          const std::function<std::string(int)>& time, int rows) {
  std::string bytes = std::move(head);
  for (int row = 0; row < rows; ++row) {
    bytes += time(row);
    for (int i = 0; i < 25; ++i) bytes += i % 2 == 0 ? "\t18.900105" : "\t1.013E+3";
    bytes += "\r\n";
  }
  return {name, format, path, std::move(bytes)};
}

std::vector<Log> tables(int rows) {
  std::string names;
  for (int i = 1; i <= 25; ++i) names += "\tT" + std::to_string(i) + " (K)";
  const auto date = [](int row) { return "2026-06-25 " + clock_text(row); };
  std::vector<Log> logs{
      table("Leiden, 26 columns", "leiden_tc", "LogAVS__2026-06-25-00-00-00.dat", "", date, rows),
      table(
          "attoDRY, 26 columns", "attodry", "log.txt",
          "25 Jun 2026_00:00:00\r\ntime (s)" + names + "\r\n",
          [](int row) { return std::to_string(row) + ".5"; }, rows),
      table("delimited, 26 columns", "delimited", "log.txt", "Time" + names + "\r\n", date, rows),
      table(
          "journal of a live source, 26 columns", "live", "live 000001 2026-06-25.log",
          "# Coldwatch live journal: bench\ntime (ms)" + names + "\n",
          [](int row) { return std::to_string(1'782'345'600'000 + 10'000LL * row); }, rows)};
  logs[2].options = {{"separator", "tab"}};
  return logs;
}

/// Reads all of the log as a tail would, with one batch for all; the number of rows.
std::size_t read(const Log& log, RowBatch& batch) {
  std::string error;
  const FileContext context{
      .path = log.path, .zone = *TimeZone::find("UTC", error), .options = log.options};
  const std::string_view all{log.bytes};
  const Opened opened = find_format(log.format)->open(context, all.substr(0, kHeadBytes));
  if (!opened.reader) return 0;
  std::size_t rows = 0;
  Position at = opened.reader->start();
  for (;;) {
    batch.reset(opened.reader->channels());
    const Position next = opened.reader->read(all.substr(at.offset, kMostBytesPerLook), at, batch);
    rows += batch.size();
    if (next == at) return rows;
    at = next;
  }
}

/// Best seconds of `work`, which is alternated with `reference`.
template <typename Work, typename Reference>
std::pair<double, double> best(Work work, Reference reference) {
  double work_s = 1e9;
  double reference_s = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    auto begin = Clock::now();
    work();
    work_s = std::min(work_s, seconds_since(begin));
    begin = Clock::now();
    reference();
    reference_s = std::min(reference_s, seconds_since(begin));
  }
  return {work_s, reference_s};
}

void print(const Log& log, double mb_per_s, const std::string& reference, double ratio,
           const std::string& budget) {
  const nlohmann::ordered_json line{
      {"name", "reading " + log.name}, {"value", mb_per_s}, {"unit", "MB/s"},
      {"reference", reference},        {"ratio", ratio},    {"budget", budget}};
  std::puts(line.dump().c_str());
}

bool measure_beside_copy(const Log& log, bool has_budget) {
  RowBatch batch;
  std::size_t rows = 0;
  std::string copy(log.bytes.size(), '\0');
  const auto [read_s, copy_s] =
      best([&] { rows = read(log, batch); },
           [&] { std::memcpy(copy.data(), log.bytes.data(), copy.size()); });
  const double megabytes = static_cast<double>(log.bytes.size()) / 1e6;
  char reference[80];
  std::snprintf(reference, sizeof reference, "memcpy of the same bytes, %.0f MB/s (%.1f M rows/s)",
                megabytes / copy_s, static_cast<double>(rows) / 1e6 / read_s);
  print(log, megabytes / read_s, reference, copy_s / read_s,
        has_budget ? "ratio at least 0.5" : "");
  return rows > 0 && copy == log.bytes && (!has_budget || copy_s / read_s >= kCopyBudget);
}

bool measure_text(const Log& log) {
  RowBatch batch;
  std::size_t rows = 0;
  const auto [read_s, unused] = best([&] { rows = read(log, batch); }, [] {});
  const double rate = static_cast<double>(log.bytes.size()) / 1e6 / read_s;
  char reference[80];
  std::snprintf(reference, sizeof reference, "the budget, 150 MB/s (%.2f M rows/s)",
                static_cast<double>(rows) / 1e6 / read_s);
  print(log, rate, reference, rate / kTextBudgetMbPerS, "at least 150 MB/s");
  if (rows == 0) std::fprintf(stderr, "%s: no rows were read\n", log.name.c_str());
  return rows > 0 && rate >= kTextBudgetMbPerS;
}

}  // namespace

int main() {
  bool kept = measure_beside_copy(triton("VeriCold, 63 columns, a year", kRowsOfAYear), true);
  kept = measure_beside_copy(triton("VeriCold, 63 columns, in cache", kRowsInCache), false) && kept;
  for (const Log& log : tables(20'000)) kept = measure_text(log) && kept;
  for (const Log& log :
       {multivu(20'000),
        bluefors("Bluefors, one channel", "26-06-25/CH1 T 26-06-25.log", ",1.082760e+02", 80'000),
        bluefors("Bluefors, six gauges", "26-06-25/maxigauge 26-06-25.log",
                 ",CH1,P1  ,1, 2.00E-2,0,1,CH2,P2,1, 2.00E-2,0,1,CH3,P3,1, 2.00E-2,0,1,"
                 "CH4,P4,1, 2.00E-2,0,1,CH5,P5,1, 2.00E-2,0,1,CH6,P6,1, 1.05E+3,0,1,",
                 50'000)}) {
    kept = measure_text(log) && kept;
  }
  return kept ? 0 : 1;
}
