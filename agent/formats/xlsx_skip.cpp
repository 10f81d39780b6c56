#include "agent/formats/xlsx_skip.hpp"

#include <algorithm>

#include "common/text.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestTag = 1000;
constexpr std::string_view kFirstRow = "<row r=\"1\"";
constexpr std::string_view kRow = "<row ";
constexpr std::string_view kRowEnd = "</row>";
constexpr std::string_view kSheetEnd = "</sheetData>";

/// Where the next `<row ` begins. The letter 'w' is rare in a sheet, '<' is not.
std::size_t find_row(std::string_view bytes, std::size_t from) {
  for (std::size_t at = bytes.find("w ", from); at != bytes.npos; at = bytes.find("w ", at + 1)) {
    const std::size_t begin = at - std::min<std::size_t>(at, kRow.size() - 2);
    if (begin >= from && bytes.substr(begin, kRow.size()) == kRow) return begin;
  }
  return bytes.npos;
}

/// The number in a row's tag; the one after `before` where it has none.
std::uint64_t row_number(std::string_view tag, std::uint64_t before) {
  constexpr std::string_view kAttribute = " r=\"";
  const auto at = tag.find(kAttribute);
  if (at == tag.npos) return before + 1;
  const std::string_view rest = tag.substr(at + kAttribute.size());
  const auto number = parse_integer(rest.substr(0, rest.find('"')));
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : before + 1;
}

}  // namespace

std::string_view RowSkipper::pass(std::string_view piece) {
  if (state_ == State::kPass) return piece;
  if (state_ == State::kBegin) {
    const auto first = piece.find(kFirstRow);
    const auto end = first == piece.npos ? first : piece.find(kRowEnd, first);
    state_ = end == piece.npos || after_ < 2 ? State::kPass : State::kSkip;
    if (state_ == State::kPass) return piece;
    const std::size_t begin = end + kRowEnd.size();
    last_ = 1;
    const std::string_view rest = skip(piece.substr(begin));
    buffer_ = std::string{piece.substr(0, begin)} + std::string{rest};
    return buffer_;
  }
  buffer_ = held_ + std::string{piece};
  return skip(buffer_);
}

std::string_view RowSkipper::skip(std::string_view bytes) {
  std::size_t from = 0;
  for (;;) {
    const std::size_t row = find_row(bytes, from);
    const std::size_t end = row == bytes.npos ? row : bytes.find('>', row);
    if (end == bytes.npos) break;
    const std::uint64_t number = row_number(bytes.substr(row, end - row), last_);
    // Numbers that go back are no sheet that a program wrote: what it means is the parser's to say.
    if (number > after_ || number <= last_) {
      state_ = State::kPass;
      return bytes.substr(row);
    }
    last_ = number;
    from = end;
  }
  const std::size_t sheet_end = bytes.find(kSheetEnd, from);
  if (sheet_end != bytes.npos) {
    state_ = State::kPass;
    return bytes.substr(sheet_end);
  }
  held_ = bytes.substr(std::max(from, bytes.size() - std::min(bytes.size(), kLongestTag)));
  return {};
}

}  // namespace coldwatch
