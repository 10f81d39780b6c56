#include "tests/simulator/log_writer.hpp"

#include <cstdio>
#include <stdexcept>

#include "common/stop.hpp"
#include "tests/simulator/triton.hpp"
#include "tests/simulator/vcl_bytes.hpp"

namespace coldwatch::simulator {
namespace {

// `pattern` takes year, month, day, hour, minute and second.
std::string formatted(const char* pattern, LocalTime time, int year_modulus) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  char text[64];
  std::snprintf(text, sizeof text, pattern, static_cast<int>(date.year()) % year_modulus,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

}  // namespace

LogWriter::LogWriter(std::filesystem::path folder, TimeZone zone, WriteHabits habits)
    : folder_(std::move(folder)), zone_(std::move(zone)), habits_(habits) {
  std::filesystem::create_directories(folder_);
}

void LogWriter::begin(UtcTime created) {
  const LocalTime local = zone_.to_local(created);
  path_ = folder_ / formatted("log %02d%02u%02u %02d%02d%02d.vcl", local, 100);
  if (std::filesystem::exists(path_)) {
    throw std::runtime_error(path_.string() + " exists already; expected a new file");
  }
  file_ = std::ofstream{path_, std::ios::binary};
  write(vcl_head(triton_columns(), "C:/Oxford Instruments/logfiles/" + path_.filename().string(),
                 formatted("%04d-%02u-%02uT%02d:%02d:%02d", local, 10000)));
}

void LogWriter::append(std::string_view row) {
  if (!habits_.torn) {
    write(row);
    return;
  }
  const std::size_t half = row.size() / 2;
  write(row.substr(0, half));
  sleep_or_stop(*habits_.torn);
  write(row.substr(half));
}

void LogWriter::write(std::string_view bytes) {
  file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!habits_.buffered) file_.flush();
  if (!file_) throw std::runtime_error(path_.string() + " cannot be written");
}

}  // namespace coldwatch::simulator
