// The rows of the first sheet of an Office Open XML workbook, read as a stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldwatch {

/// A row, its cells by column from A = 0; an empty text where there is no cell.
struct SheetRow {
  std::uint64_t number = 0;  // from 1, as in the sheet
  std::vector<std::string> cells;
};

struct Sheet {
  std::vector<std::string> first;  // cells of row 1
  std::vector<SheetRow> rows;      // the rows asked for, at most as many as asked for
  std::uint64_t last = 0;          // number of the last row in the sheet
  std::uint32_t crc = 0;           // of the sheet, to know it again
};

/// The check sum of the sheet that read_sheet() would read, from the archive's directory alone; nullopt
/// where there is none.
std::optional<std::uint32_t> sheet_crc(std::string_view bytes);

/// Reads the rows after number `after`, at most `most`, of the workbook in `bytes`. False, with a
/// sentence in `error`, where anything is wrong with it, as in one that is still being written.
bool read_sheet(std::string_view bytes, std::uint64_t after, std::size_t most, Sheet& sheet,
                std::string& error);

}  // namespace coldwatch
