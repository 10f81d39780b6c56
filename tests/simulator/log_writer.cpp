#include "tests/simulator/log_writer.hpp"

#include <stdexcept>

#include "common/stop.hpp"
#include "tests/simulator/triton.hpp"
#include "tests/simulator/vcl_bytes.hpp"
#include "tests/simulator/written_log.hpp"

namespace coldwatch::simulator {
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
                 formatted("%04d-%02u-%02uT%02d:%02d:%02d", local)));
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
