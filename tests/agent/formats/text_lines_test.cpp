#include "agent/formats/text_lines.hpp"

#include <gtest/gtest.h>

#include "tests/agent/formats/format_reading.hpp"

namespace coldwatch {
namespace {

TEST(TextLines, AreCutAtLineFeeds) {
  std::string_view bytes = "one\r\ntwo\n\nthree\r";
  Position at{100, 7, {}};
  const auto one = take_line(bytes, at);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->text, "one");
  EXPECT_EQ(one->number, 8);
  EXPECT_EQ(one->next, (Position{105, 8, {}}));
  EXPECT_EQ(one->rest, "two\n\nthree\r");
  EXPECT_EQ(take_line(bytes, at)->text, "two");
  EXPECT_EQ(take_line(bytes, at)->text, "");
  EXPECT_FALSE(take_line(bytes, at));
  EXPECT_EQ(at, (Position{110, 10, {}}));
}

TEST(TextLines, FieldsAreSplitWithoutTrimming) {
  std::vector<std::string_view> fields{"old"};
  split_fields("a,, b,", ',', fields);
  EXPECT_EQ(fields, (std::vector<std::string_view>{"a", "", " b", ""}));
  split_fields("", ',', fields);
  EXPECT_EQ(fields, std::vector<std::string_view>{""});
}

TEST(TextLines, DecimalCommaIsReadWhereNoDotCanBeMeant) {
  EXPECT_EQ(field_number("1,5", true), 1.5);
  EXPECT_EQ(field_number("1.5", true), 1.5);
  EXPECT_EQ(field_number("1,5", false), std::nullopt);
  EXPECT_EQ(field_number("1.234,5", true), std::nullopt);
}

TEST(TextLines, WithoutAnEndAreSkippedOnceTheyCannotBeALine) {
  const std::string flood(3 * kLargestRecordBytes, 'x');
  const std::string good = "28-06-26,00:00:02,1\n";
  const FileContext context = context_of("Flowmeter 26-06-28.log");
  EXPECT_EQ(read_log("bluefors", context, flood.substr(0, kLargestRecordBytes - 1)).end.offset, 0);
  for (const char filler : {'x', '\0', '\r', ','}) {
    const std::string bytes = good + std::string(3 * kLargestRecordBytes, filler) + good + good;
    const ReadLog log = read_log("bluefors", context, bytes);
    EXPECT_EQ(log.rows.size(), 2) << "the line that the flood runs into is none";
    EXPECT_GE(log.count(Remark::Kind::kBadRecord), 1);
    EXPECT_EQ(log.end.offset, bytes.size());
    for (const Remark& remark : log.remarks) EXPECT_LT(remark.text.size(), 300);
  }
}

TEST(TextLines, RemarksOfOneReadAreBounded) {
  std::string bad;
  for (int i = 0; i < 5000; ++i) bad += "bad\n";
  const Format* format = find_format("bluefors");
  const FileContext context = context_of("Flowmeter 26-06-28.log");
  const Opened opened = format->open(context, bad);
  RowBatch batch;
  batch.reset(opened.reader->channels());
  const Position next = opened.reader->read(bad, {}, batch);
  EXPECT_EQ(batch.remarks.size(), kMostRemarksPerRead);
  EXPECT_EQ(next.offset, 4 * kMostRemarksPerRead);
  EXPECT_EQ(read_log("bluefors", context, bad).count(Remark::Kind::kBadRecord), 5000);
}

TEST(TextLines, ExcerptsAreUtf8) {
  const ReadLog log = read_log("bluefors", context_of("Errors 26-06-28.log"),
                               "28-06-26,00:00:02,\xB5V \xFF\n\xB5\n");
  ASSERT_EQ(log.remarks.size(), 2);
  EXPECT_EQ(log.remarks[0].text, "µV ÿ");
  EXPECT_EQ(log.remarks[1].text, "expected \"DD-MM-YY,HH:MM:SS,error\": \"µ\"");
}

}  // namespace
}  // namespace coldwatch
