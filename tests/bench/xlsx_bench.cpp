// How fast the newest rows of a workbook that was written anew are found, beside inflating its sheet with
// zlib and doing nothing with it. Both are taken in turns in one run, the best of each counts.
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "agent/formats/format.hpp"
#include "agent/formats/zip_archive.hpp"
#include "common/json.hpp"
#include "tests/simulator/written_log.hpp"

using namespace coldwatch;

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kRounds = 7;
constexpr int kRows = 50'000;
constexpr int kNewRows = 2;
constexpr double kBudget = 0.7;
constexpr int kRawDeflate = -15;

std::string deflated(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kRawDeflate, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::size_t inflate_whole(std::string_view packed) {
  static char buffer[64 * 1024];
  z_stream stream{};
  inflateInit2(&stream, kRawDeflate);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    status = inflate(&stream, Z_NO_FLUSH);
  }
  const std::size_t size = status == Z_STREAM_END ? stream.total_out : 0;
  inflateEnd(&stream);
  return size;
}

std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

/// An archive of one packed file.
std::string archive_of(const ZipEntry& stored, const std::string& packed) {
  const std::string facts = little(20, 2) + little(0, 2) + little(8, 2) + little(0, 4) +
                            little(stored.crc, 4) + little(packed.size(), 4) +
                            little(stored.size, 4) + little(stored.name.size(), 2) + little(0, 2);
  const std::string local = "PK\x03\x04" + facts + stored.name + packed;
  const std::string directory =
      "PK\x01\x02" + little(20, 2) + facts + little(0, 6) + little(0, 8) + stored.name;
  return local + directory + "PK\x05\x06" + little(0, 4) + little(1, 2) + little(1, 2) +
         little(directory.size(), 4) + little(local.size(), 4) + little(0, 2);
}

/// The rows from ordinal `from` on; how many there were.
std::size_t read_from(std::string_view archive, std::uint64_t from) {
  std::string error;
  const FileContext context{.path = "log.xlsx", .zone = *TimeZone::find("UTC", error)};
  const Opened opened = find_format("xs400")->open(context, archive.substr(0, kHeadBytes));
  RowBatch batch;
  Position at{0, from};
  for (std::size_t rows = 0;;) {
    batch.reset(opened.reader->channels());
    const Position next = opened.reader->read(archive, at, batch);
    rows += batch.size();
    if (next == at && batch.empty()) return rows;
    at = next;
  }
}

template <typename Work>
double seconds_of(Work work) {
  const auto begin = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

int main() {
  std::string error;
  simulator::LogPlan plan{.rows = kRows, .zone = *TimeZone::find("UTC", error)};
  plan.start = *parse_rfc3339("2026-01-01T00:00:00.000Z");
  const std::string stored = simulator::write_xs400(plan).files.at("log.xlsx");
  const auto sheet = find_zip_entry(
      stored, [](std::string_view) { return true; }, error);
  const std::string packed = deflated(sheet->packed);
  const std::string archive = archive_of(*sheet, packed);

  double read_s = 1e9;
  double inflate_s = 1e9;
  std::size_t rows = 0;
  std::size_t bytes = 0;
  for (int round = 0; round < kRounds; ++round) {
    read_s = std::min(read_s, seconds_of([&] { rows = read_from(archive, kRows - kNewRows); }));
    inflate_s = std::min(inflate_s, seconds_of([&] { bytes = inflate_whole(packed); }));
  }
  if (rows == 0 || rows > 2 * kNewRows || bytes != sheet->size) {
    std::fprintf(stderr, "%zu rows were read, %zu bytes inflated\n", rows, bytes);
    return 1;
  }
  const double megabytes = static_cast<double>(bytes) / 1e6;
  char reference[80];
  std::snprintf(reference, sizeof reference, "zlib inflate of the same sheet, %.0f MB/s",
                megabytes / inflate_s);
  const nlohmann::ordered_json line{{"name", "reading XS400, new rows of a workbook of 50,000"},
                                    {"value", megabytes / read_s},
                                    {"unit", "MB/s"},
                                    {"reference", reference},
                                    {"ratio", inflate_s / read_s},
                                    {"budget", "ratio at least 0.7"}};
  std::puts(line.dump().c_str());
  return inflate_s / read_s >= kBudget ? 0 : 1;
}
