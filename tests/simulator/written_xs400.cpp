#include <array>

#include "common/text.hpp"
#include "tests/simulator/written_log.hpp"

namespace coldwatch::simulator {
namespace {

constexpr std::array kColumns{"T1(K)",   "T2(K)",    "T3(K)",        "T4(K)",
                              "T51(K)",  "T52(K)",   "flow(ml/min)", "P1(bar)",
                              "P2(bar)", "P3(mbar)", "P5(bar)",      "Chamber(Pa)"};

std::uint32_t crc_of(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> (8U * static_cast<unsigned>(i)));
  return text;
}

/// An archive of one file, which is stored as it is.
std::string zip_of(const std::string& name, const std::string& content) {
  const std::string facts = little(crc_of(content), 4) + little(content.size(), 4) +
                            little(content.size(), 4) + little(name.size(), 2) + little(0, 2);
  const std::string versions = little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4);
  const std::string local = "PK\x03\x04" + versions + facts + name + content;
  const std::string directory = "PK\x01\x02" + little(20, 2) + versions + facts + little(0, 2) +
                                little(0, 2) + little(0, 2) + little(0, 4) + little(0, 4) + name;
  return local + directory + "PK\x05\x06" + little(0, 4) + little(1, 2) + little(1, 2) +
         little(directory.size(), 4) + little(local.size(), 4) + little(0, 2);
}

std::string text_cell(char column, int row, const std::string& text) {
  return std::string{"<c r=\""} + column + std::to_string(row) + "\" t=\"inlineStr\"><is><t>" +
         text + "</t></is></c>";
}

}  // namespace

WrittenLog write_xs400(const LogPlan& plan) {
  Noise noise{plan.seed};
  WrittenLog log;
  std::string sheet =
      "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/"
      "2006/main\"><sheetData><row r=\"1\">" +
      text_cell('A', 1, "Time Stamp");
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    sheet += text_cell(static_cast<char>('B' + i), 1, kColumns[i]);
  }
  sheet += "</row>";
  for (int i = 0; i < plan.rows; ++i) {
    const int line = i + 2;
    WrittenRow row{plan.time(i), {}};
    sheet +=
        "<row r=\"" + std::to_string(line) + "\">" +
        text_cell('A', line,
                  formatted("%04d-%02u-%02u %02d:%02d:%02d", plan.zone.to_local(plan.time(i))));
    for (std::size_t n = 0; n < kColumns.size(); ++n) {
      const bool zero = (i + static_cast<int>(n)) % 11 == 0;
      const bool missing = (i + static_cast<int>(n)) % 13 == 0;
      const WrittenNumber number = written("%.5f", zero ? 0 : 4 + noise.normal() / 10);
      row.values[key_of(kColumns[n])] =
          zero || missing ? std::nullopt : std::optional{number.value};
      if (missing) continue;
      sheet += std::string{"<c r=\""} + static_cast<char>('B' + n) + std::to_string(line) +
               "\" t=\"n\"><v>" + number.text + "</v></c>";
    }
    sheet += "</row>";
    log.streams["main"].push_back(std::move(row));
  }
  log.files["log.xlsx"] = zip_of("xl/worksheets/sheet1.xml", sheet + "</sheetData></worksheet>");
  return log;
}

}  // namespace coldwatch::simulator
