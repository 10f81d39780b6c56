// Feeds arbitrary sheets to the row skipper of workbooks, whole and in pieces. Input: the number of the
// last row to be left out, the size of the pieces, and the sheet.
#include <algorithm>
#include <cstdint>

#include "agent/formats/xlsx_skip.hpp"
#include "tests/fuzz/require.hpp"

namespace coldwatch {
namespace {

constexpr std::size_t kLongestTag = 900;  // a little less than the skipper holds back

struct Passed {
  std::string bytes;
  std::uint64_t last = 0;
};

Passed pass(std::string_view sheet, std::uint64_t after, std::size_t first, std::size_t piece) {
  RowSkipper skipper{after};
  Passed passed;
  for (std::size_t at = 0; at < sheet.size();) {
    const std::string_view part = sheet.substr(at, at == 0 ? first : piece);
    passed.bytes += skipper.pass(part);
    require(skipper.last() >= passed.last || skipper.last() == 0, "rows are counted upwards");
    passed.last = skipper.last();
    at += part.size();
  }
  return passed;
}

/// What is longer than the skipper holds back may be cut between two pieces.
bool tags_are_short(std::string_view sheet) {
  std::size_t run = 0;
  return std::ranges::all_of(sheet, [&](char c) {
    run = c == '>' ? 0 : run + 1;
    return run < kLongestTag;
  });
}

void run(std::string_view input) {
  if (input.size() < 2) return;
  const auto after = static_cast<std::uint8_t>(input[0]);
  const std::size_t piece = std::size_t{1} + static_cast<std::uint8_t>(input[1]);
  const std::string_view sheet = input.substr(2);
  const Passed whole = pass(sheet, after, sheet.size(), sheet.size());
  require(whole.bytes.size() <= sheet.size(), "nothing is added");
  if (after < 2) require(whole.bytes == sheet, "nothing to leave out, nothing is left out");
  const std::size_t first_row = sheet.find("<row r=\"1\"");
  const std::size_t end = first_row == sheet.npos ? first_row : sheet.find("</row>", first_row);
  if (end == sheet.npos) return;
  const Passed pieces = pass(sheet, after, end + 6, piece);
  require(pieces.bytes.size() <= sheet.size(), "nothing is added in pieces");
  require(pieces.bytes.starts_with(sheet.substr(0, end + 6)), "the first row is passed on");
  const std::size_t sheet_end = sheet.find("</sheetData>", end);
  const bool ends_once = sheet_end == sheet.npos || sheet.find("<row ", sheet_end) == sheet.npos;
  if (!tags_are_short(sheet) || !ends_once) return;
  require(pieces.bytes == whole.bytes, "pieces make no difference");
}

}  // namespace
}  // namespace coldwatch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coldwatch::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
