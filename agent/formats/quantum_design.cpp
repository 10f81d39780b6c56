// Quantum Design MultiVu, ".dat": PPMS 6000, DynaCool, VersaLab, MPMS, MPMS3; status logs and
// measurements alike. Text in 8 bits (cp1252: "\xB5V"), CRLF:
//
//   [Header]
//   ; comment
//   FILEOPENTIME,29595963.16,6/4/2013,11:53 AM      a stamp and the same moment on the wall
//   BYAPP, LogData, 1.1, 2.0
//   DATATYPE,TIME,2                                 the column of the stamps, from 1
//   DATATYPE,COMMENT,1
//   [Data]
//   Comment,Time Stamp (sec),Status (code),Temperature (K),Magnetic Field (Oe),...
//   ,29596004.72,4378,208.4030,-0.122,...
//
// Split at every comma: quotes are part of names ("Coil Signal" (mV)"). A blank field was not
// measured in that row. Rows may be shorter than the names (92 of 122), but all rows of a file are
// equally long: one that is not is torn, or two that were glued. A row with a comment and no numbers
// ("3953264078.68,Error: Warning: ...") is the instrument's word and no reading.
//
// Time stamps count by one of three clocks (multivu_clock.hpp). A column "Status (code)" or "PPMS
// Status (code)" holds four codes of four bits; they are added as columns of their own, "Status
// temperature", "Status magnet", "Status chamber", "Status position" (words: ppms_status.hpp), and a
// failure or another state of the chamber is told in words.
//
// Not known: rotation (the user names the files); what a DynaCool writes into BYAPP of its status
// log; dates with the day first.
#include <algorithm>

#include "agent/formats/multivu_clock.hpp"
#include "agent/formats/ppms_status.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const Format kQuantumDesign;

namespace {

constexpr std::string_view kMagic = "[Header]";
constexpr std::string_view kDataMark = "[Data]";
constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::size_t kMostColumns = 1000;
constexpr int kRowsToChangeWidth = 3;
constexpr std::array<std::string_view, 4> kStatusParts{"Status temperature", "Status magnet",
                                                       "Status chamber", "Status position"};
constexpr double kLargestStatus = 65535;

struct Header {
  std::optional<FileOpenTime> opened;
  std::string application;
  std::size_t time_column = kNone;
  std::size_t comment_column = kNone;
  std::vector<std::string> names;
  Position data;          // where the rows begin
  bool complete = false;  // names and all
};

/// "BYAPP, LogData, 1.1" with the key "BYAPP" is "LogData, 1.1"; nullopt for another key.
std::optional<std::string_view> value_of(std::string_view line, std::string_view key) {
  if (!line.starts_with(key) || line.substr(key.size(), 1) != ",") return std::nullopt;
  return trim(line.substr(key.size() + 1));
}

void read_column(std::string_view value, std::string_view kind, std::size_t& column) {
  const auto number = value_of(value, kind);
  const auto parsed = number ? parse_integer(*number) : std::nullopt;
  if (parsed && *parsed >= 1) column = static_cast<std::size_t>(*parsed - 1);
}

std::vector<std::string> read_names(std::string_view line) {
  std::vector<std::string> names;
  for (std::string_view name : split(line, ',')) {
    name = trim(name);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    names.emplace_back(name);
  }
  while (!names.empty() && names.back().empty()) names.pop_back();
  return names;
}

/// The first column whose name is `word` or begins with it, without regard to case.
std::size_t column_named(const std::vector<std::string>& names, std::string_view word) {
  const auto found = std::ranges::find_if(
      names, [word](const std::string& name) { return lower_ascii(name).starts_with(word); });
  return found == names.end() ? kNone : static_cast<std::size_t>(found - names.begin());
}

Header read_header(std::string_view head) {
  Header header;
  while (const auto line = take_line(head, header.data)) {
    const std::string_view text = trim(line->text);
    if (const auto value = value_of(text, "FILEOPENTIME")) {
      header.opened = parse_file_open_time(*value);
    } else if (const auto application = value_of(text, "BYAPP")) {
      header.application = std::string{trim(application->substr(0, application->find(',')))};
    } else if (const auto column = value_of(text, "DATATYPE")) {
      read_column(*column, "TIME", header.time_column);
      read_column(*column, "COMMENT", header.comment_column);
    } else if (text == kDataMark) {
      const auto names = take_line(head, header.data);
      if (!names) return header;
      header.names = read_names(names->text);
      header.complete = true;
      break;
    }
  }
  if (header.time_column >= header.names.size()) {
    header.time_column = column_named(header.names, "time");
  }
  if (header.comment_column >= header.names.size()) {
    header.comment_column = column_named(header.names, "comment");
  }
  return header;
}

/// How many fields most complete lines of `rows` have; 0 where there is none.
std::size_t usual_width(std::string_view rows) {
  std::map<std::size_t, int> counts;
  Position at;
  while (const auto line = take_line(rows, at)) {
    if (!trim(line->text).empty()) {
      ++counts[1 + static_cast<std::size_t>(std::ranges::count(line->text, ','))];
    }
  }
  const auto most =
      std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  return most == counts.end() ? 0 : most->first;
}

class MultiVuReader final : public LineReader {
 public:
  MultiVuReader(const FileContext& context, Header header, std::string_view rows)
      : header_(std::move(header)),
        clock_(header_.opened, context.zone),
        width_(usual_width(rows)) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < header_.names.size(); ++i) {
      if (i == header_.time_column || i == header_.comment_column) continue;
      columns_.push_back(i);
      names.push_back(header_.names[i].empty() ? "column " + std::to_string(i + 1)
                                               : header_.names[i]);
    }
    for (const char* status : {"Status (code)", "PPMS Status (code)"}) {
      const auto found = std::ranges::find(names, status);
      if (status_ == kNone && found != names.end()) {
        status_ = static_cast<std::size_t>(found - names.begin());
      }
    }
    if (status_ != kNone) names.insert(names.end(), kStatusParts.begin(), kStatusParts.end());
    Channels channels = make_channels(names);
    if (status_ != kNone) {
      for (std::size_t i = columns_.size(); i < channels.size(); ++i) {
        channels[i].unit = "code";
        channels[i].quantity = quantity_of("code");
      }
    }
    set_channels(std::move(channels));
  }

  Position start() const override { return header_.data; }
  std::vector<std::string> names() const override { return header_.names; }

 private:
  bool take(const TextLine& line, RowBatch& batch) override {
    split_fields(line.text, ',', fields_);
    const std::string_view comment = field(header_.comment_column);
    const std::string_view stamp_text = field(header_.time_column);
    const auto stamp = parse_number(stamp_text);
    const auto time = stamp ? time_of(*stamp, line, batch) : std::nullopt;
    if (!comment.empty()) {
      batch.remarks.push_back(instrument_words(line, "comment", time, comment));
    }
    const bool measured = std::ranges::any_of(
        columns_, [this](std::size_t column) { return !field(column).empty(); });
    if (!measured) {
      if (comment.empty()) batch.remarks.push_back(bad_line(line, "empty", "no values"));
    } else if (!fits()) {
      batch.remarks.push_back(bad_line(line, "fields",
                                       "found " + std::to_string(fields_.size()) +
                                           " fields, expected " + std::to_string(width_)));
    } else if (!time) {
      batch.remarks.push_back(bad_line(line, "time", "no time stamp"));
    } else {
      add_values(line, *time, batch);
    }
    return true;
  }

  std::string_view field(std::size_t column) const {
    return column < fields_.size() ? trim(fields_[column]) : std::string_view{};
  }

  /// Is this row as long as the others? Where a few in a row agree on another length, so be it.
  bool fits() {
    const std::size_t width = fields_.size();
    for (std::size_t i = header_.names.size(); i < width; ++i) {
      if (!trim(fields_[i]).empty()) return false;
    }
    other_rows_ = width == other_width_ ? other_rows_ + 1 : 1;
    other_width_ = width;
    if (width_ == 0 || other_rows_ >= kRowsToChangeWidth) width_ = width;
    return width == width_;
  }

  std::optional<UtcTime> time_of(double stamp, const TextLine& line, RowBatch& batch) {
    const auto time = clock_.to_utc(stamp, line.next.time);
    if (time || batch.arrival == UtcTime{}) return time;
    if (!told_) {
      batch.remarks.push_back({Remark::Kind::kAnomaly, "clock", line.number, batch.arrival,
                               "stamp " + number_words(stamp, 12) +
                                   " tells no time (the controller was restarted?): rows have the "
                                   "time of their arrival"});
      told_ = true;
    }
    return std::max(batch.arrival, line.next.time);
  }

  void add_values(const TextLine& line, UtcTime time, RowBatch& batch) {
    const RowBatch::Slot slot = add_row(line, time, batch);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto value = parse_number(field(columns_[i]));
      slot.values[i] = value.value_or(0);
      if (!value) slot.quality[i] = Quality::kInvalid;
    }
    if (status_ != kNone) add_status(line, time, slot, batch);
  }

  void add_status(const TextLine& line, UtcTime time, const RowBatch::Slot& slot, RowBatch& batch) {
    const double status = slot.values[status_];
    const bool known = slot.quality[status_] == Quality::kGood && status >= 0 &&
                       status <= kLargestStatus && status == static_cast<unsigned>(status);
    const unsigned code = known ? static_cast<unsigned>(status) : 0;
    for (std::size_t part = 0; part < kStatusParts.size(); ++part) {
      slot.values[columns_.size() + part] = code >> 4 * part & 15;
      if (!known) slot.quality[columns_.size() + part] = Quality::kInvalid;
    }
    if (!known) return;
    if (trouble_ && *trouble_ != ppms_trouble(code)) {
      batch.remarks.push_back(instrument_words(line, "status", time, ppms_status_words(code)));
    }
    trouble_ = ppms_trouble(code);
  }

  Header header_;
  MultiVuClock clock_;
  std::vector<std::size_t> columns_;  // of the channels that are in the file
  std::size_t status_ = kNone;        // among the channels
  std::size_t width_;                 // fields of a row; 0 before the first one
  std::size_t other_width_ = 0;
  int other_rows_ = 0;
  std::vector<std::string_view> fields_;
  std::optional<unsigned> trouble_;  // of the row before, for remarks only
  bool told_ = false;
};

/// Status logs are the main stream; measurements of each application are one of their own.
Recognition recognise(std::string_view name, std::string_view head) {
  if (!lower_ascii(name).ends_with(".dat") || !head.starts_with(kMagic)) return {};
  const Header header = read_header(head);
  Recognition found{.mine = true, .stream = "main", .why = "starts with \"[Header]\""};
  const std::string application = lower_ascii(header.application);
  if (!application.empty() && application != "logdata") found.stream = key_of(application);
  if (header.opened) {
    found.order = to_rfc3339(UtcTime{header.opened->wall.time_since_epoch()});
  }
  found.order += std::string{name};
  return found;
}

Opened open(const FileContext& context, std::string_view head) {
  const Header header = read_header(head);
  if (!header.complete) {
    if (head.size() < kHeadBytes) return {.need_more = true};
    return {.why = "no line [Data] in the first " + std::to_string(kHeadBytes) + " bytes"};
  }
  if (header.names.empty() || header.names.size() > kMostColumns) {
    return {.why = "found " + std::to_string(header.names.size()) +
                   " column names after [Data], expected 1 to " + std::to_string(kMostColumns)};
  }
  if (header.time_column == kNone) {
    return {.why =
                "no column of time stamps: expected a header line \"DATATYPE,TIME,<column>\" or "
                "a column whose name begins with \"Time\""};
  }
  const std::string_view rows = head.substr(std::min<std::size_t>(header.data.offset, head.size()));
  return {.reader = std::make_unique<MultiVuReader>(context, header, rows)};
}

}  // namespace

const Format kQuantumDesign{.name = "multivu",
                            .title = "Quantum Design MultiVu data file",
                            .recognise = recognise,
                            .open = open};

}  // namespace coldwatch
