// Oxford Instruments VeriCold log, ".vcl": Triton, Triton XL, DR200, Kelvinox.
//
//   0x0000   1024  text, CRLF, NUL padded: "VeriCold data logfile.", ...
//                  "Creation date: 2018-12-10T18:38:25" (local time)
//   0x0400   5120  comment
//   0x1800   5888  184 column names of 32 bytes, NUL padded; the first empty one ends the list
//   0x2F00    256  axis selection of the viewer
//   0x3000    ...  rows: one little-endian float64 for each name, no padding, no checksum
//
// Row: [0] LineSize(bytes) = 8 * names, [1] LineNumber = 0, 1, ..., [2] Time(secs) = unix time in
// UTC, then the columns. The last row may be half-written. Some files are copies without the 0x3000
// bytes in front (headerless): rows from 0 on, names from elsewhere.
//
// A sensor has three columns, "<name> t(s)", "<name> T(K)" and "<name> R(Ohm)". Nothing is ever
// NaN: a sensor that was not measured since the log began has zeros, and one that is switched off
// repeats its last numbers for ever (seen: T = 321 K, R = 0, t 25 h old, at 25 mK). So T and R are
//   invalid  where t = 0 or R <= 0,
//   stale    where t is older than the row by more than the option stale_after (default 5m;
//            scanning many sensors takes two minutes), or lies over a minute in its future.
// Triton XL has no t(s): only R > 0 is left there. The t(s) columns are partners, not readings, and
// become no channels; zeros in other columns (motor current, turbo speed) are readings.
//
// Not known: whether a log ever changes its width inside a file; more than 64 columns; DR200
// samples.
#include <cmath>
#include <cstring>
#include <utility>

#include "agent/formats/format.hpp"
#include "agent/formats/vcl_columns.hpp"
#include "agent/formats/vcl_row.hpp"
#include "agent/reading/sequence.hpp"
#include "common/text.hpp"

namespace coldwatch {

extern const Format kVcl;

namespace {

constexpr std::string_view kMagic = "VeriCold data logfile";
constexpr std::string_view kCreation = "Creation date: ";
constexpr std::size_t kCreationBytes = 19;
constexpr std::size_t kTextBytes = 0x400;
constexpr std::size_t kNamesAt = 0x1800;
constexpr std::size_t kNameBytes = 32;
constexpr std::size_t kMostNames = 184;
constexpr std::size_t kRowsAt = 0x3000;
constexpr std::size_t kFactColumns = VclColumns::kFacts;
constexpr std::size_t kShortestRow = 8 * kFactColumns;
constexpr std::size_t kLongestRow = 8 * kMostNames;
constexpr double kLatestTimeS = 253402300799;  // the end of the year 9999
constexpr double kLargestNumber = 9007199254740992;
constexpr Milliseconds kStaleAfter = std::chrono::minutes{5};

/// Could a row begin with this? NaN cannot.
bool is_row_length(double value) {
  return value >= kShortestRow && value <= kLongestRow && std::fmod(value, 8) == 0;
}

/// Asks the memory for `count` bytes that will be read a few rows later: left to itself the processor
/// waits for them, and a year of rows takes twice the time.
void fetch_ahead(std::string_view bytes, std::size_t count) {
  constexpr std::size_t kAhead = 4096;
  constexpr std::size_t kCacheLine = 64;
  if (bytes.size() < kAhead + count) return;
  for (std::size_t i = 0; i < count; i += kCacheLine) __builtin_prefetch(&bytes[kAhead + i]);
}

bool is_time(double seconds) { return seconds > 0 && seconds <= kLatestTimeS; }

bool is_line_number(double value) {
  return value >= 0 && value < kLargestNumber &&
         value == static_cast<double>(static_cast<std::int64_t>(value));
}

UtcTime to_time(double seconds) {
  return UtcTime{Milliseconds{static_cast<Milliseconds::rep>(seconds * 1000 + 0.5)}};
}

bool has_header(std::string_view head) { return head.starts_with(kMagic); }

/// Rows from the first byte on: two with one length, or one if nothing follows yet.
bool is_headerless(std::string_view head, bool named_vcl) {
  if (head.size() < kShortestRow || !is_row_length(number_at(head, 0))) return false;
  const auto length = static_cast<std::size_t>(number_at(head, 0));
  if (head.size() >= length + 8) return number_at(head, length) == number_at(head, 0);
  return named_vcl;
}

/// The first row's own time, because names and creation dates are local times and go back in
/// autumn.
std::string order_of(std::string_view name, std::string_view head) {
  const std::size_t start = has_header(head) ? kRowsAt : 0;
  if (head.size() >= start + kShortestRow && is_row_length(number_at(head, start))) {
    const double seconds = number_at(head, start + 16);
    if (is_time(seconds)) return to_rfc3339(to_time(seconds));
  }
  const auto created = head.substr(0, kTextBytes).find(kCreation);
  if (created == std::string_view::npos) return std::string{name};
  return std::string{head.substr(created + kCreation.size(), kCreationBytes)};
}

Recognition recognise(std::string_view name, std::string_view head) {
  const bool named_vcl = lower_ascii(name).ends_with(".vcl");
  Recognition found{.stream = "main", .order = order_of(name, head)};
  if (has_header(head)) {
    found.why = "starts with \"" + std::string{kMagic} + "\"";
  } else if (is_headerless(head, named_vcl)) {
    found.why = "has no header, but rows that begin with their own length";
  } else if (named_vcl && kMagic.starts_with(head)) {
    found.why = "is named .vcl and has hardly begun";
  } else {
    return {};
  }
  found.mine = true;
  return found;
}

std::vector<std::string> names_in(std::string_view head) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kMostNames; ++i) {
    const std::string_view slot = head.substr(kNamesAt + i * kNameBytes, kNameBytes);
    const std::string_view name = slot.substr(0, slot.find('\0'));
    if (trim(name).empty()) break;
    names.emplace_back(name);
  }
  return names;
}

/// Names for the columns of a headerless file; `generated` tells that nobody knew them.
std::vector<std::string> names_elsewhere(const FileContext& context, std::size_t columns,
                                         bool& generated) {
  generated = false;
  std::vector<std::string> names{"LineSize(bytes)", "LineNumber", "Time(secs)"};
  if (context.names.size() == columns) return context.names;
  if (context.names.size() + kFactColumns == columns) {
    names.insert(names.end(), context.names.begin(), context.names.end());
    return names;
  }
  if (context.names_of_sibling) {
    const std::vector<std::string> sibling = context.names_of_sibling(columns);
    if (sibling.size() == columns) return sibling;
  }
  generated = true;
  while (names.size() < columns) names.push_back("column_" + std::to_string(names.size() + 1));
  return names;
}

class VclReader final : public FileReader {
 public:
  VclReader(std::vector<std::string> names, bool own_names, std::size_t start, double stale_after_s)
      : names_(std::move(names)),
        own_names_(own_names),
        columns_(make_vcl_columns(names_)),
        row_bytes_(8 * names_.size()),
        start_(start),
        stale_after_s_(stale_after_s) {}

  SharedChannels channels() const override { return columns_.channels; }
  std::vector<std::string> names() const override {
    return own_names_ ? names_ : std::vector<std::string>{};
  }
  Position start() const override { return {start_, 0}; }
  Position read(std::string_view bytes, Position at, RowBatch& batch) override;

 private:
  UtcTime add_row(std::string_view row, Position next, RowBatch& batch);
  std::size_t skip_other_lengths(std::string_view bytes, std::vector<Remark>& remarks);
  std::size_t find_rows(std::string_view bytes, std::size_t end) const;
  std::size_t row_inside(std::string_view bytes) const;
  std::size_t resynchronise(std::string_view bytes, std::vector<Remark>& remarks) const;
  void skipped(std::string code, std::string text, std::uint64_t count,
               std::vector<Remark>& remarks) const;

  std::vector<std::string> names_;
  bool own_names_;
  VclColumns columns_;
  std::size_t row_bytes_;
  std::size_t start_;
  double stale_after_s_;
  RowSequence sequence_;
  std::uint64_t last_number_ = 0;  // for remarks only
};

Position VclReader::read(std::string_view bytes, Position at, RowBatch& batch) {
  while (batch.size() < kMostRowsPerRead && bytes.size() >= 8) {
    const double length = number_at(bytes, 0);
    std::size_t used = 0;
    if (length == static_cast<double>(row_bytes_)) {
      if (bytes.size() < row_bytes_) break;
      if (const std::size_t inside = row_inside(bytes); inside > 0) {
        skipped("torn", "a row of " + std::to_string(inside) + " bytes is followed by the next", 1,
                batch.remarks);
        bytes.remove_prefix(inside);
        at.offset += inside;
        continue;
      }
      used = row_bytes_;
      fetch_ahead(bytes, row_bytes_);
      at.record += 1;
      at.time = add_row(bytes, {at.offset + used, at.record, at.time}, batch);
    } else if (is_row_length(length)) {
      used = skip_other_lengths(bytes, batch.remarks);
    } else {
      used = resynchronise(bytes, batch.remarks);
    }
    if (used == 0) break;
    at.offset += used;
    bytes.remove_prefix(used);
  }
  return at;
}

/// Adds the row at the start of `row` and returns its time, or that of `next` where it is none.
UtcTime VclReader::add_row(std::string_view row, Position next, RowBatch& batch) {
  const double number = number_at(row, 8);
  const double seconds = number_at(row, 16);
  if (!is_line_number(number) || !is_time(seconds)) {
    skipped(
        "row",
        "line number " + number_words(number) + " or time " + number_words(seconds) + " cannot be",
        1, batch.remarks);
    return next.time;
  }
  last_number_ = static_cast<std::uint64_t>(number);
  next.time = to_time(seconds);
  RowBatch::Slot slot = batch.add(last_number_, next.time, next);
  take_vcl_row(columns_, row, stale_after_s_, slot);
  sequence_.check(last_number_, next.time, batch.remarks);
  return next.time;
}

/// Rows whose length is not that of the names cannot be labelled. Takes as many as follow each
/// other.
std::size_t VclReader::skip_other_lengths(std::string_view bytes, std::vector<Remark>& remarks) {
  const double length = number_at(bytes, 0);
  std::size_t used = 0;
  std::uint64_t count = 0;
  while (bytes.size() >= used + static_cast<std::size_t>(length) &&
         number_at(bytes, used) == length) {
    used += static_cast<std::size_t>(length);
    ++count;
  }
  if (used == 0) return 0;
  skipped("length",
          std::to_string(count) + " rows of " + number_words(length) + " bytes skipped, expected " +
              std::to_string(row_bytes_),
          count, remarks);
  return used;
}

/// The next place behind the first byte, and before `end`, where two rows of the right length follow
/// each other; npos where there is none.
std::size_t VclReader::find_rows(std::string_view bytes, std::size_t end) const {
  const double length = static_cast<double>(row_bytes_);
  char pattern[sizeof length];
  std::memcpy(pattern, &length, sizeof length);
  const std::string_view mark{pattern, sizeof pattern};
  for (std::size_t at = bytes.find(mark, 1); at < end; at = bytes.find(mark, at + 1)) {
    if (bytes.size() < at + row_bytes_ + 16) break;
    const bool follows = number_at(bytes, at + row_bytes_) == length &&
                         number_at(bytes, at + row_bytes_ + 8) == number_at(bytes, at + 8) + 1;
    if (follows) return at;
  }
  return std::string_view::npos;
}

/// Where the next row begins inside the one at the start of `bytes`, because that one was cut short
/// and holds half of the next one's numbers; 0 where it is whole.
std::size_t VclReader::row_inside(std::string_view bytes) const {
  if (bytes.size() < row_bytes_ + 8) return 0;
  if (number_at(bytes, row_bytes_) == static_cast<double>(row_bytes_)) return 0;
  const std::size_t at = find_rows(bytes, row_bytes_);
  return at == std::string_view::npos ? 0 : at;
}

/// Goes to the next place where rows can be read. Without one the bytes wait for more, until they are
/// too many to be a row that is still being written.
std::size_t VclReader::resynchronise(std::string_view bytes, std::vector<Remark>& remarks) const {
  std::size_t at = find_rows(bytes, std::string_view::npos);
  if (at == std::string_view::npos) {
    if (bytes.size() < kLargestRecordBytes) return 0;
    at = bytes.size() - row_bytes_ - 16;
  }
  skipped("damage", std::to_string(at) + " bytes are not a row and were skipped", 1, remarks);
  return at;
}

void VclReader::skipped(std::string code, std::string text, std::uint64_t count,
                        std::vector<Remark>& remarks) const {
  text += " (after line " + std::to_string(last_number_) + ")";
  remarks.push_back({Remark::Kind::kBadRecord, std::move(code), last_number_, std::nullopt,
                     std::move(text), count});
}

/// Why these cannot be the columns of a log; "" where they can.
std::string objection(std::span<const std::string> names) {
  constexpr std::string_view kFacts[] = {"LineSize", "LineNumber", "Time"};
  if (names.size() < kFactColumns) {
    return "has " + std::to_string(names.size()) + " column names, expected at least 3";
  }
  for (std::size_t i = 0; i < kFactColumns; ++i) {
    if (names[i].starts_with(kFacts[i])) continue;
    return "column " + std::to_string(i + 1) + " is \"" + one_line(to_utf8(names[i]), kNameBytes) +
           "\", expected \"" + std::string{kFacts[i]} + "\"";
  }
  return {};
}

Opened open(const FileContext& context, std::string_view head) {
  Milliseconds stale_after = kStaleAfter;
  if (const auto option = context.options.find("stale_after"); option != context.options.end()) {
    const auto given = parse_duration(option->second);
    if (!given) {
      return {.why = "option stale_after: found \"" + option->second +
                     "\", expected a duration such as \"5m\""};
    }
    stale_after = *given;
  }
  const double stale_after_s = static_cast<double>(stale_after.count()) / 1000;
  if (kMagic.starts_with(head.substr(0, kMagic.size())) && head.size() < kRowsAt) {
    return {.need_more = true};
  }
  std::vector<std::string> names;
  bool generated = false;
  if (has_header(head)) {
    names = names_in(head);
  } else if (is_headerless(head, true)) {
    names = names_elsewhere(context, static_cast<std::size_t>(number_at(head, 0)) / 8, generated);
  } else {
    return {.why = "has neither a VeriCold header nor rows that begin with their own length"};
  }
  if (std::string why = objection(names); !why.empty()) return {.why = std::move(why)};
  const bool own = has_header(head);
  return {.reader =
              std::make_unique<VclReader>(std::move(names), own, own ? kRowsAt : 0, stale_after_s),
          .why = generated ? "has no column names: give them in the config" : ""};
}

}  // namespace

const Format kVcl{.name = "vcl",
                  .title = "Oxford Instruments VeriCold log",
                  .recognise = recognise,
                  .open = open};

}  // namespace coldwatch
