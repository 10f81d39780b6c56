#include "agent/formats/text_lines.hpp"

#include <cstring>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestExcerptBytes = 120;
constexpr std::size_t kLongestWordsBytes = 500;
constexpr Milliseconds kPassStep = std::chrono::minutes{5};
constexpr auto kQuarter = std::chrono::minutes{15};

std::string printable(std::string_view text, std::size_t max_bytes) {
  return one_line(to_utf8(text.substr(0, 2 * max_bytes)), max_bytes);
}

}  // namespace

std::optional<TextLine> take_line(std::string_view& bytes, Position& at) {
  const auto end = bytes.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view text = bytes.substr(0, end);
  if (text.ends_with('\r')) text.remove_suffix(1);
  bytes.remove_prefix(end + 1);
  at.offset += end + 1;
  at.record += 1;
  return TextLine{text, at.record, at, bytes};
}

void split_fields(std::string_view line, char separator, std::vector<std::string_view>& fields) {
  fields.clear();
  const char* begin = line.data();
  const char* const end = begin + line.size();
  for (const char* c = begin; c != end; ++c) {
    if (*c != separator) continue;
    fields.emplace_back(begin, static_cast<std::size_t>(c - begin));
    begin = c + 1;
  }
  fields.emplace_back(begin, static_cast<std::size_t>(end - begin));
}

std::optional<double> field_number(std::string_view field, bool comma_allowed) {
  const auto number = parse_number(field);
  if (number || !comma_allowed || field.find(',') == std::string_view::npos) return number;
  return parse_number(field, ',');
}

Remark bad_line(const TextLine& line, std::string code, std::string_view what) {
  return {Remark::Kind::kBadRecord, std::move(code), line.number, std::nullopt,
          std::string{what} + ": \"" + printable(line.text, kLongestExcerptBytes) + "\""};
}

Remark instrument_words(const TextLine& line, std::string code, std::optional<UtcTime> time,
                        std::string_view words) {
  return {Remark::Kind::kInstrument, std::move(code), line.number, time,
          printable(trim(words), kLongestWordsBytes)};
}

bool is_legible(std::string_view line) {
  return line.size() <= kLargestRecordBytes && line.find('\0') == line.npos && !trim(line).empty();
}

UtcTime LocalClock::to_utc(LocalTime local, UtcTime before) {
  if (begin_ <= local && local < end_) return UtcTime{local.time_since_epoch() - offset_};
  const LocalTime begin = std::chrono::floor<std::chrono::duration<int, std::ratio<900>>>(local);
  const LocalTime last = begin + kQuarter - Milliseconds{1};
  const UtcTime first = zone_.to_utc(begin);
  const bool shown_once = zone_.to_utc(begin, UtcTime::max()) == first &&
                          zone_.to_utc(last, UtcTime::max()) - first == last - begin;
  if (shown_once) {
    begin_ = begin;
    end_ = last + Milliseconds{1};
    offset_ = begin.time_since_epoch() - first.time_since_epoch();
    return UtcTime{local.time_since_epoch() - offset_};
  }
  if (before == UtcTime{}) return zone_.to_utc(local);
  return zone_.to_utc(local, before - kPassStep);
}

Position LineReader::read(std::string_view bytes, Position at, RowBatch& batch) {
  begin(at);
  if (batch.channels() != channels_) return at;  // what came before `at` has named others
  while (batch.size() < kMostRowsPerRead && batch.remarks.size() < kMostRemarksPerRead) {
    std::string_view rest = bytes;
    Position next = at;
    const auto line = take_line(rest, next);
    if (!line) {
      if (bytes.size() < kLargestRecordBytes) break;
      // The last byte stays, so that what follows is still seen to be no line of its own.
      batch.remarks.push_back(
          bad_line({bytes, at.record + 1, at}, "length",
                   "no end of line in " + std::to_string(bytes.size()) + " bytes, skipped"));
      at.offset += bytes.size() - 1;
      break;
    }
    const std::size_t rows = batch.size();
    if (line->text.size() > kLargestRecordBytes) {
      batch.remarks.push_back(bad_line(*line, "length", "line is too long"));
    } else if (std::memchr(line->text.data(), '\0', line->text.size()) != nullptr) {
      batch.remarks.push_back(bad_line(*line, "nul", "line holds NUL bytes"));
    } else if (!trim(line->text).empty() && !take(*line, batch)) {
      break;
    }
    if (batch.size() > rows) next.time = batch[batch.size() - 1].time;
    at = next;
    bytes = rest;
  }
  return at;
}

RowBatch::Slot LineReader::add_row(const TextLine& line, UtcTime time, RowBatch& batch) {
  if (time != batch.arrival) sequence_.check_time(line.number, time, batch.remarks);
  Position next = line.next;
  next.time = time;
  return batch.add(line.number, time, next);
}

void LineReader::set_channels(Channels channels) {
  channels_ = std::make_shared<const Channels>(std::move(channels));
}

}  // namespace coldwatch
