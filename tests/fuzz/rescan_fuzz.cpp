// A reader of a text log that is made anew in the middle of a file must know what the one knew that read
// it from the start: names, width, time. Input: a byte that chooses the format, one that chooses the
// place, and the log.
#include <array>
#include <cstdint>

#include "agent/formats/format.hpp"
#include "tests/fuzz/require.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kMostRows = 2000;

struct How {
  const char* format;
  const char* path;
  std::map<std::string, std::string> options;
};

const How& how(std::uint8_t choice) {
  static const std::array<How, 5> kHow{
      How{"delimited", "a.csv", {}},
      How{"delimited", "a.txt", {{"separator", "blanks"}, {"time_format", "unix"}}},
      How{"leiden_tc", "LogAVS___2020-12-27-17-41-55.dat", {}},
      How{"live", "live 000001 2026-10-22.log", {}},
      How{"delimited",
          "b.csv",
          {{"separator", ";"}, {"decimal", ","}, {"time_format", "%d.%m.%Y %H:%M:%S"}}}};
  return kHow[choice % kHow.size()];
}

FileContext context(const How& chosen, std::string_view bytes) {
  static const TimeZone kZone = [] {
    std::string error;
    return *TimeZone::find("Europe/Zurich", error);
  }();
  FileContext made{.path = chosen.path, .zone = kZone, .options = chosen.options};
  made.read_beside = [bytes](const std::string&, std::uint64_t offset, std::size_t most) {
    return std::string{offset < bytes.size() ? bytes.substr(offset, most) : std::string_view{}};
  };
  return made;
}

struct Row {
  std::uint64_t offset;  // of the row after it
  UtcTime time;
  Position next;
  std::vector<std::string> keys;
  std::vector<Quality> quality;
  std::vector<double> values;
};

std::vector<Row> read(FileReader& reader, std::string_view bytes, Position at) {
  std::vector<Row> rows;
  RowBatch batch;
  while (rows.size() < kMostRows) {
    const SharedChannels channels = reader.channels();
    batch.reset(channels);
    const Position next = reader.read(bytes.substr(at.offset), at, batch);
    std::vector<std::string> keys;
    for (const Channel& channel : *channels) keys.push_back(channel.key);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const RowView row = batch[i];
      rows.push_back({row.next.offset,
                      row.time,
                      row.next,
                      keys,
                      {row.quality.begin(), row.quality.end()},
                      {row.values.begin(), row.values.end()}});
    }
    if (next.offset == at.offset && reader.channels() == channels) break;
    at = next;
  }
  return rows;
}

void run(std::string_view input) {
  if (input.size() < 2) return;
  const How& chosen = how(static_cast<std::uint8_t>(input[0]));
  const auto place = static_cast<std::uint8_t>(input[1]);
  const std::string_view bytes = input.substr(2);
  const FileContext knows = context(chosen, bytes);
  const Format& format = *find_format(chosen.format);
  const Opened first = format.open(knows, bytes.substr(0, kHeadBytes));
  if (!first.reader) return;
  const std::vector<Row> rows = read(*first.reader, bytes, first.reader->start());
  if (rows.empty() || rows.size() >= kMostRows) return;
  const std::size_t begin = place % rows.size();
  const Opened second = format.open(knows, bytes.substr(0, kHeadBytes));
  const std::vector<Row> again = read(*second.reader, bytes, rows[begin].next);
  require(again.size() == rows.size() - begin - 1, "as many rows are left");
  for (std::size_t i = 0; i < again.size(); ++i) {
    const Row& one = rows[begin + 1 + i];
    require(one.keys == again[i].keys, "the columns are the same");
    require(one.time == again[i].time && one.next == again[i].next,
            "times and places are the same");
    require(one.quality == again[i].quality && one.values == again[i].values,
            "values are the same");
  }
}

}  // namespace
}  // namespace coldwatch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coldwatch::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
