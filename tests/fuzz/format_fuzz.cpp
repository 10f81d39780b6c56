// Feeds arbitrary bytes to one log format as the follower would, and checks what must hold for any
// input. Input: a byte that chooses the file's name and options, then the file and, after a line of
// "%%%", the file beside it.
#include <cmath>
#include <set>

#include "agent/formats/format.hpp"
#include "common/text.hpp"
#include "tests/fuzz/require.hpp"

namespace coldwatch {
namespace {

constexpr std::string_view kKeyCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
constexpr std::string_view kBeside = "\n%%%\n";
constexpr UtcTime kArrival{Milliseconds{1'800'000'000'000}};
constexpr UtcTime kFirstYear{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
constexpr UtcTime kLastYear{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

const std::vector<std::string>& names() {
  static const std::map<std::string, std::vector<std::string>> kNames{
      {"vcl", {"log 181210 183825.vcl", "a.vcl"}},
      {"bluefors",
       {"CH6 R 26-06-28.log", "CH6 T 26-06-28.log", "CH6 P 26-06-28.log", "Flowmeter 26-06-28.log",
        "maxigauge 26-06-28.log", "Channels 26-06-28.log", "Status_26-06-28.log",
        "heaters_26-06-28.log", "Errors 26-06-28.log"}},
      {"multivu", {"ppms.dat"}},
      {"leiden_tc", {"LogAVS___2020-12-27-17-41-55.dat"}},
      {"leiden_fp", {"logFP___2020-12-27-17-41-53.dat"}},
      {"xs400", {"a.xlsx"}},
      {"attodry", {"a.txt"}},
      {"live", {"live 000001 2026-10-22.log"}},
      {"delimited", {"a 05-03-2024.csv", "b.txt"}}};
  return kNames.at(COLDWATCH_FUZZ_FORMAT);
}

const std::vector<std::map<std::string, std::string>>& options() {
  using Options = std::vector<std::map<std::string, std::string>>;
  static const Options kNone{{}};
  static const Options kDelimited{
      {},
      {{"separator", "tab"}, {"decimal", ","}},
      {{"separator", "blanks"}, {"time_format", "unix"}, {"time_column", "2"}},
      {{"separator", ";"},
       {"time_column", "Time"},
       {"date_column", "Date"},
       {"time_format", "%d.%m.%Y %I:%M:%S %p"}},
      {{"time_format", "elapsed"}, {"start_format", "start %d %b %Y_%H:%M:%S"}},
      {{"time_format", "excel"}},
      {{"time_format", "labview"}}};
  return std::string_view{COLDWATCH_FUZZ_FORMAT} == "delimited" ? kDelimited : kNone;
}

FileContext context(std::uint8_t choice, std::string_view beside) {
  static const TimeZone kZone = [] {
    std::string error;
    return *TimeZone::find("Europe/Zurich", error);
  }();
  FileContext made{.path = names()[choice % names().size()],
                   .zone = kZone,
                   .options = options()[choice / names().size() % options().size()]};
  made.read_beside = [text = std::string{beside}](const std::string&, std::uint64_t offset,
                                                  std::size_t most) {
    return offset < text.size() ? text.substr(offset, most) : std::string{};
  };
  return made;
}

void check_channels(const Channels& channels) {
  std::set<std::string> keys;
  for (const Channel& channel : channels) {
    require(keys.insert(channel.key).second, "keys are unique");
    require(
        !channel.key.empty() && channel.key.find_first_not_of(kKeyCharacters) == std::string::npos,
        "keys are keys");
    require(repair_utf8(channel.name) == channel.name, "names are UTF-8");
    require(repair_utf8(channel.unit) == channel.unit, "units are UTF-8");
  }
}

void check_batch(const RowBatch& batch, Position at, Position next) {
  require(batch.size() <= kMostRowsPerRead, "rows are bounded");
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const RowView row = batch[i];
    require(row.time >= kFirstYear && row.time <= kLastYear, "times can be written");
    require(row.next.offset <= next.offset, "rows lie before the end");
    require(row.next.offset >= at.offset, "rows lie behind the start");
    for (std::size_t j = 0; j < row.values.size(); ++j) {
      require(row.quality[j] != Quality::kGood || std::isfinite(row.values[j]), "good is finite");
    }
  }
  for (const Remark& remark : batch.remarks) {
    require(repair_utf8(remark.text) == remark.text, "remarks are UTF-8");
    require(remark.text.size() < 2000, "remarks are bounded");
  }
}

/// Reads all of `bytes` in windows of `window` bytes; how many rows there were.
std::size_t read_all(const Format& format, const FileContext& how, std::string_view bytes,
                     std::size_t window) {
  const Opened opened = format.open(how, bytes.substr(0, kHeadBytes));
  if (!opened.reader) {
    require(opened.need_more || !opened.why.empty(), "there is a reason not to read");
    return 0;
  }
  Position at = opened.reader->start();
  if (at.offset > bytes.size()) return 0;
  std::size_t rows = 0;
  RowBatch batch;
  for (;;) {
    const SharedChannels channels = opened.reader->channels();
    check_channels(*channels);
    batch.reset(channels);
    batch.arrival = kArrival;
    const std::string_view piece = format.rewritten_whole ? bytes : bytes.substr(at.offset, window);
    const Position next = opened.reader->read(piece, at, batch);
    require(next.offset >= at.offset && next.offset <= bytes.size(), "reading goes forward");
    check_batch(batch, at, next);
    rows += batch.size();
    const bool stuck = next.offset == at.offset && next.record == at.record;
    if (stuck && opened.reader->channels() == channels) {
      require(format.rewritten_whole || piece.size() < kLargestRecordBytes ||
                  how.path.find(" R ") != std::string::npos,
              "a full window is never stuck");
      return rows;
    }
    require(!stuck || batch.empty(), "no rows without a step");
    at = next;
  }
}

void run(std::string_view input) {
  if (input.empty()) return;
  const auto choice = static_cast<std::uint8_t>(input.front());
  input.remove_prefix(1);
  const auto cut = input.find(kBeside);
  const std::string_view bytes = input.substr(0, cut);
  const std::string_view beside =
      cut == std::string_view::npos ? std::string_view{} : input.substr(cut + kBeside.size());
  const FileContext how = context(choice, beside);
  const Format& format = *find_format(COLDWATCH_FUZZ_FORMAT);
  const Recognition found = format.recognise(how.path, bytes.substr(0, kHeadBytes));
  require(!found.mine || (!found.stream.empty() && !found.why.empty()), "recognition is complete");
  require(!found.mine || key_of(found.stream) == found.stream, "a stream is a topic level");
  const std::size_t rows = read_all(format, how, bytes, bytes.size());
  const std::size_t again = read_all(format, how, bytes, kLargestRecordBytes);
  require(rows == again || bytes.size() > kLargestRecordBytes, "windows make no difference");
}

}  // namespace
}  // namespace coldwatch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coldwatch::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
