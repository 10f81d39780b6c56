#include <gtest/gtest.h>

#include "agent/formats/xlsx_skip.hpp"

namespace coldwatch {
namespace {

std::string row(int number, const std::string& cells = "<c r=\"A1\"><v>w 1</v></c>") {
  return "<row r=\"" + std::to_string(number) + "\" spans=\"1:2\">" + cells + "</row>";
}

std::string passed(const std::string& sheet, std::uint64_t after, std::size_t piece,
                   std::uint64_t* last = nullptr) {
  RowSkipper skipper{after};
  std::string all;
  for (std::size_t at = 0; at < sheet.size();) {
    // The first piece holds the first row, as the first 64 KiB of a sheet do.
    const std::size_t size = at == 0 ? std::max<std::size_t>(piece, 200) : piece;
    all += skipper.pass(std::string_view{sheet}.substr(at, size));
    at += size;
  }
  if (last != nullptr) *last = skipper.last();
  return all;
}

TEST(RowSkipper, LeavesOutWholeRowsAndNothingElse) {
  const std::string head = "<worksheet><cols/><sheetData>";
  const std::string tail = "</sheetData><pageMargins left=\"0.7\"/></worksheet>";
  std::string rows;
  for (int i = 2; i <= 200; ++i) rows += row(i);
  const std::string sheet = head + row(1) + rows + tail;
  for (const std::size_t piece : {1, 3, 17, 64, 200, 5000, 100000}) {
    for (const int after : {2, 3, 99, 199}) {
      std::string expected = head + row(1);
      for (int i = after + 1; i <= 200; ++i) expected += row(i);
      std::uint64_t last = 0;
      EXPECT_EQ(passed(sheet, static_cast<std::uint64_t>(after), piece, &last), expected + tail)
          << piece << " after " << after;
      EXPECT_EQ(last, static_cast<std::uint64_t>(after));
    }
    for (const std::uint64_t after : {0, 1}) EXPECT_EQ(passed(sheet, after, piece), sheet);
    std::uint64_t last = 0;
    EXPECT_EQ(passed(sheet, 500, piece, &last), head + row(1) + tail) << "a sheet made anew";
    EXPECT_EQ(last, 200);
  }
}

TEST(RowSkipper, LeavesNothingOutOfWhatItDoesNotKnow) {
  for (const std::string& sheet :
       {std::string{"<x:worksheet><x:row r=\"1\"></x:row><x:row r=\"2\"></x:row>"},
        std::string{"<sheetData>"} + row(5) + row(6),
        std::string{"<sheetData><row><c/></row><row><c/></row>"},
        std::string(300, ' ') + row(1) + row(2), std::string{"no XML"}}) {
    EXPECT_EQ(passed(sheet, 100, 50), sheet) << sheet;
  }
}

/// Found by fuzzing.
TEST(RowSkipper, PassesOnFromWhereNumbersGoBack) {
  const std::string head = "<sheetData>" + row(1);
  std::uint64_t last = 0;
  EXPECT_EQ(passed(head + row(2) + row(8) + row(7) + row(9), 100, 5000, &last),
            head + row(7) + row(9));
  EXPECT_EQ(last, 8U);
  EXPECT_EQ(passed(head + "junk sheetData></sheetData>", 100, 5000), head + "</sheetData>");
}

TEST(RowSkipper, CountsRowsThatHaveNoNumber) {
  std::uint64_t last = 0;
  const std::string head = "<sheetData><row r=\"1\"></row>";
  EXPECT_EQ(
      passed(head + "<row spans=\"1\"></row><row r=\"x\"></row><row a=\"\"></row></sheetData>", 3,
             1000, &last),
      head + "<row a=\"\"></row></sheetData>");
  EXPECT_EQ(last, 3);
}

}  // namespace
}  // namespace coldwatch
