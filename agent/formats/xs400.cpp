// CETC XS400, ".xlsx": a workbook that the logging program writes anew at each save.
//
//   xl/worksheets/sheet1.xml, a row of cells for each reading, of which the first is
//   Time Stamp, T1(K), T2(K), T3(K), T4(K), T51(K), T52(K), flow(ml/min), P1(bar), P2(bar), P3(mbar),
//   P5(bar), Chamber(Pa)
//   <row r="7"><c r="A7" t="inlineStr"><is><t>...</t></is></c><c r="B7" t="n"><v>3.2</v></c>...</row>
//
// Row 1 names the columns; where it does not, the config or the list above does. The column is that
// of the cell's reference: cells may be left out, or have no value. Zero means not measured, as does
// a cell that is no number. Numbers may also stand as shared or inline strings. A file that is
// caught half-written has no directory yet: nothing is taken from it, and the next save is read.
//
// Known from one public script, not from a file. Not known: how the time is written. Tried are years
// first ("2025-04-16 12:34:56", "2025/4/16 ..."), days first with dots, and the numbers of Excel;
// option time_format (time_text.hpp) says another. A row whose time cannot be read has that of its
// arrival. Rotation: files follow each other by the date in the name, else by name.
#include <algorithm>
#include <array>

#include "agent/formats/delimited_reader.hpp"
#include "agent/formats/text_lines.hpp"
#include "agent/formats/time_text.hpp"
#include "agent/formats/xlsx_sheet.hpp"
#include "agent/reading/sequence.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const Format kXs400;

namespace {

constexpr std::string_view kMagic = "PK\x03\x04";
constexpr std::array<std::string_view, 1> kOptions{"time_format"};
constexpr std::size_t kRowsInHand = 5'000;  // kept from one pass over the sheet for the next calls
constexpr std::array<std::string_view, 6> kTimes{"%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S",
                                                 "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M",
                                                 "%Y/%m/%d %H:%M",    "%d.%m.%Y %H:%M:%S"};
constexpr double kFirstExcelDay = 36526;  // 2000-01-01
constexpr double kLastExcelDay = 73051;   // 2100-01-01

std::vector<std::string> usual_names() {
  return {"Time Stamp",   "T1(K)",   "T2(K)",   "T3(K)",    "T4(K)",   "T51(K)",     "T52(K)",
          "flow(ml/min)", "P1(bar)", "P2(bar)", "P3(mbar)", "P5(bar)", "Chamber(Pa)"};
}

/// Names, if that is what row 1 holds: two texts or more, and no number.
bool are_names(const std::vector<std::string>& cells) {
  const bool numbers = std::ranges::any_of(
      cells, [](const std::string& cell) { return parse_number(cell).has_value(); });
  const auto texts =
      std::ranges::count_if(cells, [](const std::string& cell) { return !trim(cell).empty(); });
  return !numbers && texts >= 2;
}

class Xs400Reader final : public FileReader {
 public:
  Xs400Reader(const FileContext& context, std::optional<TimeText> time)
      : time_(std::move(time)),
        told_by_config_(time_.has_value()),
        clock_(context.zone),
        named_(context.names) {
    if (named_.size() + 1 == usual_names().size()) named_.insert(named_.begin(), "Time Stamp");
    if (named_.empty()) named_ = usual_names();
    use_names(named_);
  }

  SharedChannels channels() const override { return channels_; }
  std::vector<std::string> names() const override { return names_; }
  Position start() const override { return {}; }

  Position read(std::string_view bytes, Position at, RowBatch& batch) override {
    // Who reads asks until nothing comes: unpacking the sheet once more would tell the same.
    if (at.record > 0 && at.record == read_to_ && is_same(bytes)) return at;
    read_to_ = 0;
    if (!load(bytes, at.record, batch)) return at;
    const auto& names = are_names(sheet_.first) ? sheet_.first : named_;
    if (names != names_) {
      use_names(names);
      return at;
    }
    if (sheet_.last < at.record) return {0, sheet_.last, at.time};
    const auto first = std::ranges::find_if(
        sheet_.rows, [at](const SheetRow& row) { return row.number > at.record; });
    for (auto row = first; row != sheet_.rows.end() && batch.size() < kMostRowsPerRead; ++row) {
      if (row->number <= at.record) continue;
      at.record = row->number;
      const bool names_row = row->number == 1 && are_names(row->cells);
      if (!names_row && !row->cells.empty()) take(*row, at, batch);
    }
    if (at.record == sheet_.last) {
      sheet_.rows = {};
      read_to_ = at.record;
    }
    return at;
  }

 private:
  /// Has the rows after `after` in hand; false where the workbook cannot be read now.
  bool load(std::string_view bytes, std::uint64_t after, RowBatch& batch) {
    const bool in_hand = !sheet_.rows.empty() && sheet_.rows.front().number <= after + 1 &&
                         sheet_.rows.back().number > after && is_same(bytes);
    if (in_hand) return true;
    std::string error;
    const bool whole = read_sheet(bytes, after, kRowsInHand, sheet_, error);
    const bool again = !whole && bytes.size() == size_;
    size_ = bytes.size();
    if (whole) return true;
    sheet_ = {};
    // Once is a save in progress; the same twice will stay so.
    if (again) {
      batch.remarks.push_back(
          {Remark::Kind::kAnomaly, "workbook", after, std::nullopt, "cannot be read: " + error});
    }
    return false;
  }

  /// Is it the workbook that was read last?
  bool is_same(std::string_view bytes) const {
    return bytes.size() == size_ && sheet_crc(bytes) == sheet_.crc;
  }

  void take(const SheetRow& row, Position& at, RowBatch& batch) {
    const std::string stamp = row.cells.empty() ? "" : row.cells[0];
    const auto known = time_of(stamp, at.time);
    if (!known && !told_) {
      batch.remarks.push_back({Remark::Kind::kAnomaly, "time", row.number, batch.arrival,
                               "\"" + one_line(to_utf8(stamp), 80) +
                                   "\" is no known time: rows have the time of their arrival"});
      told_ = true;
    }
    const UtcTime time = known ? *known : std::max(batch.arrival, at.time);
    if (known) sequence_.check_time(row.number, time, batch.remarks);
    at.time = time;
    const RowBatch::Slot slot = batch.add(row.number, time, at);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto value =
          columns_[i] < row.cells.size() ? parse_number(row.cells[columns_[i]]) : std::nullopt;
      slot.values[i] = value.value_or(0);
      if (slot.values[i] == 0) slot.quality[i] = Quality::kInvalid;
    }
  }

  std::optional<UtcTime> time_of(std::string_view text, UtcTime before) {
    const auto resolve = [&](const std::optional<Stamp>& stamp) -> std::optional<UtcTime> {
      if (!stamp) return std::nullopt;
      if (stamp->utc) return UtcTime{stamp->time.time_since_epoch()};
      return clock_.to_utc(stamp->time, before);
    };
    if (time_) {
      const auto stamp = time_->read(text);
      if (stamp || told_by_config_) return resolve(stamp);
    }
    std::string ignored;
    if (const auto days = parse_number(text)) {
      if (*days < kFirstExcelDay || *days > kLastExcelDay) return std::nullopt;
      return resolve(TimeText::make("excel", ignored)->read(text));
    }
    for (const std::string_view pattern : kTimes) {
      const auto time = TimeText::make(pattern, ignored);
      const auto stamp = time->read(text);
      if (!stamp) continue;
      time_ = time;  // tried first at the next row
      return resolve(stamp);
    }
    return std::nullopt;
  }

  void use_names(const std::vector<std::string>& names) {
    names_ = names;
    columns_.clear();
    std::vector<std::string> of_channels;
    for (std::size_t i = 1; i < names.size(); ++i) {
      if (trim(names[i]).empty()) continue;
      columns_.push_back(i);
      of_channels.push_back(names[i]);
    }
    channels_ = std::make_shared<const Channels>(make_channels(of_channels));
  }

  std::optional<TimeText> time_;
  bool told_by_config_;
  LocalClock clock_;
  std::vector<std::string> named_;  // for a sheet without names
  std::vector<std::string> names_;  // in use
  std::vector<std::size_t> columns_;
  SharedChannels channels_;
  RowSequence sequence_;
  Sheet sheet_;  // rows in hand
  std::size_t size_ = 0;
  std::uint64_t read_to_ = 0;  // row at the end of the sheet, when all was taken; else 0
  bool told_ = false;
};

Recognition recognise(std::string_view name, std::string_view head) {
  if (!lower_ascii(name).ends_with(".xlsx")) return {};
  if (!head.starts_with(kMagic.substr(0, head.size()))) return {};
  return {.mine = true,
          .stream = "main",
          .order = order_by_date(name),
          .why = "is named .xlsx and begins like a zip archive"};
}

Opened open(const FileContext& context, std::string_view head) {
  if (std::string why = unknown_option(context, kOptions); !why.empty()) return {.why = why};
  if (head.size() < kMagic.size()) return {.need_more = true};
  if (!head.starts_with(kMagic)) return {.why = "does not begin like a zip archive, \"PK\""};
  std::optional<TimeText> time;
  if (const std::string option = option_or(context, "time_format", ""); !option.empty()) {
    std::string error;
    time = TimeText::make(option, error);
    if (!time || time->is_elapsed()) return {.why = "option time_format: " + error};
  }
  return {.reader = std::make_unique<Xs400Reader>(context, std::move(time))};
}

}  // namespace

const Format kXs400{.name = "xs400",
                    .title = "CETC XS400 workbook",
                    .rewritten_whole = true,
                    .recognise = recognise,
                    .open = open};

}  // namespace coldwatch
