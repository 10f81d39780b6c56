// Workbooks made here, byte by byte; a build for Windows without zlib and expat reads none.
#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/agent/formats/format_reading.hpp"

namespace coldwatch {
namespace {

std::string little(std::uint32_t value, std::size_t width) {
  std::string bytes;
  for (; width > 0; --width, value >>= 8) bytes.push_back(static_cast<char>(value & 0xFF));
  return bytes;
}

std::string deflated(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(compressBound(content.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct Part {
  std::string name;
  std::string content;
  bool deflate = true;
  bool sizes_in_local = true;  // else zero there, and a data descriptor behind
};

std::string zip(const std::vector<Part>& parts) {
  std::string archive;
  std::string directory;
  for (const Part& part : parts) {
    const std::string packed = part.deflate ? deflated(part.content) : part.content;
    const auto crc =
        static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(part.content.data()),
                                         static_cast<uInt>(part.content.size())));
    const std::string method = little(part.deflate ? 8 : 0, 2);
    const std::string flags = little(part.sizes_in_local ? 0 : 8, 2);
    const std::string sizes = little(crc, 4) +
                              little(static_cast<std::uint32_t>(packed.size()), 4) +
                              little(static_cast<std::uint32_t>(part.content.size()), 4);
    const std::string name_bytes = little(static_cast<std::uint32_t>(part.name.size()), 2);
    const auto at = static_cast<std::uint32_t>(archive.size());
    archive += "PK\x03\x04" + little(20, 2) + flags + method + little(0, 4) +
               (part.sizes_in_local ? sizes : std::string(12, '\0')) + name_bytes + little(0, 2) +
               part.name + packed;
    if (!part.sizes_in_local) archive += "PK\x07\x08" + sizes;
    directory += "PK\x01\x02" + little(20, 2) + little(20, 2) + flags + method + little(0, 4) +
                 sizes + name_bytes + std::string(12, '\0') + little(at, 4) + part.name;
  }
  const auto at = static_cast<std::uint32_t>(archive.size());
  const auto count = little(static_cast<std::uint32_t>(parts.size()), 2);
  return archive + directory + "PK\x05\x06" + little(0, 4) + count + count +
         little(static_cast<std::uint32_t>(directory.size()), 4) + little(at, 4) + little(0, 2);
}

std::string sheet(const std::string& rows) {
  return "<?xml version=\"1.0\"?><worksheet "
         "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>" +
         rows + "</sheetData></worksheet>";
}

std::string text_cell(const std::string& at, const std::string& text) {
  return "<c r=\"" + at + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
}

std::string number_cell(const std::string& at, const std::string& number) {
  return "<c r=\"" + at + "\" t=\"n\"><v>" + number + "</v></c>";
}

/// Time, T1 and chamber pressure.
std::string row(int number, const std::string& time, const std::string& t1) {
  const std::string n = std::to_string(number);
  return "<row r=\"" + n + "\">" + text_cell("A" + n, time) + number_cell("B" + n, t1) +
         number_cell("M" + n, "1.5E-3") + "</row>";
}

std::string book(const std::string& rows) {
  return zip({{"[Content_Types].xml", "<Types/>"}, {"xl/worksheets/sheet1.xml", sheet(rows)}});
}

ReadLog read_book(const std::string& bytes, std::map<std::string, std::string> options = {}) {
  FileContext context = context_of("xs400.xlsx");
  context.options = std::move(options);
  return read_log("xs400", context, bytes);
}

TEST(Xs400, IsKnownByNameAndFirstBytes) {
  const Format& format = *find_format("xs400");
  EXPECT_TRUE(format.rewritten_whole);
  EXPECT_TRUE(format.recognise("Log 05-03-2024.XLSX", book("")).mine);
  EXPECT_TRUE(format.recognise("a.xlsx", "").mine);
  EXPECT_FALSE(format.recognise("a.xlsx", "text").mine);
  EXPECT_FALSE(format.recognise("a.xls", book("")).mine);
  EXPECT_NE(read_book("text and more").why, "");
  EXPECT_TRUE(read_book("PK").need_more);
  EXPECT_EQ(read_book(book(""), {{"time", "unix"}}).why.find("option time: unknown"), 0);
}

TEST(Xs400, ReadsEveryKindOfCell) {
  const std::string rows =
      row(1, "2025-04-16 12:34:56", "3.5") +
      "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\"><v>4.5</v></c><c r=\"C2\" "
      "t=\"str\">"
      "<v>5.5</v></c><c r=\"D2\" t=\"n\"/><c r=\"E2\" t=\"n\"><v>0</v></c><c r=\"F2\" t=\"n\"><v>"
      "</v></c><c r=\"G2\" t=\"inlineStr\"><is><t>--</t></is></c></row>" +
      "<row><c><v>45763.5</v></c><c><v>6.5</v></c></row>" + "<row r=\"7\"/>" +
      row(9, "2025/4/17 1:02:03", "7.5");
  const std::string shared =
      "<sst><si><t>x</t></si><si><r><t>2025-04-16</t></r><r><t> 12:35:56</t>"
      "</r></si></sst>";
  for (const bool sizes : {true, false}) {
    for (const bool deflate : {true, false}) {
      const ReadLog log =
          read_book(zip({{"xl/sharedStrings.xml", shared, deflate, sizes},
                         {"xl/worksheets/sheet1.xml", sheet(rows), deflate, sizes}}));
      ASSERT_EQ(log.rows.size(), 4) << log.why;
      EXPECT_EQ(log.time(0), "2025-04-16T12:34:56.000Z");
      EXPECT_EQ(log.value(0, "T1_K"), 3.5);
      EXPECT_EQ(log.value(0, "Chamber_Pa"), 0.0015) << "by its reference, column M";
      EXPECT_EQ(log.quality(0, "T2_K"), Quality::kInvalid) << "left out";
      EXPECT_EQ(log.time(1), "2025-04-16T12:35:56.000Z");
      EXPECT_EQ(log.value(1, "T1_K"), 4.5);
      EXPECT_EQ(log.value(1, "T2_K"), 5.5);
      for (const char* key : {"T3_K", "T4_K", "T51_K", "T52_K"}) {
        EXPECT_EQ(log.quality(1, key), Quality::kInvalid) << key;
      }
      EXPECT_EQ(log.time(2), "2025-04-16T12:00:00.000Z");
      EXPECT_EQ(log.value(2, "T1_K"), 6.5) << "cells without a reference follow each other";
      EXPECT_EQ(log.rows[3].number, 9);
      EXPECT_EQ(log.channels.size(), 12);
    }
  }
}

TEST(Xs400, TakesNamesFromTheFirstRow) {
  const std::string rows = "<row r=\"1\">" + text_cell("A1", "Time Stamp") +
                           text_cell("B1", "MC (mK)") + text_cell("D1", "P9 (bar)") + "</row>" +
                           "<row r=\"2\">" + text_cell("A2", "2025-04-16 12:34:56") +
                           number_cell("B2", "25") + number_cell("C2", "1") +
                           number_cell("D2", "2") + "</row>";
  const ReadLog log = read_book(book(rows));
  ASSERT_EQ(log.rows.size(), 1);
  ASSERT_EQ(log.channels.size(), 2);
  EXPECT_EQ(log.value(0, "MC_mK"), 25);
  EXPECT_EQ(log.value(0, "P9_bar"), 2);
  FileContext context = context_of("xs400.xlsx");
  context.names = {"when", "a", "b"};
  EXPECT_EQ(read_log("xs400", context, book(row(1, "2025-04-16 12:34:56", "3"))).value(0, "a"), 3);
}

TEST(Xs400, ReadsOnlyWhatIsNewInTheNextSave) {
  const Opened opened = find_format("xs400")->open(context_of("a.xlsx"), book(""));
  RowBatch batch;
  std::string rows;
  Position at = opened.reader->start();
  for (int i = 1; i <= 5; ++i) {
    rows += row(i, "2025-04-16 12:34:5" + std::to_string(i), std::to_string(i));
    const std::string bytes = book(rows);
    for (const std::size_t cut : {bytes.size() / 3, bytes.size() - 30, bytes.size() - 1}) {
      batch.reset(opened.reader->channels());
      EXPECT_EQ(opened.reader->read(bytes.substr(0, cut), at, batch), at) << "half-written";
      EXPECT_TRUE(batch.empty());
      EXPECT_TRUE(batch.remarks.empty()) << "which is nothing to speak of";
    }
    batch.reset(opened.reader->channels());
    at = opened.reader->read(bytes, at, batch);
    ASSERT_EQ(batch.size(), 1);
    EXPECT_EQ(batch[0].number, static_cast<std::uint64_t>(i));
    EXPECT_EQ(batch[0].next, at);
    batch.reset(opened.reader->channels());
    EXPECT_EQ(opened.reader->read(bytes, at, batch), at);
    EXPECT_TRUE(batch.empty());
  }
  batch.reset(opened.reader->channels());
  EXPECT_EQ(opened.reader->read(book(row(1, "x", "1")), at, batch).record, 1)
      << "a new, shorter one";
}

TEST(Xs400, ReadsMoreRowsThanAreKeptInHand) {
  std::string rows;
  for (int i = 1; i <= 11'111; ++i) rows += row(i, std::to_string(45000 + i * 0.001), "4");
  const ReadLog log = read_book(book(rows));
  ASSERT_EQ(log.rows.size(), 11'111);
  for (std::size_t i = 0; i < log.rows.size(); ++i) ASSERT_EQ(log.rows[i].number, i + 1);
  EXPECT_EQ(log.count("T1_K", Quality::kGood), 11'111);
}

TEST(Xs400, TimeThatCannotBeReadIsThatOfArrival) {
  const std::string bytes = book(row(1, "16 avril", "1") + row(2, "17 avril", "2"));
  const ReadLog log = read_book(bytes);
  ASSERT_EQ(log.rows.size(), 2);
  EXPECT_EQ(log.time(0), "2027-01-15T08:00:00.000Z");
  ASSERT_EQ(log.remarks.size(), 1);
  EXPECT_EQ(log.remarks[0].text,
            "\"16 avril\" is no known time: rows have the time of their arrival");
  const ReadLog told =
      read_book(book(row(1, "16.4.25 10h", "1")), {{"time_format", "%d.%m.%y %Hh"}});
  EXPECT_EQ(told.time(0), "2025-04-16T10:00:00.000Z");
}

TEST(Xs400, SurvivesDamageAndMalice) {
  const std::string good = book(row(1, "2025-04-16 12:34:56", "3.5"));
  ASSERT_EQ(read_book(good).rows.size(), 1);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    for (const ReadRow& read : read_book(bad).rows) {
      EXPECT_EQ(read.values[0], 3.5) << "a damaged byte changes no reading: " << at;
    }
  }
  std::string bomb;
  for (int i = 0; i < 10; ++i) bomb += "<!ENTITY e" + std::to_string(i) + " \"&e;&e;&e;&e;\">";
  const std::string hostile[] = {
      "<!DOCTYPE x [" + bomb + "]>" + sheet(row(1, "2025-04-16 12:34:56", "3.5")),
      sheet(row(1, "2025-04-16 12:34:56", "3.5")) + "<more/>", sheet("<row r=\"1\">"), "",
      "not XML"};
  for (const std::string& content : hostile) {
    const ReadLog log = read_book(zip({{"xl/worksheets/sheet1.xml", content}}));
    EXPECT_EQ(log.rows.size(), 0) << content;
  }
  const ReadLog numbers = read_book(
      book(row(5, "2025-04-16 12:34:56", "1") + row(3, "2025-04-16 12:34:56", "1") +
           "<row r=\"-1\"/><row r=\"99999999999\"/><row r=\"x\"><c r=\"ZZZ1\"><v>1</v></c>"
           "<c r=\"\"><v>1</v></c></row>"));
  EXPECT_LE(numbers.rows.size(), 2);
  EXPECT_EQ(read_book(zip({{"other.xml", "<x/>"}})).rows.size(), 0);
}

}  // namespace
}  // namespace coldwatch
